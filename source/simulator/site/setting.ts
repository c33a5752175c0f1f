import type { Millis } from '../../core/clock.js';

/** What a site is made of. Rates are records/s, sizes bytes. */
export type SiteSetting = {
  readonly seed: number;
  /** Topics of the source cluster, all of which are mirrored. */
  readonly topics: readonly TopicSetting[];
  /** Brokers of the target; the source has one. */
  readonly targetBrokers: number;
  readonly workers: number;
  /** What one task carries: it works on one record at a time. */
  readonly perTask: number;
  /** `buffer.memory` of each task's producer. */
  readonly bufferBytes: number;
  /** What one broker of the target takes without a quota. */
  readonly brokerBytes: number;
  /** `offset.flush.interval.ms`. */
  readonly flushEvery: Millis;
  /** `scheduled.rebalance.max.delay.ms`. */
  readonly rebalanceDelay: Millis;
  readonly groups: readonly GroupSetting[];
};

export type TopicSetting = {
  readonly topic: string;
  readonly partitions: number;
  readonly rate: number;
  readonly recordBytes: number;
};

export type GroupSetting = {
  readonly group: string;
  readonly cluster: 'eu' | 'us';
  readonly topic: string;
  readonly type: 'classic' | 'consumer' | 'share';
  readonly members: number;
  /** What one member handles. */
  readonly perMember: number;
  readonly commitEvery: Millis;
};

/** A small site in health: two topics, four tasks on two workers, four groups of three kinds. */
export const usualSetting: SiteSetting = {
  seed: 1,
  topics: [
    { topic: 'orders', partitions: 12, rate: 2_400, recordBytes: 600 },
    { topic: 'payments', partitions: 6, rate: 600, recordBytes: 400 },
  ],
  targetBrokers: 3,
  workers: 2,
  perTask: 1_100,
  // Half of the default, so that a throttled target fills it within a minute.
  bufferBytes: 16 << 20,
  brokerBytes: 2_500_000,
  flushEvery: 60_000,
  rebalanceDelay: 10_000,
  groups: [
    group('billing', 'eu', 'orders', 'classic', 3, 1_600),
    group('search-indexer', 'us', 'eu.orders', 'classic', 4, 1_500),
    group('audit', 'us', 'eu.payments', 'consumer', 2, 900),
    group('fraud-share', 'us', 'eu.payments', 'share', 2, 900),
  ],
};

function group(
  name: string,
  cluster: 'eu' | 'us',
  topic: string,
  type: GroupSetting['type'],
  members: number,
  perMember: number,
): GroupSetting {
  // A consumer's auto.commit.interval.ms; kafkajs and hand-written ones are near it.
  return { group: name, cluster, topic, type, members, perMember, commitEvery: 5_000 };
}
