import { isKnown, valueOf } from '../../core/known.js';
import { count } from '../../core/units.js';
import type { FlowView } from '../../model/snapshot.js';
import { refusal } from '../action.js';
import { stateDraft } from '../changes/lifecycle.js';
import type { ConnectorAction, ConnectorInput } from '../connector-action.js';
import { writeEffect } from '../effect.js';
import { lifecycleElsewhere } from '../elsewhere.js';
import { repeats } from '../repeats.js';
import { atLeast } from '../version.js';

export const pauseConnector: ConnectorAction = {
  id: 'pause',
  title: 'Pause the connector',
  about: {
    changes:
      'the state of the connector and its tasks, RUNNING → PAUSED; they keep their memory and connections',
    risk: 'medium: nothing is written until it is resumed, and lag grows by all that arrives',
    undo: 'resume',
    byHand: '`curl -X PUT …/connectors/NAME/pause`',
  },
  disabled: flow => unless(flow, 'RUNNING'),
  plan: input =>
    stateDraft(
      input,
      {
        action: pauseConnector.id,
        title: `Pause ${input.target.connector} on ${input.target.connect}`,
        why: 'by hand: to take load from the source or the target',
        ...standstill(input),
        repeats: '',
      },
      'PAUSED',
    ),
  elsewhere: (owner, flow) => lifecycleElsewhere(owner, flow, { state: 'paused' }),
};

export const resumeConnector: ConnectorAction = {
  id: 'resume',
  title: 'Resume the connector',
  about: {
    changes: 'the state of the connector and its tasks, PAUSED or STOPPED → RUNNING',
    risk: 'low: it reads from where it was',
    undo: 'pause or stop, as it was before',
    byHand: '`curl -X PUT …/connectors/NAME/resume`',
  },
  disabled: flow => unless(flow, 'PAUSED', 'STOPPED'),
  plan: input => {
    const { target, flow, status } = input;
    const lag = valueOf(flow.lag);
    return stateDraft(
      input,
      {
        action: resumeConnector.id,
        title: `Resume ${target.connector} on ${target.connect}`,
        why: `it is ${status.state}`,
        cure: { verdict: 'cures', reason: '' },
        expect: [
          lag === undefined
            ? 'how much it has to catch up is not known'
            : `it has ${count(lag.high)} records to catch up`,
        ],
        repeats: '',
        risk: { level: 'low', text: 'it reads from where it was; the target takes the backlog at once' },
        effect: writeEffect(target, 'more than 0'),
      },
      'RUNNING',
    );
  },
  elsewhere: (owner, flow) => lifecycleElsewhere(owner, flow, { state: 'running' }),
};

export const stopConnector: ConnectorAction = {
  id: 'stop',
  title: 'Stop the connector: its tasks end',
  about: {
    changes:
      'the state of the connector, RUNNING or PAUSED → STOPPED; its tasks end, configuration and offsets stay',
    risk: 'medium: nothing is written until it is resumed, and lag grows by all that arrives',
    undo: 'resume or pause, as it was before',
    byHand: '`curl -X PUT …/connectors/NAME/stop` (Connect 3.5 or later)',
  },
  disabled: flow => unless(flow, 'RUNNING', 'PAUSED'),
  plan: input => {
    const { target, flow, version, at } = input;
    if (!atLeast(version, 3, 5))
      return refusal(stopConnector.id, target, `Connect ${version} can not stop a connector (3.5 can)`, [
        'pause it: its tasks stay, and do nothing',
      ]);
    return stateDraft(
      input,
      {
        action: stopConnector.id,
        title: `Stop ${target.connector} on ${target.connect}`,
        why: 'by hand: to end its tasks and keep its configuration and offsets',
        ...standstill(input),
        repeats: repeats(flow, at),
      },
      'STOPPED',
    );
  },
  elsewhere: (owner, flow) => lifecycleElsewhere(owner, flow, { state: 'stopped' }),
};

/** What follows where nothing is written any more. */
function standstill({
  target,
  flow,
}: ConnectorInput): Pick<Parameters<typeof stateDraft>[1], 'cure' | 'expect' | 'risk' | 'effect'> {
  const arrival = valueOf(flow.arrival.now);
  const grows = arrival === undefined ? 'by all that arrives' : `by the ${count(arrival)}/s that arrive`;
  return {
    cure: { verdict: 'will-not-cure', reason: `lag grows ${grows} until it is resumed` },
    expect: ['write/s goes to 0', `lag grows ${grows}`],
    risk: { level: 'medium', text: 'what retention removes at the source meanwhile is lost to the target' },
    effect: writeEffect(target, '0'),
  };
}

function unless(flow: FlowView, ...states: readonly string[]): string | undefined {
  if (!isKnown(flow.state)) return 'the state of the connector is not known';
  return states.includes(flow.state.value) ? undefined : `the connector is ${flow.state.value}`;
}
