import { isKnown, valueOf } from '../../core/known.js';
import type { RecordSample } from '../../core/observation.js';
import type { Failure } from '../../core/failure.js';
import type { Snapshot, TopicView } from '../../model/snapshot.js';
import type { Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Judgement } from '../rule.js';
import { ofTopic } from '../subject.js';

/** What the samples of all partitions of a topic say together. */
export type Sampled = {
  readonly partitions: readonly { readonly partition: number; readonly sample: RecordSample }[];
  readonly records: number;
  readonly keyed: number;
  readonly unkeyed: number;
  readonly empty: number;
  /** Different keys; a key in two partitions counts twice. */
  readonly distinct: number;
  /** In batches that kmon could not unpack, and by which codecs and why. */
  readonly unread: number;
  readonly codecs: readonly string[];
};

/** undefined where no samples are taken; the failure where none could be. */
export function samplesOf({ sampled }: TopicView): Sampled | Failure | undefined {
  if (sampled === undefined) return undefined;
  const partitions = sampled.flatMap(({ partition, sample }) =>
    isKnown(sample) ? [{ partition, sample: sample.value }] : [],
  );
  const [first] = sampled;
  if (partitions.length === 0) return first && !isKnown(first.sample) ? first.sample.unknown : undefined;
  const sum = (of: (sample: RecordSample) => number): number =>
    partitions.reduce((all, { sample }) => all + of(sample), 0);
  const [records, unkeyed] = [sum(s => s.records), sum(s => s.unkeyed)];
  const codecs = new Set(partitions.flatMap(({ sample }) => Object.keys(sample.unread)));
  return {
    partitions,
    records,
    unkeyed,
    keyed: records - unkeyed,
    empty: sum(s => s.empty),
    distinct: sum(s => s.distinct),
    unread: sum(s => Object.values(s.unread).reduce((a, b) => a + b, 0)),
    codecs: [...codecs].sort(),
  };
}

/** Asks of each topic that is sampled, and of which enough was. */
export function judgeSamples(
  { topics }: Snapshot,
  limits: Limits,
  find: (topic: TopicView, sampled: Sampled) => Finding | undefined,
): readonly Judgement[] {
  return topics.flatMap((topic): readonly Judgement[] => {
    const sampled = samplesOf(topic);
    if (sampled === undefined) return [];
    const subject = ofTopic(topic.cluster, topic.topic);
    if ('kind' in sampled) return [{ subject, unjudged: sampled }];
    const finding = sampled.records < limits.value('sample-records') ? undefined : find(topic, sampled);
    return [finding ? { subject, finding } : { subject }];
  });
}

/** Share of the topic's records that the most frequent key takes, by what arrives at each partition; undefined where that is not known. */
export function topKey(topic: TopicView, { partitions }: Sampled): { readonly share: number | undefined } {
  const total = valueOf(topic.arrival);
  const shares = new Map<number, number>();
  for (const { partition, sample } of partitions) {
    const there = topic.partitions[partition];
    const arrival = there && valueOf(there.arrival);
    if (arrival === undefined || total === undefined || total <= 0) return { share: undefined };
    for (const { hash, records } of sample.keys)
      shares.set(hash, (shares.get(hash) ?? 0) + (records / sample.records) * (arrival / total));
  }
  return { share: shares.size === 0 ? undefined : Math.max(...shares.values()) };
}

/** Keys by hash, as the samples name them, and those among them that were found in more than one partition. */
export function keysInTwo({ partitions }: Sampled): { readonly keys: number; readonly split: number } {
  const where = new Map<number, number>();
  let split = 0;
  for (const { sample } of partitions)
    for (const { hash } of sample.keys) {
      const seen = (where.get(hash) ?? 0) + 1;
      where.set(hash, seen);
      if (seen === 2) split++;
    }
  return { keys: where.size, split };
}

export function unreadNote({ unread, codecs }: Sampled): readonly string[] {
  return unread > 0
    ? [`${unread} records in batches that this kmon could not unpack: ${codecs.join(', ')}`]
    : [];
}
