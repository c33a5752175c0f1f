import { describe, expect, it } from 'vitest';
import { KafkaWatch } from '../support/kafka-watch.js';

/** `billing` has read all of `orders` under epoch 4, and then other brokers lead: partition 0 under epoch 5. */
function afterElection(): KafkaWatch {
  const watch = new KafkaWatch();
  const orders = watch.topic('orders', [100, 100, 100], { epochs: [4, 4, 4] });
  watch.group('billing', 'orders', [100, 100, 100]).epoch = 4;
  watch.run(60);
  Object.assign(orders, { leaders: [2, 2, 3], epochs: [5, 4, 4], ends: [130, 100, 100] });
  return watch;
}

describe('a group that has read what is no longer in the log', () => {
  it('is told so, though the log end never seemed to go back', () => {
    const watch = afterElection();
    watch.epochEnds = { orders: { wanted: 4, ends: [60] } };
    watch.run(10);
    expect(watch.by('log-truncated')).toBeUndefined();
    const found = watch.by('group-truncated');
    expect(found).toMatchObject({
      phase: 'firing',
      severity: 'critical',
      confidence: 'high',
      subject: { kind: 'group', id: 'us/billing' },
      sentence: 'read 40 records that are no longer in the log of orders/0',
    });
    expect(found?.evidence[0]).toMatchObject({
      value: '100',
      threshold: '≤ 60, where the records of its epoch end',
      origin: 'OffsetForLeaderEpoch (KIP-320)',
      measured: 100,
      limit: 60,
    });
    expect(found?.advice.flatMap(a => a.lines)).toContain('auto.offset.reset=none');
  });

  it('takes what the group does then as its consequence: the client goes back to the end of the epoch', () => {
    const watch = afterElection();
    watch.epochEnds = { orders: { wanted: 4, ends: [60] } };
    watch.run(10);
    watch.epochEnds = {};
    watch.groups['billing'] = { state: 'Stable', committed: { orders: [60, 100, 100] }, epoch: 5 };
    watch.run(30);
    expect(watch.findings.map(f => f.rule)).toEqual(['group-truncated']);
    expect(watch.by('group-rewind')).toBeDefined();
  });

  it('stays until the commit has moved, however long ago it was', () => {
    const watch = afterElection();
    watch.epochEnds = { orders: { wanted: 4, ends: [60] } };
    watch.run(10);
    watch.epochEnds = {};
    watch.run(900, undefined, 30);
    expect(watch.by('group-truncated')?.phase).toBe('firing');
    watch.groups['billing'] = { state: 'Stable', committed: { orders: [130, 100, 100] }, epoch: 5 };
    watch.run(120, undefined, 10);
    expect(watch.by('group-truncated')).toBeUndefined();
  });

  it('is one of an election that was unclean, and listed under it', () => {
    const watch = new KafkaWatch();
    const orders = watch.topic('orders', [100], {
      leaders: [2],
      inSyncIds: [[2]],
      epochs: [4],
      config: { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' },
    });
    watch.group('billing', 'orders', [100]).epoch = 4;
    watch.run(60);
    watch.brokers = [1, 3];
    Object.assign(orders, { leaders: [3], inSyncIds: [[3]], epochs: [5], ends: [60] });
    watch.epochEnds = { orders: { wanted: 4, ends: [60] } };
    watch.run(20);
    expect(watch.findings.map(f => f.rule)).not.toContain('group-truncated');
    expect(watch.by('group-truncated')).toBeDefined();
    expect(watch.by('unclean-election')).toMatchObject({ severity: 'critical' });
  });
});

describe('nothing was cut off', () => {
  it.each([
    ['after a clean failover: the epoch ends where the group has read to', 4, [100]],
    ['or behind it', 4, [110]],
    ['where the leader knows no such epoch', 4, [undefined]],
    ['where another epoch was asked about', 3, [60]],
  ] as const)('%s', (_, wanted, ends) => {
    const watch = afterElection();
    watch.epochEnds = { orders: { wanted, ends } };
    expect(watch.run(30).by('group-truncated')).toBeUndefined();
  });

  it('that anybody could tell where the client commits no epoch', () => {
    const watch = afterElection();
    delete watch.groups['billing']?.epoch;
    watch.run(10);
    watch.epochEnds = { orders: { wanted: 4, ends: [60] } };
    expect(watch.run(30).by('group-truncated')).toBeUndefined();
  });

  it('from a topic that was made anew: its commits are those of the old one', () => {
    const watch = afterElection();
    watch.topic('orders', [5, 5, 5], { id: 'another', epochs: [5, 0, 0] });
    watch.run(10);
    watch.epochEnds = { orders: { wanted: 4, ends: [5] } };
    watch.run(20);
    expect(watch.findings.map(f => f.rule)).not.toContain('group-truncated');
    expect(watch.by('topic-recreated')).toBeDefined();
  });
});
