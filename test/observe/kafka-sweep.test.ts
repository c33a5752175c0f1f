import { getEventListeners, setMaxListeners } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../source/core/clock.js';
import type { Failure } from '../../source/core/failure.js';
import type { Observation, ObservationKind } from '../../source/core/observation.js';
import { KafkaSweep } from '../../source/observe/kafka-sweep.js';
import { startKafka, type SimulatedKafka } from '../../source/simulator/kafka/start.js';
import { partitionOf, type KafkaSetting } from '../../source/simulator/kafka/state.js';
import { openKafka, type KafkaLink } from '../../source/wire/kafka/link.js';

/** Passes over a simulated cluster on real sockets. */
class Sweeping {
  readonly seen: Observation[] = [];
  readonly asked: string[] = [];
  onSeen: (o: Observation) => void = () => undefined;
  /** Lives as long as the program, in kmon. */
  readonly signal = new AbortController().signal;
  private constructor(
    readonly kafka: SimulatedKafka,
    readonly link: KafkaLink,
    readonly sweep: KafkaSweep,
    seen: Observation[],
  ) {
    this.seen = seen;
    setMaxListeners(0, this.signal);
  }

  static async over(setting: KafkaSetting): Promise<Sweeping> {
    const kafka = await startKafka(setting);
    const link = openKafka(
      {
        cluster: 'us',
        bootstrap: kafka.bootstrap,
        security: {},
        clientId: 'kmon',
        requestTimeout: 10_000,
        connectTimeout: 1000,
      },
      { clock: systemClock },
    );
    const seen: Observation[] = [];
    const sweep: KafkaSweep = new KafkaSweep('us', link, systemClock, o => {
      seen.push(o);
      made.onSeen(o);
    });
    const made = new Sweeping(kafka, link, sweep, seen);
    open.push(made);
    return made;
  }

  async pass(): Promise<Failure | undefined> {
    this.seen.length = 0;
    this.kafka.requests.length = 0;
    return this.sweep.pass({
      signal: this.signal,
      asking: what => this.asked.push(what),
    });
  }

  of<K extends ObservationKind>(kind: K): Extract<Observation, { kind: K }>[] {
    return this.seen.filter((o): o is Extract<Observation, { kind: K }> => o.kind === kind);
  }

  /** End offsets by `topic/partition`; undefined where one was not known. */
  ends(): Map<string, number | undefined> {
    return new Map(
      this.of('offsets').flatMap(o =>
        o.topics.flatMap(({ topic, partition, offset }) =>
          [...partition].map((p, i) => {
            const end = offset[i] ?? NaN;
            return [`${topic}/${p}`, Number.isNaN(end) ? undefined : end] as const;
          }),
        ),
      ),
    );
  }

  async stop(): Promise<void> {
    await this.link.close();
    await this.kafka.stop();
  }
}

const open: Sweeping[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(s => s.stop()));
});

const site: KafkaSetting = {
  topics: { orders: 6, unread: 6 },
  groups: Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`group-${i}`, { committed: { orders: { 0: 5, 1: 5, 2: 5 } } }]),
  ),
};

describe('a pass over a cluster', () => {
  it('costs requests by brokers, not by groups or topics', async () => {
    const s = await Sweeping.over(site);
    await s.pass();
    await s.pass();
    // ListGroups, DescribeGroups, OffsetFetch and ListOffsets, each once a broker.
    expect(s.kafka.requests).toHaveLength(3 * 4);
  });

  it('sees every group with what it committed, and the ends of what is consumed', async () => {
    const s = await Sweeping.over(site);
    expect(await s.pass()).toBeUndefined();
    expect(s.of('groups').flatMap(o => ('ok' in o.answer ? o.answer.ok : []))).toHaveLength(30);
    expect(s.of('committed').flatMap(o => o.groups)).toHaveLength(30);
    expect([...s.ends().keys()].sort()).toEqual([0, 1, 2, 3, 4, 5].map(p => `orders/${p}`));
  });

  it('reads the ends of other topics when a flow asks for them', async () => {
    const s = await Sweeping.over(site);
    await s.pass();
    await s.sweep.readOffsets('log-end', new Set(['unread']), new AbortController().signal);
    expect(s.ends().has('unread/3')).toBe(true);
  });

  it('asks for end offsets after the committed ones were answered', async () => {
    const s = await Sweeping.over(site);
    await s.pass();
    const committed = Math.max(...s.of('committed').map(o => o.answered));
    for (const ends of s.of('offsets')) expect(ends.asked).toBeGreaterThanOrEqual(committed);
  });

  it('tells committed offsets before the ends, and those of the last coordinator while the leaders are asked already', async () => {
    const s = await Sweeping.over(site);
    await s.pass();
    const asked: number[] = [];
    s.onSeen = o => {
      if (o.kind === 'committed') asked.push(s.link.counters().requests);
    };
    const before = s.link.counters().requests;
    await s.pass();
    const told = s.seen.map(o => o.kind).filter(kind => kind === 'committed' || kind === 'offsets');
    expect(told).toEqual(['committed', 'committed', 'committed', 'offsets', 'offsets', 'offsets']);
    // ListGroups, OffsetFetch and DescribeGroups of three brokers, and ListOffsets of as many leaders.
    const [last, ...others] = asked.map(requests => requests - before).reverse();
    expect(last).toBe(12);
    expect(Math.max(...others)).toBeLessThanOrEqual(9);
  });

  it('asks a coordinator for committed offsets before descriptions, which nothing waits for', async () => {
    const s = await Sweeping.over(site);
    await s.pass();
    await s.pass();
    const asked = s.kafka.requests.filter(r => r.broker === 2).map(r => r.name);
    expect(asked).toEqual(['ListGroups', 'OffsetFetch', 'DescribeGroups', 'ListOffsets']);
  });

  it('reads due metadata beside the groups, and tells it before the offsets of the topics that it speaks of', async () => {
    const s = await Sweeping.over(site);
    await s.pass();
    // A failed leader makes it due again.
    await s.kafka.afflict(3, 'down');
    await s.pass();
    await s.kafka.afflict(3, 'none');
    await new Promise<void>(resolve => setTimeout(resolve, 1_050));
    await s.pass();
    const asked = s.kafka.requests.map(r => r.name);
    expect(asked.indexOf('Metadata')).toBeGreaterThan(asked.indexOf('ListGroups'));
    const told = s.seen.map(o => o.kind);
    expect(told.indexOf('cluster')).toBeGreaterThanOrEqual(0);
    expect(told.indexOf('cluster')).toBeLessThan(told.indexOf('committed'));
  });

  it('leaves nothing behind on the signal that it was given', async () => {
    const s = await Sweeping.over(site);
    for (let i = 0; i < 3; i++) await s.pass();
    expect(getEventListeners(s.signal, 'abort')).toEqual([]);
  });

  it('says what it asks, for the first frame', async () => {
    const s = await Sweeping.over(site);
    await s.pass();
    expect(s.asked[0]).toBe('Metadata');
    expect(s.asked.at(-1)).toBe('3 of 3 brokers answered');
  });

  it('asks each group by its own protocol', async () => {
    const s = await Sweeping.over({
      topics: { orders: 3 },
      groups: {
        old: { type: 'classic', coordinator: 1 },
        next: { type: 'consumer', coordinator: 1 },
        shared: { type: 'share', coordinator: 1 },
        workers: { type: 'classic', protocolType: 'connect', coordinator: 1 },
      },
    });
    await s.pass();
    const described = s.of('described').flatMap(o => o.groups);
    expect(described.map(g => [g.group, 'ok' in g.answer]).sort()).toEqual([
      ['next', true],
      ['old', true],
      ['shared', true],
      ['workers', true],
    ]);
    expect(
      s
        .of('committed')
        .flatMap(o => o.groups.map(g => g.group))
        .sort(),
    ).toEqual(['next', 'old']);
  });
});

describe('what fails costs only itself', () => {
  it('a dead broker: the groups and partitions of the others are seen, its own are named', async () => {
    const s = await Sweeping.over(site);
    await s.pass();
    await s.kafka.afflict(2, 'down');
    expect(await s.pass()).toBeUndefined();
    const listed = s.of('groups').map(o => [o.broker, 'ok' in o.answer ? 'ok' : o.answer.failed.kind]);
    expect(listed.sort()).toEqual([
      [1, 'ok'],
      [2, 'refused'],
      [3, 'ok'],
    ]);
    const unknown = [...s.ends()].filter(([, end]) => end === undefined).map(([partition]) => partition);
    expect(unknown.sort()).toEqual(['orders/1', 'orders/4']);
  });

  it('a hung broker: the others are read in the same pass, and it is not asked again while it owes an answer', async () => {
    const s = await Sweeping.over(site);
    await s.pass();
    await s.kafka.afflict(2, 'hung');
    expect(await s.pass()).toBeUndefined();
    expect(
      s
        .of('groups')
        .map(o => o.broker)
        .sort(),
    ).toEqual([1, 3]);
    expect(s.ends().get('orders/0')).toBe(0);
    for (let i = 0; i < 2; i++) await s.pass();
    expect(s.kafka.requests.filter(r => r.broker === 2).length).toBeLessThanOrEqual(1);
  });

  it('a partition without a leader is a failure of that partition', async () => {
    const s = await Sweeping.over(site);
    const partition = s.kafka.state.topics['orders']?.partitions[3];
    if (partition) partition.leader = -1;
    await s.pass();
    expect(s.ends().get('orders/3')).toBeUndefined();
    expect(s.ends().get('orders/4')).toBe(0);
    const reasons = s.of('offsets').flatMap(o => o.failures);
    expect(reasons).toMatchObject([{ kind: 'absent', detail: 'the partition has no leader' }]);
  });

  it('a whole cluster that is gone fails the pass, and its groups are told one by one', async () => {
    const s = await Sweeping.over(site);
    await s.pass();
    await Promise.all([1, 2, 3].map(id => s.kafka.afflict(id, 'down')));
    await s.pass();
    expect(s.of('groups').every(o => 'failed' in o.answer)).toBe(true);
  });

  it('a cluster that never answered fails with the reason', async () => {
    const s = await Sweeping.over(site);
    await Promise.all([1, 2, 3].map(id => s.kafka.afflict(id, 'down')));
    expect(await s.pass()).toMatchObject({ kind: 'refused' });
    expect(s.of('cluster')).toHaveLength(1);
  });
});

describe('what moves and what goes', () => {
  it('a group whose coordinator moves between two questions is busy, and seen at the new one next time', async () => {
    const s = await Sweeping.over({
      topics: { orders: 3 },
      groups: { billing: { coordinator: 1, committed: { orders: { 0: 5 } } } },
    });
    await s.pass();
    const { billing } = s.kafka.state.groups;
    if (billing) billing.error = 16;
    await s.pass();
    const answers = [...s.of('described'), ...s.of('committed')].flatMap(o => o.groups.map(g => g.answer));
    expect(answers.map(a => ('failed' in a ? a.failed.detail : 'ok'))).toEqual([
      'NOT_COORDINATOR',
      'NOT_COORDINATOR',
    ]);
    // Its topics are still of interest.
    expect(s.ends().has('orders/0')).toBe(true);
    if (billing) Object.assign(billing, { error: 0, coordinator: 2 });
    await s.pass();
    expect(s.of('committed').map(o => [o.broker, 'ok' in (o.groups[0]?.answer ?? {})])).toEqual([[2, true]]);
  });

  it('a group that is deleted is asked about no more, and its topics neither', async () => {
    const s = await Sweeping.over({
      topics: { orders: 3 },
      groups: { billing: { coordinator: 1, committed: { orders: { 0: 5 } } } },
    });
    await s.pass();
    delete s.kafka.state.groups['billing'];
    await s.pass();
    expect(s.of('offsets')).toEqual([]);
    expect(s.of('committed')).toEqual([]);
  });

  it('a topic that is deleted under its group: its partitions have a reason, in this pass and after the metadata told', async () => {
    const s = await Sweeping.over({
      topics: { orders: 3, old: 2 },
      groups: { billing: { coordinator: 1, committed: { orders: { 0: 5 }, old: { 0: 5, 1: 5 } } } },
    });
    await s.pass();
    delete s.kafka.state.topics['old'];
    for (const detail of ['UNKNOWN_TOPIC_OR_PARTITION', 'it does not have the topic']) {
      await s.pass();
      expect(s.ends().get('old/1')).toBeUndefined();
      expect(s.ends().has('old/1')).toBe(true);
      expect(s.ends().get('orders/0')).toBe(0);
      const reasons = s.of('offsets').flatMap(o => o.failures);
      for (const why of reasons) expect(why).toMatchObject({ kind: 'absent' });
      expect(reasons[0]?.detail).toContain(detail);
      await new Promise<void>(resolve => setTimeout(resolve, 1_050));
    }
  });

  it('a kind of group from after this kmon is listed, and what is missing is named', async () => {
    const s = await Sweeping.over({
      groups: { ahead: { type: 'quantum' as 'classic', protocolType: 'quantum', coordinator: 1 } },
    });
    await s.pass();
    expect(s.of('groups').flatMap(o => ('ok' in o.answer ? o.answer.ok : []))).toMatchObject([
      { group: 'ahead', type: 'unknown' },
    ]);
    expect(s.of('described').flatMap(o => o.groups)).toMatchObject([
      {
        group: 'ahead',
        answer: { failed: { kind: 'unsupported', detail: expect.stringContaining('quantum') as string } },
      },
    ]);
  });

  it('the ends of what a share group reads are of interest too', async () => {
    const s = await Sweeping.over({
      topics: { orders: 3 },
      groups: { fraud: { type: 'share', coordinator: 1, shareStarts: { orders: { 0: 5 } } } },
    });
    await s.pass();
    expect(s.of('share-offsets')).toHaveLength(1);
    expect(s.ends().has('orders/2')).toBe(true);
  });
});

describe('what a pass costs', () => {
  it('ten thousand committed offsets of a hundred groups are one OffsetFetch a coordinator, once it is known', async () => {
    const all = Object.fromEntries(Array.from({ length: 100 }, (_, p) => [p, 5]));
    const s = await Sweeping.over({
      topics: { orders: 100 },
      groups: Object.fromEntries(
        Array.from({ length: 100 }, (_, i) => [`group-${i}`, { committed: { orders: all } }]),
      ),
    });
    await s.pass();
    await s.pass();
    expect(s.kafka.requests).toHaveLength(3 * 4);
  });

  it('is told with the metadata: requests, bytes, seconds, and the interval', async () => {
    const s = await Sweeping.over(site);
    await s.pass();
    expect(s.of('cluster')[0]?.cost).toBeUndefined();
    expect(s.sweep.interval(5_000)).toBe(5_000);
    await s.kafka.afflict(2, { slow: 250 });
    await s.pass();
    await s.kafka.afflict(2, 'none');
    // ListGroups, then the describes and OffsetFetch, then ListOffsets: 250 ms each, and a third of the time at most.
    const every = s.sweep.interval(1_000);
    expect(every).toBeGreaterThanOrEqual(3 * 750);
    expect(s.sweep.interval(10_000)).toBe(10_000);
    await s.kafka.afflict(1, 'down');
    await s.pass();
    await new Promise<void>(resolve => setTimeout(resolve, 1_050));
    await s.pass();
    const [cluster] = s.of('cluster');
    expect(cluster?.cost).toMatchObject({ every: 10 });
    expect(cluster?.cost?.requests).toBeGreaterThan(5);
    expect(cluster?.cost?.seconds).toBeGreaterThan(0);
  });
});

describe('ends of epochs', () => {
  /** `orders` of two partitions, whose leaders have changed since `billing` committed under epoch 4. */
  const moved = (leaderEpoch: number): KafkaSetting => ({
    topics: {
      orders: {
        partitions: [0, 1].map(turn =>
          partitionOf({ logEnd: 120, leaderEpoch, epochEnds: { 4: turn === 0 ? 60 : 110 } }, [1, 2, 3], turn),
        ),
      },
    },
    groups: { billing: { committed: { orders: { 0: 100, 1: 100 } }, committedEpoch: 4 } },
  });

  it('are asked once of each leader that has changed, and told with the epoch that was asked about', async () => {
    const s = await Sweeping.over(moved(5));
    await s.pass();
    await s.sweep.readEpochEnds(s.signal);
    const told = s.of('epoch-ends').flatMap(o => ('ok' in o.answer ? o.answer.ok.topics : []));
    const ends = told.flatMap(c => [...c.partition].map((p, i) => [p, c.wanted[i], c.offset[i]]));
    expect(ends.sort()).toEqual([
      [0, 4, 60],
      [1, 4, 110],
    ]);
    expect(s.kafka.requests.filter(r => r.name === 'OffsetForLeaderEpoch')).toHaveLength(2);
    await s.pass();
    await s.sweep.readEpochEnds(s.signal);
    expect(s.of('epoch-ends')).toEqual([]);
    expect(s.kafka.requests.filter(r => r.name === 'OffsetForLeaderEpoch')).toEqual([]);
  });

  it('cost nothing where leaders are those under which was committed, or clients tell no epoch', async () => {
    const same = await Sweeping.over(moved(4));
    const silent = { committed: { orders: { 0: 100, 1: 100 } } };
    const none = await Sweeping.over({ ...moved(5), groups: { billing: silent } });
    for (const s of [same, none]) {
      await s.pass();
      await s.sweep.readEpochEnds(s.signal);
      expect(s.kafka.requests.filter(r => r.name === 'OffsetForLeaderEpoch')).toEqual([]);
    }
  });

  it('that could not be told are asked for again', async () => {
    const s = await Sweeping.over(moved(5));
    await s.pass();
    for (const partition of s.kafka.state.topics['orders']?.partitions ?? []) partition.error = 6;
    await s.sweep.readEpochEnds(s.signal);
    for (const partition of s.kafka.state.topics['orders']?.partitions ?? []) partition.error = 0;
    s.kafka.requests.length = 0;
    await s.sweep.readEpochEnds(s.signal);
    expect(s.kafka.requests.filter(r => r.name === 'OffsetForLeaderEpoch')).toHaveLength(2);
  });
});
