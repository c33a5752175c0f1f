import { isKnown, valueOf } from '../../core/known.js';
import { duration, plural } from '../../core/units.js';
import type { GroupView, Snapshot, Trend } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { growth, perSecond, statement } from '../evidence.js';
import type { Advice, Evidence, Finding, RemedyHint } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow, ofGroup } from '../subject.js';
import { describeMembers } from './kafka-command.js';
import { lookedAtClosely } from './close-look.js';
import { cooperative, moreMembers, moreShareMembers, pollInterval } from './client-advice.js';
import {
  ageText,
  arrivalAt,
  behindBecause,
  hasNobody,
  isBehind,
  lagNow,
  patience,
  rose,
  secondsBehind,
  tooEarlyFor,
  withoutLag,
} from './group-facts.js';

const description: Description = {
  what: 'Does a group fall behind, or is it catching up?',
  formula: `
gate            lag ≥ 1,000, and 10 s behind: the age of the first unread record, else lag ÷ arrival
falling behind  growth of lag ÷ arrival ≥ 3 % by Theil and Sen over max(15 min, 10 × time between commits), of which 5 min
                must have been seen; rising by Mann and Kendall (z > 2.33); and over the last 5 min, too;
                and lag never 2 a partition or less, over 5 min and ten commits
critical        the first unread record waits for 5 min
draining        30 s behind, and at the pace of the last minute gone in 5 min or later: said for information

Burrow's WARN is a lag that never fell over ten commits and was never allowed. Polling does not see each commit, so that the
trend stands for "never fell"; it also needs a share of arrival, since queues drift by chance.`,
  thresholds: [
    'volume-lag',
    'time-lag',
    'rising',
    'allowed-lag',
    'commit-stop',
    'commit-periods',
    'late',
    'behind',
    'burst-clears',
  ],
  needs: [
    { fact: 'committed', without: 'blind' },
    { fact: 'offsets', without: 'blind' },
    { fact: 'described', without: 'less-sure' },
  ],
  traps: [
    'Lag is a sawtooth of the commits: arrival × time between them. Connect’s sinks commit once a minute.',
    'A burst grows and is worked off: it is neither a trend of five minutes nor a backlog of five.',
    'Offsets of a compacted or transactional topic count more than its records: lag in records is lower.',
    'A share group deals records and not partitions, so that more members help also where there are fewer partitions. Its lag is what its coordinator counts, or from above where an older broker does not.',
    'A new group that begins at the start of a topic has a huge lag that shrinks: draining.',
  ],
  wrongIf: [
    'the arrival is a peak of the day that ends by itself',
    'the group is throttled by a quota on purpose',
  ],
  remedies: [
    'more members, up to the number of partitions; beyond it, less work per record',
    'of a sink connector: more tasks, which are its members',
  ],
};

/** Half of the growth that is asked for, by two samples: of what grows less, no trend needs to be reckoned. */
const screening = { window: 300_000, share: 0.5 } as const;
/** A trend that was found is over when growth is below this share of arrival. */
const clearEffect = 0.01;

export const groupLag: Rule = {
  id: 'group-lag',
  fireAfter: 30_000,
  keep: 600_000,
  description,
  judge(snapshot, limits) {
    const closely = lookedAtClosely(snapshot, group => mayRise(group, snapshot, limits));
    return snapshot.groups.flatMap(group => judgeGroup(group, closely, snapshot, limits));
  },
};

/** Whether a trend must be reckoned: it is late, and has not shrunk. */
function mayRise(group: GroupView, { at }: Snapshot, limits: Limits): boolean {
  if (!isBehind(group, limits)) return false;
  const least = screening.share * limits.value('rising') * (arrivalAt(group) ?? 0);
  return !(rose(group, screening.window, at) < (least * screening.window) / 1000);
}

function judgeGroup(
  group: GroupView,
  closely: ReadonlySet<GroupView>,
  snapshot: Snapshot,
  limits: Limits,
): readonly Judgement[] {
  const subject = ofGroup(group);
  if (!isKnown(group.lag)) return withoutLag(group);
  const behind = secondsBehind(group);
  if (behind === undefined || !isBehind(group, limits)) return [{ subject }];
  if (hasNobody(group) && valueOf(group.consume) === 0) return [{ subject }];
  const gate = behindBecause(group, limits);
  if (mayRise(group, snapshot, limits)) {
    if (!closely.has(group)) return [];
    const trend = group.lagTrend;
    if (!isKnown(trend)) return [{ subject, unjudged: trend.unknown }];
    if (arrivalAt(group) === undefined) return [{ subject, unjudged: tooEarlyFor(group, 'consumption') }];
    const judged = fallingBehind(group, trend.value, gate, snapshot, limits);
    if (judged !== undefined) return [judged];
  }
  return [draining(group, behind, gate, snapshot, limits) ?? { subject }];
}

function fallingBehind(
  group: GroupView,
  trend: Trend,
  gate: readonly Evidence[],
  snapshot: Snapshot,
  limits: Limits,
): Judgement | undefined {
  const { at } = snapshot;
  const effect = limits.compare('growth of lag ÷ arrival', trend.effect, '≥', 'rising', {
    window: Math.round(trend.over / 1000),
    samples: trend.samples,
  });
  const lags = group.lagSeries.since(at - patience(group, limits), at).values;
  const least = Math.min(...lags);
  const allowed = limits.value('allowed-lag') * group.partitionCount;
  const always = lags.length > 0 && least > allowed;
  const rising = trend.rising && effect.holds === true && always;
  if (!rising && !(trend.effect > clearEffect && trend.slope > 0 && always)) return undefined;
  const waited = valueOf(group.timeLag);
  const late = limits.compare('age of the first unread record', waited && waited.ms / 1000, '≥', 'late');
  const { why, cures } = limitOf(group);
  const members = valueOf(group.assignment)?.members;
  const finding: Finding = {
    rule: groupLag.id,
    subject: ofGroup(group),
    verdict: 'falling-behind',
    severity: late.holds === true ? 'critical' : 'warning',
    sentence: `consumes ${perSecond(group.consume)} of ${perSecond(arrivalAt(group))} that arrive${why}`,
    consequence: `${lagNow(group)}${waited === undefined ? '' : `, ${ageText(waited.ms, waited.bound)} behind`}`,
    ...weigh(0.6, [
      { what: 'trend over 15m', holds: trend.over >= 840_000, by: 0.2 },
      { what: 'age of the first unread record', holds: waited === undefined ? 'unknown' : true, by: 0.1 },
      { what: 'members and what they own', holds: members === undefined ? 'unknown' : true, by: 0.05 },
    ]),
    evidence: [
      ...gate,
      effect,
      statement(
        'z of Mann and Kendall',
        trend.z.toFixed(1),
        '> 2.33',
        'one in a hundred by chance',
        trend.z > 2.33,
      ),
      statement('growth over the last 5m', growth(trend.recent), '> 0/s', 'it goes on', trend.recent > 0),
      statement('least lag over ten commits', String(least), `> ${allowed}`, 'Burrow: WARN', always, {
        measured: least,
        limit: allowed,
        unit: 'records',
      }),
      late,
    ],
    unchecked: ['what the members do with a record, and how long: only their own metrics tell'],
    falsifier: 'the arrival is a peak that ends by itself, or a quota holds the group back on purpose',
    remedies: moreTasks(group, cures, snapshot),
    byHand: describeMembers(group, snapshot),
    advice: adviceOf(group, members ?? 0, cures),
  };
  return { subject: ofGroup(group), finding, ...(!rising && { keepsOnly: true }) };
}

function adviceOf(
  { group, type, partitionCount }: GroupView,
  members: number,
  cures: boolean,
): readonly Advice[] {
  if (!cures) return [pollInterval(group)];
  if (type === 'share') return [moreShareMembers(group, members, partitionCount)];
  return [moreMembers(group, members, partitionCount), cooperative(group)];
}

/** The members of `connect-<name>` are the tasks of the sink connector of that name. */
function moreTasks(group: GroupView, cures: boolean, { flows }: Snapshot): readonly RemedyHint[] {
  const sinks = flows.filter(f => f.kind === 'sink' && `connect-${f.connector}` === group.group);
  const note = cures
    ? `up to ${group.partitionCount} tasks can share its partitions`
    : 'every partition has its own task already: more of them stay idle';
  return sinks.map(flow => ({ action: 'tasks-max', cures, note, target: ofFlow(flow) }));
}

/** Whether more members would help, and how to say so. */
function limitOf(group: GroupView): { readonly why: string; readonly cures: boolean } {
  const assigned = valueOf(group.assignment);
  if (assigned === undefined || assigned.members === 0) return { why: '', cures: false };
  const { members } = assigned;
  const { partitionCount, type } = group;
  if (type === 'share')
    return {
      why: `: ${plural(partitionCount, 'partition')} shared by ${plural(members, 'member')}`,
      cures: true,
    };
  return members < partitionCount
    ? { why: `: ${plural(members, 'member')} for ${partitionCount} partitions`, cures: true }
    : { why: ', and every partition has its own member already', cures: false };
}

function draining(
  group: GroupView,
  behind: number | undefined,
  gate: readonly Evidence[],
  snapshot: Snapshot,
  limits: Limits,
): Judgement | undefined {
  const drain = valueOf(group.drain);
  const far = limits.compare('behind', behind, '≥', 'behind');
  const long = limits.compare(
    'time to drain',
    drain === undefined ? undefined : drain / 1000,
    '≥',
    'burst-clears',
  );
  if (drain === undefined || far.holds !== true || long.holds !== true) return undefined;
  const finding: Finding = {
    rule: groupLag.id,
    subject: ofGroup(group),
    verdict: 'draining',
    severity: 'info',
    sentence: `catches up, and has read everything in ${duration(drain)} at this pace`,
    consequence: lagNow(group),
    ...weigh(0.7, [{ what: 'consumption', holds: isKnown(group.consume) ? true : 'unknown', by: 0.1 }]),
    evidence: [...gate, far, long],
    unchecked: [],
    falsifier: 'arrival rises, or consumption falls: the pace is that of the last minute',
    remedies: [],
    byHand: describeMembers(group, snapshot),
    advice: [],
  };
  return { subject: ofGroup(group), finding, fireAfter: 60_000 };
}
