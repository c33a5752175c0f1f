import type { Millis } from '../../core/clock.js';
import { isKnown, valueOf } from '../../core/known.js';
import { count, plural } from '../../core/units.js';
import type { GroupPartitionView, GroupView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Advice, Finding, Severity } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Judgement } from '../rule.js';
import { ofGroup } from '../subject.js';
import { describeMembers, tryReset } from './kafka-command.js';
import { acknowledge, commitByHand, pollInterval } from './client-advice.js';
import { ageText, lagNow, named, settledSince } from './group-facts.js';
import { listed } from './make.js';

/** Of a group with members whose first unread record is old: partitions in which the commit stands still, by who owns them. */
export function standsStill(group: GroupView, after: Millis, snapshot: Snapshot, limits: Limits): Judgement {
  const { at } = snapshot;
  const subject = ofGroup(group);
  const words = wordsOf(group);
  const still = group.partitions.filter(p => isStill(p, after, at, limits) && words.counts(p));
  const settled = settledSince(group);
  const owned = at - settled < after ? [] : still.filter(p => p.owner !== undefined);
  const ownersKnown = (valueOf(group.assignment)?.members ?? 0) > 0;
  const ownerless = ownersKnown ? still.filter(p => p.owner === undefined) : [];
  const subscribed = new Set(group.partitions.flatMap(p => (p.owner === undefined ? [] : p.topic)));
  const unowned = ownerless.filter(p => subscribed.has(p.topic));
  const finding =
    stalled(group, owned, settled, at, limits) ??
    without(group, unowned, 'unowned') ??
    without(group, ownerless, 'unsubscribed');
  if (finding === undefined)
    return isKnown(group.assignment) ? { subject } : { subject, unjudged: group.assignment.unknown };
  const { partitions, ...said } = finding;
  const { since, bound } = beginning(partitions, at);
  const lag = partitions.reduce((sum, p) => sum + (valueOf(p.lag) ?? 0), 0);
  const [first] = partitions;
  const whole: Finding = {
    rule: 'group-commits',
    subject,
    consequence: lagNow(group),
    evidence: [
      statement('state', valueOf(group.state) ?? '–', 'Stable', 'Kafka group state', true),
      statement(
        `partitions whose ${words.position} stands still`,
        `${partitions.length} of ${group.partitionCount}: ${named(partitions)}`,
        '≥ 1',
        'Burrow: STALL',
        true,
        { measured: partitions.length, limit: 1, unit: 'count' },
      ),
      limits.compare(`age of the oldest ${words.position} of them`, (at - since) / 1000, '≥', 'commit-stop'),
      limits.compare(
        'largest lag of them',
        Math.max(...partitions.map(p => valueOf(p.lag) ?? 0)),
        '>',
        'allowed-lag',
      ),
      statement('records that wait there', count(lag), '> 0', words.waiting, true),
    ],
    unchecked: [words.unchecked],
    remedies: [],
    byHand: [
      ...describeMembers(group, snapshot),
      ...(first === undefined ? [] : [tryReset(group, first.topic, snapshot)]),
    ],
    explains: ['group-lag', 'group-skew'].map(rule => ({ rule, subject: { kind: 'group', id: group.id } })),
    ...said,
  };
  const moving = partitions.some(p => (valueOf(p.arrival) ?? 0) > 0);
  return {
    subject,
    finding: whole,
    heldSince: { at: since, bound },
    ...(!moving && { keepsOnly: true }),
  };
}

type Said = Pick<Finding, 'verdict' | 'sentence' | 'falsifier' | 'confidence' | 'certainty' | 'raise'> & {
  readonly severity: Severity;
  readonly advice: readonly Advice[];
  readonly partitions: readonly GroupPartitionView[];
};

function stalled(
  group: GroupView,
  partitions: readonly GroupPartitionView[],
  settled: Millis,
  at: Millis,
  limits: Limits,
): Said | undefined {
  if (partitions.length === 0) return undefined;
  const { since, bound } = beginning(partitions, at);
  const everywhere = group.partitions.every(p => p.owner === undefined || partitions.includes(p));
  const polls = everywhere && at - latestMove(partitions, at) >= limits.millis('no-commit');
  const owners = [...new Set(partitions.flatMap(p => p.owner ?? []))];
  const undisturbed = settled < since;
  const age = ageText(at - since, bound);
  const where =
    partitions.length === 1
      ? named(partitions)
      : `${partitions.length} of ${group.partitionCount} partitions`;
  const quiet = undisturbed && polls;
  const words = wordsOf(group);
  return {
    verdict: quiet ? 'not-committing' : 'stalled',
    severity: 'critical',
    sentence: quiet
      ? `members ${words.do} nothing for ${age}: ${plural(owners.length, 'member')}, ${where}`
      : `${words.position} stands still for ${age} in ${where}, ${words.by} ${listed(owners)}`,
    ...weigh(0.6, [
      { what: 'no rebalance meanwhile', holds: undisturbed, by: 0.15 },
      { what: 'other partitions move on', holds: !everywhere, by: 0.1 },
      { what: 'so long that members which do not poll are removed', holds: quiet, by: 0.1 },
    ]),
    falsifier: words.falsifier(quiet),
    advice: words.advice(group, quiet),
    partitions,
  };
}

function without(
  group: GroupView,
  partitions: readonly GroupPartitionView[],
  verdict: 'unowned' | 'unsubscribed',
): Said | undefined {
  if (partitions.length === 0) return undefined;
  const members = plural(valueOf(group.assignment)?.members ?? 0, 'member');
  const topics = listed([...new Set(partitions.map(p => p.topic))]);
  return {
    verdict,
    severity: verdict === 'unowned' ? 'critical' : 'info',
    sentence:
      verdict === 'unowned'
        ? `no member owns ${named(partitions)}, while ${members} read the rest`
        : `${members} read, but none reads ${topics} any more`,
    ...weigh(verdict === 'unowned' ? 0.8 : 0.7, []),
    falsifier: 'these partitions are read by another way than as a member of the group',
    advice:
      verdict === 'unowned'
        ? [
            {
              where: `consumers of ${group.group}`,
              lines: ['metadata.max.age.ms=60000', '# the same subscription on every member'],
              why:
                'the leader of the group deals partitions that it knows: with metadata.max.age.ms (300000) it learns of new ones after five minutes, ' +
                'and members with different subscriptions leave gaps. Shorter costs one metadata request a minute and client.',
            },
          ]
        : [],
    partitions,
  };
}

function isStill(p: GroupPartitionView, after: Millis, at: Millis, limits: Limits): boolean {
  const [lag, waited, unmoved] = [valueOf(p.lag), valueOf(p.timeLag), valueOf(p.unmoved)];
  return (
    (lag ?? 0) > limits.value('allowed-lag') &&
    (waited?.ms ?? 0) >= after &&
    unmoved !== undefined &&
    at - unmoved.since >= after
  );
}

/** Of a share partition: one record that a member holds keeps the start where it is, while those behind it are acknowledged. */
function mostWaits({ lag, committed, end }: GroupPartitionView): boolean {
  const behind = (valueOf(end) ?? NaN) - (valueOf(committed) ?? NaN);
  return (valueOf(lag) ?? 0) >= behind / 2;
}

/** How a group tells what it has worked off, and how to speak of it. */
type Words = {
  readonly position: string;
  readonly do: string;
  readonly by: string;
  readonly waiting: string;
  readonly unchecked: string;
  readonly falsifier: (quiet: boolean) => string;
  readonly advice: (group: GroupView, quiet: boolean) => readonly Advice[];
  /** Whether a position that stands still means that records wait there. */
  readonly counts: (p: GroupPartitionView) => boolean;
};

const ofCommits: Words = {
  position: 'commit',
  do: 'poll and commit',
  by: 'owned by',
  waiting: 'log end − committed',
  unchecked: 'when the members last polled and whether their commits failed: only their own metrics tell',
  falsifier: quiet =>
    quiet
      ? 'max.poll.interval.ms of the members is longer than that: then they may hang'
      : 'the owner works on one batch for so long, or paused these partitions on purpose',
  advice: (group, quiet) => [commitByHand(group), ...(quiet ? [] : [pollInterval(group.group)])],
  counts: () => true,
};

const ofAcknowledgements: Words = {
  position: 'start offset',
  do: 'are there and acknowledge',
  by: 'read by',
  waiting: 'what is not acknowledged (KIP-932)',
  unchecked: 'whether the members get records, and what they do with them: only their own metrics tell',
  falsifier: () => 'the members renew the locks of what they work on for so long',
  advice: ({ group }) => [acknowledge(group)],
  counts: mostWaits,
};

function wordsOf({ type }: GroupView): Words {
  return type === 'share' ? ofAcknowledgements : ofCommits;
}

/** Since when the first of them has records waiting behind a commit that does not move. */
function beginning(
  partitions: readonly GroupPartitionView[],
  at: Millis,
): { readonly since: Millis; readonly bound: boolean } {
  let earliest = { since: at, bound: false };
  for (const { unmoved, timeLag } of partitions) {
    const [stood, waited] = [valueOf(unmoved), valueOf(timeLag)];
    if (stood === undefined || waited === undefined) continue;
    const since = Math.max(stood.since, at - waited.ms);
    const bound = stood.since >= at - waited.ms ? stood.bound : waited.bound;
    if (since < earliest.since) earliest = { since, bound };
  }
  return earliest;
}

function latestMove(partitions: readonly GroupPartitionView[], at: Millis): Millis {
  return Math.max(...partitions.map(p => valueOf(p.unmoved)?.since ?? at));
}
