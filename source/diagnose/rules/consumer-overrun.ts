import { isKnown, valueOf } from '../../core/known.js';
import { count, plural } from '../../core/units.js';
import type { GroupPartitionView, GroupView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofCluster, ofGroup, ofTopic } from '../subject.js';
import { commitAfterWork } from './durable-advice.js';
import { hasNobody } from './group-facts.js';
import { describeGroup, keepLonger } from './kafka-command.js';
import { isNews, listed, made } from './make.js';

const description: Description = {
  what: 'Did retention remove records before a group had read them?',
  formula: `
C  committed offset        S  first offset of the log

lost      C < S: S − C offsets of the partition are gone before they were read; and what was counted so in the last minutes
critical  a member owns such a partition: said at once
warning   it happened while kmon looked, and the group has no members: it is lost when they return
info      the group has no members and nobody saw it happen (one finding a cluster), or no member owns the partitions`,
  thresholds: ['event-shown'],
  needs: [
    { fact: 'committed', without: 'blind' },
    { fact: 'offsets', without: 'blind' },
    { fact: 'topic-configs', without: 'less-sure' },
    { fact: 'described', without: 'less-sure' },
  ],
  traps: [
    'A topic that is cleaned by compaction alone loses nothing by it: what is gone was written anew under its key.',
    'The count is exact in offsets; aborted records and the markers of transactions have offsets, too, so that it is an upper bound of records.',
    'kafka-delete-records moves the log start as retention does.',
    'Whether a group that commits before it processes loses records at a crash cannot be seen from its offsets: the advice holds for all.',
  ],
  wrongIf: [
    'the records were deleted on purpose (kafka-delete-records), or the group reads by another way than its commits say',
  ],
  remedies: ['raise retention first, then look for what makes the group slow'],
};

export const consumerOverrun: Rule = {
  id: 'consumer-overrun',
  fireAfter: 0,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => [
    ...snapshot.groups.flatMap(group => judgeGroup(group, snapshot, limits) ?? []),
    ...snapshot.clusters.map(({ name }) => abandoned(name, snapshot, limits)),
  ],
};

function judgeGroup(group: GroupView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  const subject = ofGroup(group);
  const happened = hasHappened(group, snapshot, limits);
  const isLost = (valueOf(group.lost) ?? 0) > 0;
  if (!happened && !isLost) {
    if (isKnown(group.lag) && !isKnown(group.lost)) return { subject, unjudged: group.lost.unknown };
    return isKnown(group.lag) ? { subject } : undefined;
  }
  if (!happened && hasNobody(group)) return { subject };
  const rows = group.partitions
    .map(partition => ({ partition, records: recordsOf(partition, snapshot, limits) }))
    .filter(({ records }) => records > 0)
    .sort((a, b) => b.records - a.records);
  const worst = rows[0]?.partition;
  if (worst === undefined) return { subject };
  const records = rows.reduce((sum, row) => sum + row.records, 0);
  return { subject, finding: findingOf(group, rows, worst, records, snapshot) };
}

type Row = { readonly partition: GroupPartitionView; readonly records: number };

/** What is missing now, or was counted of late: whichever is more. */
function recordsOf({ lost, events }: GroupPartitionView, { at }: Snapshot, limits: Limits): number {
  const counted = events
    .filter(e => e.kind === 'overrun' && isNews(e.at, at, limits))
    .reduce((sum, e) => sum + e.records, 0);
  return Math.max(valueOf(lost) ?? 0, counted);
}

function findingOf(
  group: GroupView,
  rows: readonly Row[],
  worst: GroupPartitionView,
  records: number,
  snapshot: Snapshot,
): Finding {
  const empty = hasNobody(group);
  const owned = rows.some(({ partition }) => partition.owner !== undefined);
  const topic = snapshot.topics.find(t => t.id === `${group.cluster}/${worst.topic}`);
  const config = topic && valueOf(topic.config);
  const where = `${worst.topic}/${worst.partition}`;
  return made(consumerOverrun.id, ofGroup(group), {
    severity: empty ? 'warning' : owned || !isKnown(group.members) ? 'critical' : 'info',
    verdict: owned || empty ? 'records-lost' : 'records-gone',
    sentence: `retention removed ${count(records)} records before they were read, in ${plural(rows.length, 'partition')}: most in ${where}`,
    consequence: empty
      ? 'lost when its consumers return'
      : owned
        ? `${count(records)} records lost to it`
        : 'no member owns these partitions',
    ...weigh(0.75, [
      { what: 'cleanup.policy of its topics', holds: config === undefined ? 'unknown' : true, by: 0.15 },
      { what: 'owners of the partitions', holds: isKnown(group.members) ? owned : 'unknown', by: 0.1 },
    ]),
    evidence: rows
      .slice(0, 5)
      .map(({ partition: p, records: n }) =>
        statement(
          `committed offset of ${p.topic}/${p.partition}`,
          String(valueOf(p.committed) ?? '–'),
          `≥ log start ${valueOf(p.start) ?? '–'}`,
          `Kafka’s log start; ${n} offsets lost`,
          true,
          { measured: n, limit: 0, unit: 'records' },
        ),
      ),
    unchecked: config === undefined ? ['cleanup.policy: a compacted topic loses nothing by it'] : [],
    remedies: [
      {
        action: 'lengthen-retention',
        cures: false,
        note: 'what is gone stays gone: it keeps what has not been read yet',
        target: ofTopic(group.cluster, worst.topic),
      },
    ],
    falsifier: 'someone deleted the records on purpose, or the group does not go by its commits',
    byHand: [describeGroup(group, snapshot), ...keepLonger(group.cluster, worst.topic, snapshot)],
    advice: [
      {
        where: `topic ${worst.topic}`,
        lines: [`retention.ms=${longer(config?.values['retention.ms'])}`, 'retention.bytes=-1'],
        why: `before anything else: it outlasts a longer stop of ${group.group}, and takes so much more disk (now retention.ms=${config?.values['retention.ms'] ?? '–'}, retention.bytes=${config?.values['retention.bytes'] ?? '–'})`,
      },
      commitAfterWork(group.group),
    ],
    explains: [
      { rule: 'commit-jump', subject: { kind: 'group', id: group.id } },
      { rule: 'offsets-expired', subject: { kind: 'group', id: group.id } },
      { rule: 'retention-risk', subject: { kind: 'group', id: group.id } },
    ],
  });
}

/** Twice what it is; a week where that is not known. */
function longer(ms: string | undefined): number {
  const now = Number(ms);
  return now > 0 ? now * 2 : 604_800_000;
}

/** Groups that nobody uses any more are one line a cluster, not one each. */
function abandoned(cluster: string, snapshot: Snapshot, limits: Limits): Judgement {
  const { groups } = snapshot;
  const subject = ofCluster(cluster);
  const old = groups.filter(
    g =>
      g.cluster === cluster &&
      hasNobody(g) &&
      (valueOf(g.lost) ?? 0) > 0 &&
      !hasHappened(g, snapshot, limits),
  );
  if (old.length === 0) return { subject };
  const records = old.reduce((sum, g) => sum + (valueOf(g.lost) ?? 0), 0);
  return {
    subject,
    fireAfter: 60_000,
    finding: made(consumerOverrun.id, subject, {
      severity: 'info',
      verdict: 'abandoned-groups',
      sentence: `${plural(old.length, 'group')} without members stopped before the first record that is left: ${listed(old.map(g => g.group))}`,
      consequence: `${count(records)} records are gone for them`,
      ...weigh(0.9, []),
      evidence: [
        statement('offsets below the log start', count(records), '0', 'committed offsets, log starts', true, {
          measured: records,
          limit: 0,
          unit: 'records',
        }),
      ],
      falsifier: 'one of them is to go on: then it is a loss',
      byHand: [`kafka-consumer-groups.sh --bootstrap-server <${cluster}> --delete --group <group>`],
    }),
  };
}

/** Log starts are read so long after a group was first seen, ms: an overrun that is no younger was there before. */
const firstLook = 180_000;

/**
 * Whether it was seen to happen of late. Of a group without members only the first time counts: retention goes on under one that is
 * abandoned, and that is no news.
 */
function hasHappened(group: GroupView, { at }: Snapshot, limits: Limits): boolean {
  const { overruns, overrunSince } = group.befell;
  if (!hasNobody(group)) return isNews(overruns.last, at, limits);
  return (
    overrunSince !== undefined &&
    overrunSince - group.rebalances.since > firstLook &&
    isNews(overrunSince, at, limits)
  );
}
