import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { seen } from '../../source/core/known.js';
import type { Step, Target } from '../../source/remedy/plan.js';
import { now } from '../support/views.js';
import { planned, refusedPlan, states } from './bench.js';
import { secret, startKafkaBench, type KafkaBench, type KafkaBenchSetup } from './kafka-bench.js';

/** Each action on Kafka, over a simulated cluster: what it sends, that it is verified, and that it is taken back. */

const benches: KafkaBench[] = [];

async function bench(setup: KafkaBenchSetup = {}): Promise<KafkaBench> {
  const made = await startKafkaBench(setup);
  benches.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(benches.splice(0).map(b => b.stop()));
});

const quota: Target = { kind: 'quota', cluster: 'us', user: 'mm2-user' };
const orders: Target = { kind: 'topic', cluster: 'us', topic: 'orders' };
const stopped: Target = { kind: 'group', cluster: 'us', group: 'stopped' };
const billing: Target = { kind: 'group', cluster: 'us', group: 'billing' };

const limitOf = (b: KafkaBench, user: string): number | undefined =>
  b.us.state.quotas.find(q => q.entity.user === user)?.values['producer_byte_rate'];
const own = (b: KafkaBench): Readonly<Record<string, string>> => b.us.state.topics['orders']?.configs ?? {};
const leaders = (b: KafkaBench): readonly (number | undefined)[] =>
  b.us.state.topics['orders']?.partitions.map(p => p.leader) ?? [];
const committed = (
  b: KafkaBench,
  group: string,
): Readonly<Record<string, Record<number, number>>> | undefined => b.us.state.groups[group]?.committed;
const last = (steps: readonly Step[]): Step | undefined => steps.at(-1);

async function done(b: KafkaBench, action: string, target: Target, argument?: string) {
  const plan = planned(await b.planOf(action, target, argument));
  const steps = await b.run(plan);
  expect(steps.map(s => `${s.state}: ${s.text}`).at(-1)).toMatch(/^done/);
  return plan;
}

async function undone(b: KafkaBench, plan: Awaited<ReturnType<typeof done>>): Promise<void> {
  const steps = await b.run(planned(await b.undo(plan)));
  expect(steps.map(s => `${s.state}: ${s.text}`).at(-1)).toMatch(/^done/);
}

describe('what is offered', () => {
  const offered = (b: KafkaBench, kind: 'topic' | 'group' | 'cluster' | 'broker', id: string) =>
    b.gate.offers({ kind, id }, []).map(({ action, disabled }) => (disabled ? `not ${action}` : action));

  it('of a topic, a cluster, a broker, and groups that stopped or that read', async () => {
    const b = await bench();
    expect(offered(b, 'topic', 'us/orders')).toEqual([
      'lengthen-retention',
      'elect-topic-leaders',
      'move-leader',
      'min-insync',
      'set-topic-key',
      'add-partitions',
    ]);
    expect(offered(b, 'cluster', 'us')).toEqual(['elect-leaders']);
    expect(offered(b, 'broker', 'us/3')).toEqual(['elect-leaders']);
    expect(offered(b, 'group', 'us/stopped')).toEqual([
      'reset-offsets',
      'delete-offsets',
      'delete-group',
      'not remove-member',
    ]);
    expect(offered(b, 'group', 'us/billing')).toEqual([
      'not remove-member',
      'not reset-offsets',
      'not delete-offsets',
      'not delete-group',
    ]);
  });
});

describe('a quota that throttles what a flow reads', () => {
  const reading: KafkaBenchSetup = {
    flow: {
      source: { alias: 'eu', cluster: 'us' },
      clients: { reads: { user: 'mm2-user', clientIds: ['eu->us|mm2-source-0|replication-consumer'] } },
      fetchThrottle: seen(48, now),
    },
    kafka: { quotas: [{ entity: { user: 'mm2-user' }, values: { consumer_byte_rate: 150_000 } }] },
  };
  const fetchLimit = (b: KafkaBench): number | undefined =>
    b.us.state.quotas.find(q => q.entity.user === 'mm2-user')?.values['consumer_byte_rate'];

  it.each([
    ['raise-fetch-quota', '', '225000', 225_000],
    ['set-fetch-quota', '600000', '600000', 600_000],
    ['remove-fetch-quota', '', undefined, undefined],
  ])('is changed by %s, and taken back', async (action, argument, to, limit) => {
    const b = await bench(reading);
    const plan = await done(b, action, quota, argument);
    expect(plan).toMatchObject({ cure: { verdict: 'cures', reason: 'it is throttled by 48ms' } });
    expect(plan.changes).toEqual([{ key: 'consumer_byte_rate', from: '150000', to }]);
    expect(fetchLimit(b)).toBe(limit);
    await undone(b, plan);
    expect(fetchLimit(b)).toBe(150_000);
  });
});

describe('a quota that throttles a flow', () => {
  it('is offered first when a finding says that raising it cures', async () => {
    const b = await bench();
    const hint = { action: 'raise-quota', cures: true, note: 'the quota is what limits' };
    const [first] = b.gate.offers({ kind: 'flow', id: 'us/mm2-source' }, [hint]);
    expect(first).toEqual({
      action: 'raise-quota',
      title: 'Raise the produce quota of mm2-user on us',
      target: quota,
      note: 'the quota is what limits',
    });
  });

  it('is raised by half, with all levels and the arithmetic shown, and taken back', async () => {
    const b = await bench();
    const plan = await done(b, 'raise-quota', quota);
    expect(plan).toMatchObject({
      confirm: 'mm2-user',
      changes: [{ key: 'producer_byte_rate', from: '60000', to: '90000' }],
      cure: { verdict: 'cures' },
      undo: 'producer_byte_rate back to 60000',
    });
    expect(plan.why).toBe(
      'mm2-source is throttled 162ms; it writes 713/s; ' +
        'in force: user mm2-user, 58.6 KiB/s on each broker, shared by all its client ids; ' +
        'below it: client-id <default>, 488 KiB/s on each broker',
    );
    expect(plan.expect).toContain(
      'write/s 713 → about 1.07k within 30s (713 × 1.5), while the quota is the limit',
    );
    expect(plan.where).toBe('cluster us, id simulated-cluster-id00, through broker 1');
    expect(plan.byHand[1]).toMatch(
      /^kafka-configs.sh --bootstrap-server 127.0.0.1:\d+ --alter --add-config producer_byte_rate=90000 --entity-type users --entity-name mm2-user$/,
    );
    expect(limitOf(b, 'mm2-user')).toBe(90_000);
    expect(limitOf(b, 'other')).toBe(1);
    await undone(b, plan);
    expect(limitOf(b, 'mm2-user')).toBe(60_000);
    expect(b.writes().filter(name => name === 'AlterClientQuotas')).toHaveLength(4);
  });

  it('is set to what is typed; lowered it says first that this cures nothing', async () => {
    const b = await bench();
    const plan = planned(await b.planOf('set-quota', quota, '30000'));
    expect(plan.cure.verdict).toBe('will-not-cure');
    expect(plan.risk.level).toBe('high');
    await done(b, 'set-quota', quota, '240000');
    expect(limitOf(b, 'mm2-user')).toBe(240_000);
  });

  it('is removed: the next level holds then, and the undo sets it again', async () => {
    const b = await bench();
    const plan = await done(b, 'remove-quota', quota);
    expect(plan.risk.text).toMatch(/^each broker takes up to 430 KiB\/s more/);
    expect(limitOf(b, 'mm2-user')).toBeUndefined();
    await undone(b, plan);
    expect(limitOf(b, 'mm2-user')).toBe(60_000);
  });

  it('of the default client id is one too', async () => {
    const b = await bench();
    const target: Target = { kind: 'quota', cluster: 'us', client: null };
    const plan = await done(b, 'raise-quota', target);
    expect(plan.confirm).toBe('<default>');
    expect(plan.byHand[1]).toContain('--entity-type clients --entity-default');
  });

  it('that is not set is not raised', async () => {
    const b = await bench();
    const target: Target = { kind: 'quota', cluster: 'us', user: 'nobody' };
    expect(refusedPlan(await b.planOf('raise-quota', target)).reason).toMatch(/nothing to raise/);
  });
});

describe('a topic', () => {
  it('keeps its records twice as long, and as long as before after the undo', async () => {
    const b = await bench();
    const plan = await done(b, 'lengthen-retention', orders);
    expect(plan.changes).toEqual([
      { key: 'retention.ms', from: undefined, to: '1209600000', note: '604800000 by default' },
    ]);
    expect(own(b)).toEqual({ 'retention.ms': '1209600000' });
    await undone(b, plan);
    expect(own(b)).toEqual({});
  });

  it('gets another min.insync.replicas, but none that would refuse writes now', async () => {
    const b = await bench();
    const plan = await done(b, 'min-insync', orders, '2');
    expect(plan.risk).toEqual({
      level: 'high',
      text: 'writes with acks=all stop as soon as one replica is not in sync',
    });
    expect(own(b)).toEqual({ 'min.insync.replicas': '2' });
    await undone(b, plan);
    expect(own(b)).toEqual({});
    expect(refusedPlan(await b.planOf('min-insync', orders, '3')).reason).toMatch(/have 2 replicas/);
    b.us.state.topics['orders']?.partitions[0]?.isr.pop();
    expect(refusedPlan(await b.planOf('min-insync', orders, '2')).reason).toMatch(
      /1 of 3 partitions have fewer/,
    );
  });

  it('takes any single key that it has, after it was asked whether it would', async () => {
    const b = await bench();
    const plan = await done(b, 'set-topic-key', orders, 'segment.ms=3600000');
    expect(own(b)).toEqual({ 'segment.ms': '3600000' });
    await undone(b, plan);
    expect(refusedPlan(await b.planOf('set-topic-key', orders, 'segmnt.ms=1')).reason).toMatch(/has no key/);
    expect(refusedPlan(await b.planOf('set-topic-key', orders, 'a.password=x')).reason).toMatch(/secret/);
    const wrong = await b.run(planned(await b.planOf('set-topic-key', orders, 'segment.ms=soon')));
    expect(last(wrong)).toMatchObject({ state: 'refused', text: expect.stringMatching(/INVALID_CONFIG/) });
    expect(own(b)).toEqual({});
  });

  it('whose retention is shortened says that records go, at the highest risk', async () => {
    const b = await bench();
    const { risk } = planned(await b.planOf('set-topic-key', orders, 'retention.ms=1000'));
    expect(risk).toMatchObject({ level: 'high', text: expect.stringMatching(/no undo brings them back/) });
  });

  it('gets more partitions, said first not to be undoable, with what becomes of keys and of MirrorMaker 2', async () => {
    const b = await bench();
    const plan = await done(b, 'add-partitions', orders, '6');
    expect(plan).toMatchObject({ irrevocable: true, confirm: 'orders', risk: { level: 'high' } });
    expect(plan.risk.text).toMatch(/^ORDER IS LOST BY KEY/);
    expect(plan.expect).toContainEqual(
      'mm2-source notices within 10m (refresh.topics.interval.seconds, by default), gives the copy as many partitions, and all its tasks restart',
    );
    expect(b.us.state.topics['orders']?.partitions).toHaveLength(6);
    expect(refusedPlan(await b.undo(plan)).reason).toMatch(/takes no partition away/);
    for (const answer of ['6', '3', '0', '-1', 'x', '', '1000'])
      expect(refusedPlan(await b.planOf('add-partitions', orders, answer)).reason).not.toBe('');
  });
});

describe('leaders', () => {
  it('of a topic go back to their preferred replicas, those that are in sync', async () => {
    const b = await bench();
    b.us.state.topics['orders']?.partitions[2]?.isr.splice(0, 1);
    const plan = await done(b, 'elect-topic-leaders', orders);
    expect(plan.confirm).toBe('yes');
    expect(plan.changes).toEqual([{ key: 'leader of orders/1', from: '1', to: '2' }]);
    expect(plan.expect).toContain('1 stay: their preferred replica is not in sync');
    expect(leaders(b)).toEqual([1, 2, 1]);
    expect(refusedPlan(await b.planOf('elect-topic-leaders', orders)).reason).toMatch(/must catch up first/);
  });

  it('of a cluster do so too', async () => {
    const b = await bench();
    const plan = await done(b, 'elect-leaders', { kind: 'cluster', cluster: 'us' });
    expect(plan.changes).toHaveLength(2);
    expect(leaders(b)).toEqual([1, 2, 3]);
  });

  it('that are hot move to the replica with the least to do, and back', async () => {
    const b = await bench();
    const plan = await done(b, 'move-leader', orders);
    expect(plan.changes).toEqual([{ key: 'leader of orders/2', from: '1', to: '3' }]);
    expect(leaders(b)).toEqual([1, 1, 3]);
    const first = b.us.state.topics['orders']?.partitions[0];
    if (first) first.leader = 1;
    const next = await done(b, 'move-leader', { ...orders });
    expect(next.changes).not.toEqual([]);
  });

  it('in another order of the replicas are put back in the order of before', async () => {
    const b = await bench();
    const partitions = b.us.state.topics['orders']?.partitions ?? [];
    partitions.splice(1);
    const plan = await done(b, 'move-leader', orders);
    expect(plan.changes).toEqual([
      { key: 'replicas of orders/0', from: '1, 2', to: '2, 1' },
      { key: 'leader of orders/0', from: '1', to: '2' },
    ]);
    expect(b.writes()).toEqual(['AlterPartitionReassignments', 'ElectLeaders']);
    await undone(b, plan);
    expect(partitions[0]).toMatchObject({ leader: 1, replicas: [1, 2] });
  });
});

describe('offsets of a stopped group', () => {
  it.each([
    ['earliest', { orders: { 0: 100, 1: 100, 2: 100 }, payments: { 0: 0 } }],
    ['latest', { orders: { 0: 1_000, 1: 1_000, 2: 1_000 }, payments: { 0: 0 } }],
    ['orders 2h', { orders: { 0: 100, 1: 100, 2: 100 }, payments: { 0: 0 } }],
    ['orders 30m', { orders: { 0: 1_000, 1: 1_000, 2: 1_000 }, payments: { 0: 0 } }],
    ['orders 2026-11-22T13:00:00Z', { orders: { 0: 600, 1: 600, 2: 600 }, payments: { 0: 0 } }],
    ['orders/1 offset 700', { orders: { 0: 500, 1: 700, 2: 1_000 }, payments: { 0: 0 } }],
    ['orders/1 offset 5', { orders: { 0: 500, 1: 100, 2: 1_000 }, payments: { 0: 0 } }],
  ])('are reset to "%s", and are as before after the undo', async (answer, to) => {
    const b = await bench();
    const plan = await done(b, 'reset-offsets', stopped, answer);
    expect(committed(b, 'stopped')).toEqual(to);
    await undone(b, plan);
    expect(committed(b, 'stopped')).toEqual({ orders: { 0: 500, 1: 900, 2: 1_000 }, payments: { 0: 0 } });
  });

  it('are counted before, by partition: what is read again, and what is never read', async () => {
    const b = await bench();
    const plan = planned(await b.planOf('reset-offsets', stopped, 'orders offset 800'));
    expect(plan.changes).toEqual([
      { key: 'orders/0', from: '500', to: '800', note: '300 skipped' },
      { key: 'orders/1', from: '900', to: '800', note: '100 read again' },
      { key: 'orders/2', from: '1000', to: '800', note: '200 read again' },
    ]);
    expect(plan.expect.slice(0, 2)).toEqual([
      '300 records are read again',
      '300 records are SKIPPED: this group never reads them',
    ]);
    expect(plan).toMatchObject({ confirm: 'stopped', risk: { level: 'high' } });
  });

  it('are not reset where the answer, the group or the log does not allow it', async () => {
    const b = await bench();
    const reason = async (target: Target, answer: string): Promise<string> =>
      refusedPlan(await b.planOf('reset-offsets', target, answer)).reason;
    expect(await reason(stopped, 'soon')).toMatch(/says not where/);
    expect(await reason(stopped, 'heartbeats latest')).toMatch(/has committed nothing/);
    expect(await reason(stopped, 'payments latest')).toMatch(/there already/);
    expect(await reason(billing, 'latest')).toMatch(/Stable with 2 members: stop its consumers first/);
    expect(await reason({ ...billing, group: 'nobody' }, 'latest')).toMatch(/no such group/);
    expect(await reason({ ...billing, group: 'shared' }, 'latest')).toMatch(/changes no share groups/);
    const partition = b.us.state.topics['orders']?.partitions[1];
    if (partition) partition.error = 6;
    expect(await reason(stopped, 'latest')).toMatch(/log of orders\/1 could not be read/);
    expect(b.writes()).toEqual([]);
  });

  it('are not reset when its consumers came back since the plan', async () => {
    const b = await bench();
    const plan = planned(await b.planOf('reset-offsets', stopped, 'earliest'));
    const [group, other] = [b.us.state.groups['stopped'], b.us.state.groups['billing']];
    if (group && other) Object.assign(group, { state: 'Stable', members: other.members });
    const steps = await b.run(plan);
    expect(states(steps)).toEqual(['re-reading', 'moved']);
    expect(last(steps)?.text).toMatch(/members, state; nothing was applied, and there is no plan now/);
    expect(b.writes()).toEqual([]);
  });

  it('are not taken back once the group has moved on', async () => {
    const b = await bench();
    const plan = await done(b, 'reset-offsets', stopped, 'orders earliest');
    const offsets = committed(b, 'stopped')?.['orders'];
    if (offsets) offsets[1] = 150;
    expect(refusedPlan(await b.undo(plan)).reason).toBe('changed since: orders/1 is 150, not 100');
  });

  it('are forgotten in one topic, and committed again by the undo', async () => {
    const b = await bench();
    const plan = await done(b, 'delete-offsets', stopped, 'orders');
    expect(committed(b, 'stopped')).toEqual({ orders: {}, payments: { 0: 0 } });
    await undone(b, plan);
    expect(committed(b, 'stopped')?.['orders']).toEqual({ 0: 500, 1: 900, 2: 1_000 });
  });
});

describe('members and groups', () => {
  it('a dead static member is removed, by its instance id alone', async () => {
    const b = await bench();
    expect(refusedPlan(await b.planOf('remove-member', billing, 'billing-9')).instead).toEqual([
      'static member: billing-1',
      'static member: billing-2',
    ]);
    const plan = await done(b, 'remove-member', billing, 'billing-2');
    expect(plan.irrevocable).toBe(true);
    expect(b.us.state.groups['billing']?.members.map(m => m.instance)).toEqual(['billing-1']);
  });

  it('an empty group is deleted, which nothing takes back; its offsets stay in the audit file', async () => {
    const b = await bench();
    const plan = await done(b, 'delete-group', stopped);
    expect(plan.cure.verdict).toBe('will-not-cure');
    expect(b.us.state.groups['stopped']).toBeUndefined();
    expect(refusedPlan(await b.undo(plan)).reason).toMatch(/does not make groups/);
    expect(await readFile(b.auditFile, 'utf8')).toContain('{"key":"orders/1","from":"900"}');
    expect(refusedPlan(await b.planOf('delete-group', billing)).reason).toMatch(/stop its consumers/);
  });
});

describe('nothing is changed', () => {
  it('in read-only mode, though the plan is shown', async () => {
    const b = await bench({ mode: 'read-only' });
    const steps = await b.run(planned(await b.planOf('raise-quota', quota)));
    expect(last(steps)).toMatchObject({ state: 'refused', text: expect.stringMatching(/read-only/) });
    expect(b.writes()).toEqual([]);
  });

  it('on another cluster than the context names', async () => {
    const b = await bench({ expectedClusterId: 'the-real-one' });
    const steps = await b.run(planned(await b.planOf('raise-quota', quota)));
    expect(last(steps)?.text).toBe(
      'us is Kafka cluster simulated-cluster-id00, not the-real-one: nothing was changed',
    );
    expect(b.writes()).toEqual([]);
  });

  it('in a cluster that the context does not have', async () => {
    const b = await bench();
    const target = { ...quota, cluster: 'asia' } as Target;
    expect(refusedPlan(await b.planOf('raise-quota', target)).reason).toBe(
      'this context has no cluster asia',
    );
  });

  it.each<[string, Target, string]>([
    ['raise-quota', quota, ''],
    ['lengthen-retention', orders, ''],
    ['add-partitions', orders, '6'],
    ['elect-topic-leaders', orders, ''],
    ['move-leader', orders, ''],
    ['reset-offsets', stopped, 'earliest'],
    ['delete-offsets', stopped, 'orders'],
    ['remove-member', billing, 'billing-1'],
    ['delete-group', stopped, ''],
  ])('by %s, where the user may only look', async (action, target, argument) => {
    const b = await bench({ as: 'watcher' });
    const before = JSON.stringify(b.us.state);
    const steps = await b.run(planned(await b.planOf(action, target, argument)));
    expect(last(steps)).toMatchObject({
      state: 'refused',
      text: expect.stringMatching(/may not see or do it \(\w+_AUTHORIZATION_FAILED/),
    });
    expect(JSON.stringify(b.us.state)).toBe(before);
  });

  it('when another level of the same quota was changed since: the plan is made anew', async () => {
    const b = await bench();
    const plan = planned(await b.planOf('raise-quota', quota));
    const level = b.us.state.quotas.find(q => q.entity['client-id'] === null);
    if (level) level.values['producer_byte_rate'] = 1;
    const steps = await b.run(plan);
    expect(states(steps)).toEqual(['re-reading', 'moved']);
    expect(last(steps)?.text).toContain('quota of client-id <default>');
    expect(limitOf(b, 'mm2-user')).toBe(60_000);
  });

  it('twice by two kmons: the second sees the world moved', async () => {
    const b = await bench();
    const rival = b.rival();
    const theirs = planned(await rival.plan('raise-quota', quota, '', new AbortController().signal));
    await done(b, 'raise-quota', quota);
    const steps: Step[] = [];
    for await (const step of rival.run(theirs, theirs.confirm, new AbortController().signal))
      steps.push(step);
    expect(states(steps)).toEqual(['re-reading', 'moved']);
    expect(last(steps)?.plan?.changes).toEqual([{ key: 'producer_byte_rate', from: '90000', to: '135000' }]);
    expect(limitOf(b, 'mm2-user')).toBe(90_000);
  });
});

describe('a write of which no answer comes', () => {
  it('is found out by reading: it was applied, and is not sent again', async () => {
    const b = await bench();
    const plan = planned(await b.planOf('reset-offsets', stopped, 'orders earliest'));
    for (const broker of b.us.state.brokers) broker.faults[8] = 'half';
    const steps = await b.run(plan);
    expect(steps.find(s => s.state === 'applied')?.text).toMatch(
      /did not confirm it .*read again: it is applied/,
    );
    expect(last(steps)?.state).toBe('done');
    expect(b.writes()).toEqual(['OffsetCommit']);
  });

  it('is found out by reading: it was not applied', async () => {
    const b = await bench();
    const plan = planned(await b.planOf('elect-topic-leaders', orders));
    for (const broker of b.us.state.brokers) broker.faults[43] = 'closing';
    const steps = await b.run(plan);
    expect(last(steps)).toMatchObject({ state: 'failed', text: expect.stringMatching(/^not applied/) });
    expect(b.writes()).toEqual(['ElectLeaders']);
  });
});

describe('a write that is done in part', () => {
  it('says so, and the undo takes back only what was done', async () => {
    const b = await bench();
    const plan = planned(await b.planOf('elect-topic-leaders', orders));
    b.us.state.topics['orders']?.partitions[2]?.isr.splice(0, 1);
    const steps = await b.run(plan);
    expect(states(steps)).toEqual(['re-reading', 'applying', 'applied', 'failed']);
    expect(steps.find(s => s.state === 'applied')?.text).toBe('1 of 2 lines were done');
    expect(last(steps)?.text).toMatch(/^applied in part: .*orders-2/);
    expect(leaders(b)).toEqual([1, 2, 1]);
  });

  it('is taken back in that part alone', async () => {
    const b = await bench();
    const plan = planned(await b.planOf('reset-offsets', stopped, 'earliest'));
    const topic = b.us.state.topics['orders'];
    const steps: Step[] = [];
    for await (const step of b.gate.run(plan, plan.confirm, new AbortController().signal)) {
      steps.push(step);
      // Between the last look and the write partition 2 goes: the broker knows it no more.
      if (step.state === 'applying') topic?.partitions.splice(2);
    }
    expect(states(steps)).toEqual(['re-reading', 'applying', 'applied', 'failed']);
    expect(committed(b, 'stopped')?.['orders']).toEqual({ 0: 100, 1: 100, 2: 1_000 });
    const undo = planned(await b.undo(plan));
    expect(undo.changes.map(c => c.key)).toEqual(['orders/0', 'orders/1']);
    await b.run(undo);
    expect(committed(b, 'stopped')?.['orders']).toEqual({ 0: 500, 1: 900, 2: 1_000 });
  });
});

it('no secret of the login is in any plan, step or line', async () => {
  const b = await bench({ flow: { throttle: seen(162, now) } });
  const plan = planned(await b.planOf('raise-quota', quota));
  const steps = await b.run(plan);
  const audit = await readFile(b.auditFile, 'utf8');
  expect(JSON.stringify([plan, steps]) + audit).not.toContain(secret);
});
