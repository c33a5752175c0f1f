import type { Millis } from '../../core/clock.js';
import { valueOf } from '../../core/known.js';
import { count } from '../../core/units.js';
import type { GroupView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { growth, perSecond, statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Judgement } from '../rule.js';
import { ofGroup } from '../subject.js';
import { describeMembers } from './kafka-command.js';
import { staticMembers } from './client-advice.js';
import { ageText, arrivalAt, patience, rose, tooEarlyFor } from './group-facts.js';
import { nextRun } from './group-runs.js';

/** Of a group that has no members and some lag. */
export function isStopped(group: GroupView, snapshot: Snapshot, limits: Limits): Judgement {
  const { at } = snapshot;
  const subject = ofGroup(group);
  const consume = valueOf(group.consume);
  if (consume === undefined) return { subject, unjudged: tooEarlyFor(group, 'consumption') };
  if (consume > 0) return { subject };
  const due = nextRun(group);
  if (due !== undefined && at <= due) return { subject };
  const waited = valueOf(group.timeLag);
  const after = patience(group, limits);
  const old = waited !== undefined && waited.ms >= after;
  const lag = limits.compare('lag', valueOf(group.lag), '≥', 'volume-lag');
  const arrival = limits.compare('arrival', arrivalAt(group), '≥', 'volume-rate');
  const arrives = (valueOf(group.lagSlope) ?? 0) > 0;
  if (!old && (!arrives || (lag.holds !== true && arrival.holds !== true))) return { subject };
  const grows = arrives || rose(group, after, at) > 0;
  const { alive, leftAt } = whenAlive(group);
  const finding: Finding = {
    rule: 'group-commits',
    subject,
    verdict: 'stopped',
    severity: alive ? (old ? 'critical' : 'warning') : 'info',
    sentence: sentenceOf(leftAt, due, at),
    consequence: `lag ${count(valueOf(group.lag))}, ${growth(valueOf(group.lagSlope) ?? 0)}`,
    ...weigh(0.6, [
      { what: 'members seen at work', holds: alive, by: 0.3 },
      { what: 'age of the first unread record', holds: waited === undefined ? 'unknown' : old, by: 0.1 },
      { what: 'rhythm of a batch job', holds: due !== undefined, by: -0.2 },
    ]),
    evidence: [
      statement('state', valueOf(group.state) ?? '–', 'Empty or Dead', 'Kafka group state', true),
      limits.compare('largest lag of a partition', group.mostLag, '>', 'allowed-lag'),
      limits.compare('age of the first unread record', seconds(waited?.ms), '≥', 'commit-stop'),
      statement('consumption', perSecond(consume), '0/s', 'a group that does nothing', true),
      lag,
      arrival,
    ],
    unchecked: alive ? [] : ['whether it ever runs: kmon saw neither a member nor a commit that moved'],
    falsifier: 'it is a batch job between two runs, or its topics are read without it on purpose',
    remedies: [],
    byHand: describeMembers(group, snapshot),
    advice: alive && group.type !== 'share' ? [staticMembers(group.group)] : [],
    explains: ['group-lag', 'group-skew'].map(rule => ({ rule, subject: { kind: 'group', id: group.id } })),
  };
  const began = leftAt ?? (waited === undefined ? undefined : at - waited.ms);
  return {
    subject,
    finding,
    fireAfter: limits.millis('left-alone'),
    ...(!grows && { keepsOnly: true }),
    ...(began !== undefined && {
      heldSince: { at: began, bound: leftAt === undefined && waited?.bound === true },
    }),
  };
}

/** Whether kmon saw it at work, and when its last member left. Simple consumers have no members, but commits that moved. */
function whenAlive(group: GroupView): { readonly alive: boolean; readonly leftAt?: Millis } {
  const gone = group.rebalances.recent.filter(e => e.left.length > 0);
  const leftAt = gone[gone.length - 1]?.at;
  if (leftAt !== undefined) return { alive: true, leftAt };
  return { alive: group.partitions.some(({ unmoved }) => valueOf(unmoved)?.bound === false) };
}

function sentenceOf(leftAt: Millis | undefined, due: Millis | undefined, at: Millis): string {
  if (due !== undefined) return 'its next run is overdue: no member came, and records arrive';
  const when = leftAt === undefined ? '' : `, the last left ${ageText(at - leftAt, false)} ago`;
  return `stopped: no members${when}, and records arrive`;
}

function seconds(ms: Millis | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
