import { isKnown, valueOf } from '../../core/known.js';
import { count, plural } from '../../core/units.js';
import type { GroupView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofGroup } from '../subject.js';
import { describeMembers } from './kafka-command.js';
import { roundRobin } from './client-advice.js';
import { lookedAtClosely } from './close-look.js';
import { behindBecause, commitsOffsets, isBehind, isRebalancing } from './group-facts.js';
import { whereLagLies } from './group-skew-verdicts.js';

const description: Description = {
  what: 'Does the lag of a group lie on one partition, one member, or one broker?',
  formula: `
gate            lag ≥ 1,000, and 10 s behind
share           of the group's lag in one partition (of 3 or more), of one owner, of one leader: ≥ 50 %,
                and ≥ 1.5 × an even share; the first of these that holds is told

hot-partition   one partition, at which ≥ 1.5 × an even share of the arrival comes in
slow-partition  one partition, with no more arrival than the others
slow-leader     one broker, two partitions and two owners at least, at which no more comes in
uneven          one member, at which ≥ 1.5 × an even share of the arrival comes in: it owns more
slow-member     one member, with no more arrival than the others, of which it consumes < 80 %

info            unless the lag there grows (arrival exceeds consumption by 3 %, and lag is no lower than 5 min ago), or
                the host of the leader is at 85 % of its CPU; a slow member is a warning by itself
critical        80 % of the lag there, it grows, and the first unread record waits for 5 min

Without lag only numbers of partitions are looked at: idle-members own none, uneven differ by 2 or more. For information.`,
  thresholds: [
    'volume-lag',
    'time-lag',
    'lag-share',
    'lag-share-critical',
    'lag-excess',
    'arrival-excess',
    'consume-slow',
    'rising',
    'late',
    'broker-cpu',
  ],
  needs: [
    { fact: 'committed', without: 'blind' },
    { fact: 'offsets', without: 'blind' },
    { fact: 'described', without: 'less-sure' },
    { fact: 'node-cpu', without: 'less-sure' },
  ],
  traps: [
    'mean + 2 σ can never be exceeded by one of five: shares and even shares are compared.',
    'Half of the lag in one of two partitions is nothing.',
    'Right after a rebalance the lag of a member is what its partitions brought along.',
    'More members than partitions are idle by arithmetic; some are kept so on purpose.',
  ],
  wrongIf: [
    'hot-partition: a burst that goes to another partition the next time (a key that is a time)',
    'slow-member: it owns other partitions than a moment ago',
  ],
  remedies: ['spread the keys of the producers', 'another assignor', 'restart or replace the slow member'],
};

export const groupSkew: Rule = {
  id: 'group-skew',
  fireAfter: 120_000,
  keep: 300_000,
  description,
  judge(snapshot, limits) {
    const closely = lookedAtClosely(snapshot, group => commitsOffsets(group) && isBehind(group, limits));
    return snapshot.groups.flatMap(group => judgeGroup(group, closely, snapshot, limits));
  },
};

function judgeGroup(
  group: GroupView,
  closely: ReadonlySet<GroupView>,
  snapshot: Snapshot,
  limits: Limits,
): readonly Judgement[] {
  const subject = ofGroup(group);
  if (!commitsOffsets(group)) return [];
  if (!isKnown(group.lag)) {
    const { kind } = group.lag.unknown;
    return kind === 'absent' || kind === 'unsupported' ? [] : [{ subject, unjudged: group.lag.unknown }];
  }
  if (isRebalancing(group)) return [];
  const isLate = isBehind(group, limits);
  if (isLate && !closely.has(group)) return [];
  const found = isLate ? whereLagLies(group, behindBecause(group, limits), snapshot, limits) : undefined;
  const finding = found ?? byNumbers(group, snapshot);
  return [finding === undefined ? { subject } : { subject, finding }];
}

/** What numbers of partitions alone tell. */
function byNumbers(group: GroupView, snapshot: Snapshot): Finding | undefined {
  const assigned = valueOf(group.assignment);
  if (assigned === undefined || assigned.members < 2 || assigned.partitions === 0) return undefined;
  const { members, idle, least, most, partitions } = assigned;
  const isUneven = idle === 0 && most - least >= 2;
  if (idle === 0 && !isUneven) return undefined;
  const spare = members > partitions;
  return {
    rule: 'group-skew',
    subject: ofGroup(group),
    verdict: idle > 0 ? 'idle-members' : 'uneven',
    severity: 'info',
    sentence:
      idle > 0
        ? `${plural(idle, 'member')} of ${members} own no partition${spare ? `: there are ${partitions}` : ''}`
        : `members own from ${least} to ${plural(most, 'partition')}`,
    consequence: idle > 0 ? 'they help only when another one leaves' : 'no lag yet',
    ...weigh(0.9, []),
    evidence: [
      statement('members', count(members), `≤ ${partitions}`, 'partitions that are owned', !spare, {
        measured: members,
        limit: partitions,
        unit: 'count',
      }),
      statement(
        'partitions of the members',
        `${least} … ${most}`,
        'differ by 1 at most',
        'Kafka assignors',
        most - least <= 1,
      ),
    ],
    unchecked: ['whether all members subscribe to the same topics'],
    falsifier: 'they are kept as a reserve, or subscribe to something else on purpose',
    remedies: [],
    byHand: describeMembers(group, snapshot),
    advice: spare ? [] : [roundRobin(group.group)],
  };
}
