import { describe, expect, it } from 'vitest';
import { KafkaWatch } from '../support/kafka-watch.js';

function healthy(): KafkaWatch {
  const watch = new KafkaWatch();
  watch.topic('orders', [100, 100, 100]);
  watch.topic('payments', [100, 100, 100]);
  watch.group('billing', 'orders', [100, 100, 100]);
  return watch.run(60);
}

describe('a cluster in health', () => {
  it('is silent', () => {
    expect(healthy().run(180).findings).toEqual([]);
  });
});

describe('a broker that does not answer', () => {
  it('is one finding, with the partitions that suffer from it under it', () => {
    const watch = healthy();
    watch.silent.set(3, 'timeout');
    for (const topic of Object.values(watch.topics))
      Object.assign(topic, { inSync: [2, 2, 2], leaders: [1, 2, 1] });
    watch.run(60);
    expect(watch.findings).toHaveLength(1);
    expect(watch.findings[0]).toMatchObject({
      rule: 'broker-lost',
      severity: 'critical',
      phase: 'firing',
      subject: { kind: 'broker', id: 'us/3' },
      verdict: 'no-answer',
    });
    expect(watch.findings[0]?.consequences).toMatchObject([
      { rule: 'partitions-impaired', verdict: 'under-replicated', severity: 'warning' },
    ]);
  });

  it('that the cluster counts no more is lost while partitions miss a replica, and taken out of service afterwards', () => {
    const watch = healthy();
    watch.brokers = [1, 2];
    for (const topic of Object.values(watch.topics))
      Object.assign(topic, { inSync: [2, 2, 2], leaders: [1, 2, 1] });
    watch.run(30);
    expect(watch.by('broker-lost')).toMatchObject({ verdict: 'out-of-cluster', phase: 'firing' });
    for (const topic of Object.values(watch.topics)) topic.inSync = [3, 3, 3];
    watch.run(60);
    expect(watch.findings).toEqual([]);
  });

  it('after all others is a cluster that is lost, in one finding', () => {
    const watch = healthy();
    for (const id of watch.brokers) watch.silent.set(id, 'unreachable');
    watch.run(30);
    expect(watch.by('broker-lost')).toMatchObject({ verdict: 'cluster-lost', subject: { kind: 'cluster' } });
    expect(watch.findings.filter(f => f.rule === 'broker-lost')).toHaveLength(1);
    expect(watch.by('broker-lost')?.explains).toContainEqual({ rule: 'sight' });
  });

  it('because this user may not is no broker’s fault, but one of the watch', () => {
    const watch = healthy();
    watch.silent.set(2, 'unauthenticated');
    watch.run(60);
    expect(watch.by('broker-lost')).toBeUndefined();
    expect(watch.by('sight')).toMatchObject({ severity: 'warning', verdict: 'blind', phase: 'firing' });
  });
});

describe('partitions that are impaired', () => {
  it('without a leader are critical after ten seconds', () => {
    const watch = healthy();
    Object.assign(watch.topics['orders'] ?? {}, { leaders: [-1, 2, 3], inSync: [1, 3, 3] });
    watch.run(20);
    expect(watch.by('partitions-impaired')).toMatchObject({
      phase: 'firing',
      severity: 'critical',
      verdict: 'leaderless',
      sentence: '1 partition without a leader: orders (1)',
    });
  });

  it('below min.insync.replicas refuse writes', () => {
    const watch = healthy();
    Object.assign(watch.topics['payments'] ?? {}, { inSync: [1, 1, 3] });
    watch.run(20);
    expect(watch.by('partitions-impaired')).toMatchObject({
      verdict: 'under-min-in-sync',
      consequence: 'writes with acks=all are refused',
    });
    expect(watch.by('partitions-impaired')?.sentence).toContain('2 partitions');
  });

  it('under-replicated fire after thirty seconds, and not of a restart that is shorter', () => {
    const watch = healthy();
    Object.assign(watch.topics['orders'] ?? {}, { inSync: [2, 2, 2] });
    watch.run(20);
    expect(watch.by('partitions-impaired')?.phase).toBe('pending');
    watch.run(20);
    expect(watch.by('partitions-impaired')?.phase).toBe('firing');
  });

  it('on the move are left out', () => {
    const watch = healthy();
    const move = { topic: 'orders', partition: 0, replicas: [1, 2, 3], adding: [3], removing: [] };
    const at = watch.now;
    watch.model.fold({
      kind: 'reassignments',
      cluster: 'us',
      asked: at,
      answered: at,
      answer: { ok: [move] },
    });
    Object.assign(watch.topics['orders'] ?? {}, { inSync: [2, 3, 3] });
    watch.run(60);
    expect(watch.findings).toEqual([]);
  });
});

describe('replication', () => {
  it('of one replica is named, in one note for the cluster', () => {
    const watch = healthy();
    for (const name of ['a', 'b', 'c', 'd'])
      watch.topic(name, [1], { replicas: 1, inSync: [1], config: { 'min.insync.replicas': '1' } });
    watch.run(60);
    expect(watch.findings).toHaveLength(1);
    expect(watch.by('replication-posture')).toMatchObject({
      severity: 'info',
      verdict: 'thin-replication',
      sentence: '4 topics with one replica (a, b and 2 more)',
    });
    expect(watch.by('replication-posture')?.advice[0]?.lines).toContain('replication.factor=3');
  });

  it('on a single broker has no other choice, and is said once', () => {
    const watch = new KafkaWatch();
    watch.brokers = [1];
    for (const name of ['a', 'b']) watch.topic(name, [1], { replicas: 1, inSync: [1], leaders: [1] });
    watch.run(60);
    expect(watch.findings.map(f => [f.rule, f.verdict])).toContainEqual([
      'replication-posture',
      'one-broker',
    ]);
  });

  it('that refuses acks=all always is more than a note', () => {
    const watch = healthy();
    Object.assign(watch.topics['orders'] ?? {}, {
      config: { 'min.insync.replicas': '4' },
      inSync: [3, 3, 3],
    });
    watch.run(60);
    expect(watch.by('replication-posture')).toMatchObject({ severity: 'warning' });
    expect(commands(watch)).toEqual([
      '--describe',
      '--alter --entity-type topics --entity-name orders --add-config min.insync.replicas=2',
    ]);
  });

  it('is told a stricter minimum where three replicas can give it, and never where it would stop writes', () => {
    const min = (n: number): { config: Record<string, string> } => ({
      config: { 'min.insync.replicas': String(n) },
    });
    const one = new KafkaWatch();
    one.brokers = [1];
    one.topic('a', [1], { replicas: 1, inSync: [1], leaders: [1], ...min(1) });
    one.run(60);
    expect(commands(one)).toEqual(['--describe']);

    const three = healthy();
    three.topic('single', [1], { replicas: 1, inSync: [1], ...min(1) });
    three.topic('double', [1], { replicas: 2, inSync: [2], ...min(1) });
    three.topic('triple', [1], min(1));
    three.run(60);
    expect(commands(three)).toEqual([
      '--describe',
      '--alter --entity-type topics --entity-name triple --add-config min.insync.replicas=2',
      '--reassignment-json-file <3 replicas for each partition of single> --execute',
    ]);
    expect(three.by('replication-posture')?.remedies.map(r => r.target?.id)).toEqual(['us/triple']);
  });

  it('that may elect a leader out of sync is told how to forbid that', () => {
    const watch = healthy();
    const config = { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'true' };
    Object.assign(watch.topics['orders'] ?? {}, { config });
    watch.run(60);
    expect(commands(watch)).toEqual([
      '--describe',
      '--alter --entity-type topics --entity-name orders --add-config unclean.leader.election.enable=false',
    ]);
  });
});

/** What is to be done by hand about the replication of a cluster, without tool and address. */
function commands(watch: KafkaWatch): readonly string[] | undefined {
  return watch
    .by('replication-posture')
    ?.byHand.map(line => line.replace(/^\S+ --bootstrap-server \S+ /, ''));
}

describe('a log whose end went back', () => {
  it('lost records that were written, and names who had read them', () => {
    const watch = healthy();
    Object.assign(watch.topics['orders'] ?? {}, { ends: [60, 100, 100], leaders: [2, 2, 3] });
    watch.run(10);
    expect(watch.by('log-truncated')).toMatchObject({
      phase: 'firing',
      severity: 'critical',
      subject: { kind: 'topic', id: 'us/orders' },
      consequence: 'read before they went by billing',
    });
    expect(watch.by('log-truncated')?.sentence).toContain('at least 40 records');
  });

  it('because the topic was made anew is that, and nothing else', () => {
    const watch = healthy();
    watch.topic('orders', [5, 5, 5], { id: 'another' });
    watch.groups['billing'] = { state: 'Stable', committed: { orders: [0, 0, 0] } };
    watch.run(30);
    expect(watch.findings).toHaveLength(1);
    expect(watch.findings[0]).toMatchObject({
      rule: 'topic-recreated',
      severity: 'warning',
      phase: 'firing',
    });
    expect(watch.by('log-truncated')).toBeUndefined();
  });
});

describe('partitions that were added', () => {
  it('move keys: a warning until the groups have read past the boundary, a note for an hour, then nothing', () => {
    const watch = healthy();
    const orders = watch.topic('orders', [500, 500, 500, 3]);
    orders.leaders = [1, 2, 3, 1];
    watch.groups['billing'] = { state: 'Stable', committed: { orders: [100, 100, 50, 0] } };
    watch.run(20);
    expect(watch.by('partitions-added')).toMatchObject({ severity: 'warning', phase: 'firing' });
    expect(watch.by('partitions-added')?.sentence).toContain('3 → 4 partitions');
    expect(watch.by('partitions-added')?.sentence).toContain('75% of its keys have moved');
    expect(watch.by('partitions-added')?.consequence).toContain('billing');
    watch.groups['billing'] = { state: 'Stable', committed: { orders: [500, 500, 500, 3] } };
    watch.run(20);
    expect(watch.by('partitions-added')).toMatchObject({ severity: 'info' });
    watch.run(3_700, undefined, 20);
    expect(watch.by('partitions-added')).toBeUndefined();
  });
});
