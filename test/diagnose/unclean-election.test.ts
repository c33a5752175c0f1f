import { describe, expect, it } from 'vitest';
import { KafkaWatch, type TopicTruth } from '../support/kafka-watch.js';

/** `orders` of two partitions on three brokers; broker 3 does not follow, and 1 has fallen out of sync with partition 0. */
function thin(config: Readonly<Record<string, string>> = {}): { watch: KafkaWatch; orders: TopicTruth } {
  const watch = new KafkaWatch();
  const orders = watch.topic('orders', [100, 100], {
    leaders: [2, 1],
    inSyncIds: [[2], [1, 2]],
    epochs: [4, 7],
    config: { 'cleanup.policy': 'delete', 'min.insync.replicas': '1', ...config },
  });
  watch.group('billing', 'orders', [100, 100]);
  return { watch: watch.run(60), orders };
}

const allowed = { 'unclean.leader.election.enable': 'true' };

/** Broker 2 is gone, and partition 0 has another leader. */
function afterBroker2(
  { watch, orders }: ReturnType<typeof thin>,
  leader: number,
  inSync: number[],
): KafkaWatch {
  watch.brokers = [1, 3];
  Object.assign(orders, { leaders: [leader, 1], inSyncIds: [inSync, [1]], epochs: [5, 7] });
  return watch.run(10);
}

describe('a leader that was not in sync', () => {
  it('is told with who was, what it may cost, and what would prove it wrong', () => {
    const watch = afterBroker2(thin(allowed), 3, [3]);
    const found = watch.by('unclean-election');
    expect(found).toMatchObject({
      severity: 'critical',
      phase: 'firing',
      subject: { kind: 'topic', id: 'us/orders' },
      sentence: '1 leader elected that was not in sync: partition 0 (2 → 3)',
      consequence: 'records that were acknowledged may be lost',
      confidence: 'medium',
    });
    expect(found?.evidence[0]).toMatchObject({
      value: 'broker 3',
      threshold: 'one of those in sync before: 2',
      holds: true,
    });
    expect(found?.falsifier).toContain('had come into sync after Metadata was read last');
    expect(found?.byHand.join('\n')).toContain('kafka-topics.sh');
  });

  it('is surer where the partition was seen without a leader: then nobody can come into sync', () => {
    const { watch, orders } = thin(allowed);
    watch.brokers = [1, 3];
    Object.assign(orders, { leaders: [-1, 1], inSyncIds: [[2], [1]], epochs: [5, 7] });
    watch.run(10);
    expect(watch.by('unclean-election')).toBeUndefined();
    Object.assign(orders, { leaders: [3, 1], inSyncIds: [[3], [1]], epochs: [6, 7] });
    watch.run(10);
    expect(watch.by('unclean-election')).toMatchObject({ confidence: 'high' });
    expect(watch.by('unclean-election')?.sentence).toContain('partition 0 (2 → 3)');
  });

  /** As Kafka 4 with eligible leader replicas tells a partition whose last replica in sync is gone: nobody leads, nobody is in sync. */
  function deserted(truth: ReturnType<typeof thin>, epoch = 5): KafkaWatch {
    truth.watch.brokers = [1, 3];
    Object.assign(truth.orders, { leaders: [-1, 1], inSyncIds: [[], [1]], epochs: [epoch, 7] });
    return truth.watch.run(20);
  }

  it('is one where nobody is in sync while nobody leads: then those count that were before', () => {
    const truth = thin({ 'unclean.leader.election.enable': 'false' });
    const watch = deserted(truth);
    expect(watch.by('unclean-election')).toBeUndefined();
    Object.assign(truth.orders, { leaders: [3, 1], inSyncIds: [[3], [1]], epochs: [6, 7] });
    watch.run(10);
    const found = watch.by('unclean-election');
    expect(found?.sentence).toContain('partition 0 (2 → 3)');
    expect(found?.evidence[0]?.threshold).toBe('one of those in sync before: 2');
  });

  it('is none where whoever leads then was in sync before, or may be an eligible leader replica', () => {
    const clean = thin(allowed);
    clean.orders.inSyncIds = [
      [2, 3],
      [1, 2],
    ];
    clean.watch.run(10);
    const least = thin({ ...allowed, 'min.insync.replicas': '2' });
    for (const truth of [clean, least]) {
      const watch = deserted(truth);
      Object.assign(truth.orders, { leaders: [3, 1], inSyncIds: [[3], [1]], epochs: [6, 7] });
      expect(watch.run(10).by('unclean-election')).toBeUndefined();
    }
  });

  it('is not sure where another may have led between those in sync and nobody', () => {
    const truth = thin({ 'unclean.leader.election.enable': 'false' });
    const watch = deserted(truth, 6);
    Object.assign(truth.orders, { leaders: [3, 1], inSyncIds: [[3], [1]], epochs: [7, 7] });
    expect(watch.run(10).by('unclean-election')).toBeUndefined();
  });

  it('is surest where the log end went back with it, which is then listed under it', () => {
    const { watch, orders } = thin(allowed);
    orders.ends = [60, 100];
    afterBroker2({ watch, orders }, 3, [3]);
    watch.run(10);
    expect(watch.findings.map(f => f.rule)).not.toContain('log-truncated');
    expect(watch.by('unclean-election')).toMatchObject({
      confidence: 'high',
      consequence: 'at least 40 records that were written are gone',
    });
    expect(watch.by('log-truncated')?.unchecked.join()).not.toContain('unclean');
  });

  it('is news for ten minutes', () => {
    const watch = afterBroker2(thin(allowed), 3, [3]);
    watch.run(560, undefined, 20);
    expect(watch.by('unclean-election')).toBeDefined();
    watch.run(300, undefined, 20);
    expect(watch.by('unclean-election')).toBeUndefined();
  });
});

describe('no unclean election', () => {
  const silent = (watch: KafkaWatch): void => expect(watch.by('unclean-election')).toBeUndefined();

  it('is a clean failover', () => {
    const { watch, orders } = thin(allowed);
    orders.inSyncIds = [
      [2, 3],
      [1, 2],
    ];
    watch.run(10);
    watch.brokers = [1, 3];
    Object.assign(orders, { leaders: [3, 1], inSyncIds: [[3], [1]], epochs: [5, 7] });
    silent(watch.run(30));
  });

  it('is one to a replica that came into sync while nobody looked, beside one that was', () => {
    const { watch, orders } = thin(allowed);
    Object.assign(orders, {
      leaders: [3, 1],
      inSyncIds: [
        [3, 2],
        [1, 2],
      ],
      epochs: [5, 7],
    });
    silent(watch.run(30));
  });

  it('is a move to other brokers: those that were left live on', () => {
    const { watch, orders } = thin(allowed);
    Object.assign(orders, { leaders: [3, 1], inSyncIds: [[3], [1, 2]], epochs: [6, 7] });
    silent(watch.run(30));
  });

  it('is the answer of a broker that is behind', () => {
    const { watch, orders } = thin(allowed);
    watch.brokers = [1, 3];
    Object.assign(orders, { leaders: [3, 1], inSyncIds: [[3], [1]], epochs: [3, 7] });
    silent(watch.run(30));
  });

  it('is believed where they are not allowed and nothing else tells of one', () => {
    silent(afterBroker2(thin({ 'unclean.leader.election.enable': 'false' }), 3, [3]));
  });

  it('is told from an eligible leader replica of Kafka 4, unless the brokers are older', () => {
    const least = { ...allowed, 'min.insync.replicas': '2' };
    silent(afterBroker2(thin(least), 3, [3]));
    const older = thin(least);
    const times = { cluster: 'us', asked: older.watch.now, answered: older.watch.now };
    for (const broker of [1, 2, 3]) {
      const [key, oldest, newest] = [Int32Array.of(1), Int32Array.of(0), Int32Array.of(17)];
      older.watch.model.fold({
        kind: 'broker-apis',
        ...times,
        broker,
        answer: { ok: { key, oldest, newest } },
      });
    }
    expect(afterBroker2(older, 3, [3]).by('unclean-election')).toBeDefined();
  });

  it('is known of where Metadata does not tell who is in sync', () => {
    const watch = new KafkaWatch();
    const orders = watch.topic('orders', [100], { leaders: [2], inSync: [1] });
    watch.run(30);
    watch.brokers = [1, 3];
    Object.assign(orders, { leaders: [3], inSync: [1] });
    silent(watch.run(30));
  });
});
