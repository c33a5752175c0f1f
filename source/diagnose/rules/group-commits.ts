import { failure } from '../../core/failure.js';
import { isKnown, valueOf } from '../../core/known.js';
import type { GroupView, Snapshot } from '../../model/snapshot.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofGroup } from '../subject.js';
import { lookedAtClosely } from './close-look.js';
import { hasNobody, isRebalancing, patience, tooEarlyFor, withoutLag } from './group-facts.js';
import { standsStill } from './group-still.js';
import { isStopped } from './group-stopped.js';

const description: Description = {
  what: 'Does a group still commit: stopped, stalled, or reading without committing?',
  formula: `
lag > 2 a partition, records arrive, and nothing moves the commit

stopped        Empty or Dead, consumption 0, lag grows: after 60 s from 10 records/s or 1,000 records on, in any
               case once the first unread record waits for T = max(5 min, 10 × time between commits)
stalled        Stable, and in partitions with an owner the first unread record and the commit are older than T,
               and the last rebalance, too
not-committing stalled everywhere for 10 min without a rebalance: members that do not poll within
               max.poll.interval.ms (5 min) would have been removed, so they poll
unowned        Stable, the same in partitions that no member owns, of a topic in which others are owned
unsubscribed   the same of a topic in which none is owned: the group reads it no longer
share groups   the start offset of a share partition is its commit; and of what lies behind it at least half is not acknowledged

This is Burrow's STOP (no commit for longer than its window, and no log end in it that the commit had reached: the age
of the first unread record) and STALL (commits that do not move). The protocol shows values and not commits, so
that members tell the two apart and not the time of commits.`,
  thresholds: [
    'allowed-lag',
    'commit-stop',
    'commit-periods',
    'no-commit',
    'left-alone',
    'volume-rate',
    'volume-lag',
  ],
  needs: [
    { fact: 'committed', without: 'blind' },
    { fact: 'offsets', without: 'blind' },
    { fact: 'described', without: 'blind' },
  ],
  traps: [
    'A topic in which nothing arrives is idle, and nobody who reads it has stopped.',
    'A consumer that assigns its partitions itself commits without being a member: its group is Empty and its commits move.',
    'A batch job leaves an Empty group between its runs. One that had read everything at the end of two runs is left alone until half a period after the next is due.',
    'Of a transactional topic whoever commits by hand stands at lag 1 for ever: the markers of transactions take offsets.',
    'A group that rebalances commits nothing: that is another finding.',
    'A share group commits no offsets: its start offset stands for the commit, and one record that a member holds keeps it where it is while those behind it are acknowledged. So it stands still only where at least half of what lies behind it waits, as its coordinator counts. Measured: a share consumer of 4.3.1 whose source began to write transactions waited in poll for an hour, a member all the time, and got nothing.',
    'A partition in which something arrives once an hour has an old commit and a young record.',
  ],
  wrongIf: [
    'stopped: it is a batch job whose earlier runs were not seen',
    'stalled: the owner works on one batch for longer than it takes to say so, or was paused on purpose',
    'unowned: the group reads these partitions by another way than as a member',
  ],
  remedies: ['start the consumers', 'put aside the record that fails, or restart the member that hangs'],
};

export const groupCommits: Rule = {
  id: 'group-commits',
  fireAfter: 10_000,
  keep: 60_000,
  description,
  judge(snapshot, limits) {
    const closely = lookedAtClosely(snapshot, group => mayStand(group, limits));
    return snapshot.groups.flatMap(group => judgeGroup(group, closely, snapshot, limits));
  },
};

/** Whether anything in it can be so old that its partitions must be looked at. */
function mayStand(group: GroupView, limits: Limits): boolean {
  const waited = valueOf(group.timeLag)?.ms ?? 0;
  if (group.mostLag <= limits.value('allowed-lag')) return false;
  return hasNobody(group) || (waited >= limits.millis('commit-stop') && waited >= patience(group, limits));
}

function judgeGroup(
  group: GroupView,
  closely: ReadonlySet<GroupView>,
  snapshot: Snapshot,
  limits: Limits,
): readonly Judgement[] {
  const subject = ofGroup(group);
  if (!isKnown(group.lag) || !isKnown(group.state)) return withoutLag(group);
  if (group.mostLag <= limits.value('allowed-lag')) return [{ subject }];
  if (isRebalancing(group))
    return [{ subject, unjudged: failure('busy', `commits of ${group.group}`, 'it rebalances') }];
  if (!isKnown(group.timeLag) && !hasNobody(group))
    return [{ subject, unjudged: tooEarlyFor(group, 'time lag') }];
  if (!mayStand(group, limits)) return [{ subject }];
  if (!closely.has(group)) return [];
  return [
    hasNobody(group)
      ? isStopped(group, snapshot, limits)
      : standsStill(group, patience(group, limits), snapshot, limits),
  ];
}
