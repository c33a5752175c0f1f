import { isKnown } from '../../core/known.js';
import { weigh } from '../confidence.js';
import { growth, perSecond, statement } from '../evidence.js';
import type { Question } from '../tree.js';
import { noRecords, overloaded } from './flow-capacity.js';
import { dropped } from './flow-dropped.js';
import { gateOf, type Base, type Facts } from './flow-facts.js';
import { quotaOf } from './flow-quota.js';
import { notRunning } from './flow-running.js';
import { starved, unreadable } from './flow-source.js';
import { heldBack } from './flow-target.js';
import { reply, targetWasChecked, told, type Verdict } from './flow-verdict.js';

/** The questions that need no rate. What does not run is another rule's finding, and the way ends there. */
export const beforeRates: readonly Question<Base, Verdict>[] = [
  { ...notRunning, leads: 'see flow-running: nothing else is judged' },
  unreadable,
];

/** The runbook's tree, in the order in which its branches can be told apart. */
export const byRates: readonly Question<Facts, Verdict>[] = [
  {
    id: 'behind',
    question: 'is it behind?',
    leads: 'lag rises, or stands and does not drain: why, ask the questions below',
    answer: f => {
      const gate = gateOf(f);
      const [, rising, timeLag] = gate.evidence;
      const text = [`lag ${growth(f.slope)} at ${perSecond(f.arrival)} of arrival`];
      if (rising && timeLag) text.push(told(['growth', rising], ['lag', timeLag]));
      return reply(gate.open, text.join('; '), gate.evidence);
    },
    below: [
      heldBack,
      noRecords,
      starved,
      dropped,
      overloaded,
      {
        id: 'unmeasured',
        question: 'is too little measured to tell?',
        leads: 'give kmon the metrics of the workers: `kmon doctor` says which are missing',
        answer: ({ flow, poll }) => {
          const told = poll !== undefined && targetWasChecked(flow);
          return reply(
            !told,
            told ? 'poll and the producers are measured' : 'poll or the producers are not measured',
          );
        },
        conclude: undetermined,
      },
    ],
  },
];

/** Lag rises, and what would tell why is not measured. */
function undetermined(f: Facts): Verdict {
  const { flow, write, arrival } = f;
  const quota = quotaOf(f, 'writes');
  return {
    verdict: 'undetermined',
    sentence: 'writes fall behind arrival; what limits them is not measured',
    ...weigh(0.2, [
      { what: 'poll rate', holds: isKnown(flow.poll.now) ? false : 'unknown', by: 0.2 },
      { what: 'records in flight', holds: isKnown(flow.inFlight) ? false : 'unknown', by: 0.2 },
      { what: 'producer buffer', holds: isKnown(flow.bufferUsed) ? false : 'unknown', by: 0.2 },
      { what: 'produce throttle time', holds: isKnown(flow.throttle) ? false : 'unknown', by: 0.2 },
    ]),
    evidence: [
      statement(
        'write against arrival',
        perSecond(write),
        `< ${perSecond(arrival)}`,
        'arrival, measured',
        write === undefined ? 'unknown' : write < arrival,
      ),
      // Whether it is the limit is not measured; that there is one, is.
      ...(quota.name === undefined ? [] : [quota.evidence]),
    ],
    falsifier: 'write/s reaches arrival',
    remedies: [
      {
        action: 'tasks-max',
        cures: false,
        note: 'without metrics it is not known whether tasks are the limit',
      },
    ],
  };
}
