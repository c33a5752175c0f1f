import { count, duration, percent } from '../../core/units.js';
import type { Snapshot, TopicView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Advice, Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Rule } from '../rule.js';
import { ofTopic } from '../subject.js';
import { describeTopic } from './kafka-command.js';
import { made } from './make.js';
import { judgeSamples, keysInTwo, unreadNote, type Sampled } from './record-samples.js';

const description: Description = {
  what: 'Is the order of a topic broken, where samples of its records are taken?',
  formula: `
gate            200 sampled records

keys-split      ≥ 1 % of the sampled keys lie in two partitions, with records of now in both: whoever reads both in
                parallel may see the newer first. Not of records from before partitions were added (partitions-added)
times-go-back   of idempotent producers, ≥ 0.1 % of the records are over 1 s older than one of the same producer
                before them, and one by ≥ 5 s`,
  thresholds: ['sample-records', 'keys-split', 'times-back', 'times-back-by'],
  needs: [{ fact: 'records', without: 'blind' }],
  traps: [
    'Between two producers times that go back are clocks and ways, and normal: only those within one producer count.',
    'Where the broker sets the time (message.timestamp.type=LogAppendTime) nothing can go back, and nothing is told.',
    'A replay or a back-fill turns times round on purpose.',
    'Two kinds of clients hash differently: Java and kafkajs by murmur2, librdkafka by CRC32 unless it is told. The share that murmur2 explains says which.',
    'No hit in N samples is a bound of 3 ÷ N, and no proof.',
  ],
  wrongIf: ['the key is no context of order', 'a replay or a back-fill is under way'],
  remedies: ['one partitioner for all producers', 'one key for one context of order'],
};

export const keyOrder: Rule = {
  id: 'key-order',
  fireAfter: 30_000,
  keep: 300_000,
  description,
  judge: (snapshot, limits) =>
    judgeSamples(
      snapshot,
      limits,
      (topic, sampled) =>
        splitKeys(topic, sampled, snapshot, limits) ?? timesBack(topic, sampled, snapshot, limits),
    ),
};

/** Samples that reach back to before the partitions were added say what must be so, and is told already. */
function isAcrossAddition(topic: TopicView, { partitions }: Sampled): boolean {
  const ends = topic.partitionsAdded?.ends;
  return (
    ends !== undefined && partitions.some(({ partition, sample }) => sample.from < (ends[partition] ?? -1))
  );
}

function splitKeys(
  topic: TopicView,
  sampled: Sampled,
  snapshot: Snapshot,
  limits: Limits,
): Finding | undefined {
  if (isAcrossAddition(topic, sampled)) return undefined;
  const { keys, split } = keysInTwo(sampled);
  const share = limits.compare(
    'share of keys in two partitions',
    keys > 0 ? split / keys : undefined,
    '≥',
    'keys-split',
  );
  if (share.holds !== true) return undefined;
  const elsewhere = sampled.partitions.reduce((sum, { sample }) => sum + sample.elsewhere, 0);
  const explained = 1 - elsewhere / sampled.keyed;
  return findingOf(topic, sampled, snapshot, {
    verdict: 'keys-split',
    sentence: `${count(split)} of ${count(keys)} sampled keys lie in two partitions`,
    consequence: 'records of one key may be read in another order than they were written',
    evidence: [
      share,
      statement(
        'records where murmur2 of the key would put them',
        percent(explained),
        '100%, where all producers are Java or kafkajs clients',
        'samples',
        explained < 0.99,
        { measured: explained, unit: 'share' },
      ),
    ],
    falsifier: 'the key is no context of order',
    advice: [onePartitioner(topic.topic)],
  });
}

function timesBack(
  topic: TopicView,
  sampled: Sampled,
  snapshot: Snapshot,
  limits: Limits,
): Finding | undefined {
  const sum = (of: (s: Sampled['partitions'][number]['sample']) => number): number =>
    sampled.partitions.reduce((all, { sample }) => all + of(sample), 0);
  const [back, idempotent] = [sum(s => s.back), sum(s => s.idempotent)];
  const furthest = Math.max(...sampled.partitions.map(({ sample }) => sample.furthestBack));
  const share = limits.compare(
    'records that are older than one before them',
    idempotent > 0 ? back / idempotent : undefined,
    '≥',
    'times-back',
  );
  const by = limits.compare('furthest step back', furthest / 1000, '≥', 'times-back-by');
  if (share.holds !== true || by.holds !== true) return undefined;
  return findingOf(topic, sampled, snapshot, {
    verdict: 'times-go-back',
    sentence: `${count(back)} sampled records are older than one that the same producer wrote before, by up to ${duration(furthest)}`,
    consequence: 'windows and joins by time see them late, or not at all',
    evidence: [share, by],
    falsifier: 'a replay or a back-fill is under way',
    advice: [inOrder(topic.topic)],
  });
}

function findingOf(
  topic: TopicView,
  sampled: Sampled,
  snapshot: Snapshot,
  said: Pick<Finding, 'verdict' | 'sentence' | 'consequence' | 'evidence' | 'falsifier' | 'advice'>,
): Finding {
  const { partitions } = sampled;
  return made(keyOrder.id, ofTopic(topic.cluster, topic.topic), {
    severity: 'warning',
    ...said,
    ...weigh(0.6, [
      { what: 'samples of all partitions', holds: partitions.length === topic.partitionCount, by: 0.2 },
    ]),
    unchecked: [...unreadNote(sampled), 'older records: only the newest of each partition are sampled'],
    byHand: [describeTopic(topic.cluster, topic.topic, snapshot)],
  });
}

function onePartitioner(topic: string): Advice {
  return {
    where: `producers of ${topic}`,
    lines: ['partitioner=murmur2_random        # librdkafka; Java clients do so by default'],
    why: 'records of one key keep their order only within one partition, and clients of two kinds hash differently unless they are told',
  };
}

function inOrder(topic: string): Advice {
  return {
    where: `producers of ${topic}`,
    lines: ['enable.idempotence=true', 'max.in.flight.requests.per.connection=5'],
    why: 'an idempotent producer keeps the order of what it was given; what it was given late stays late: look at where the timestamp comes from',
  };
}
