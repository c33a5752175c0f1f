import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { valueOf } from '../../source/core/known.js';
import type { LogDirsSeen, Observation, TopicSeen } from '../../source/core/observation.js';
import { SiteModel } from '../../source/model/site-model.js';
import type { TopicView } from '../../source/model/snapshot.js';
import { plain } from '../support/plain.js';
import { column, site, SiteStream, SiteTruth } from '../support/site-stream.js';

type Topic = Partial<Omit<TopicSeen, 'leader' | 'replicas' | 'inSync'>> & {
  readonly leader: readonly number[];
  readonly inSync?: readonly number[];
  readonly replicas?: number;
};

function metadata(at: number, topics: Readonly<Record<string, Topic>>): Observation {
  const seen = Object.entries(topics).map(
    ([topic, { leader, inSync, replicas = 2, ...rest }]): TopicSeen => ({
      topic,
      internal: false,
      leader: Float64Array.from(leader),
      replicas: new Float64Array(leader.length).fill(replicas),
      inSync: Float64Array.from(inSync ?? leader.map(() => replicas)),
      ...rest,
    }),
  );
  const brokers = [1, 2, 3].map(id => ({ id, host: `us-${id}`, port: 9092, rack: `r${id}` }));
  const ok = { clusterId: 'id-us', controller: 2, brokers, topics: seen };
  return { kind: 'cluster', cluster: 'us', asked: at, answered: at, answer: { ok } };
}

function offsets(at: number, which: 'log-end' | 'log-start', values: readonly number[]): Observation {
  const topics = [column('orders', values)];
  return { kind: 'offsets', cluster: 'us', broker: 1, which, asked: at, answered: at, topics, failures: [] };
}

function disk(at: number, broker: number, sizes: Readonly<Record<number, number>>): LogDirsSeen {
  const [partition, size] = [
    Int32Array.from(Object.keys(sizes), Number),
    Float64Array.from(Object.values(sizes)),
  ];
  const answer = { ok: [{ topic: 'orders', partition, size }] };
  return { kind: 'log-dirs', cluster: 'us', broker, asked: at, answered: at, answer };
}

function modelOf(...observations: readonly Observation[]): SiteModel {
  const model = new SiteModel(site);
  for (const o of observations) model.fold(o);
  return model;
}

function orders(model: SiteModel, at: number): TopicView {
  const found = model.snapshot(at).topics.find(t => t.topic === 'orders');
  if (found === undefined) throw new Error('no topic orders');
  return found;
}

describe('a topic', () => {
  it('has rows with its leaders, replicas, offsets and sizes', () => {
    const model = modelOf(
      metadata(0, { orders: { leader: [1, -1], inSync: [2, 1], leaderEpoch: Float64Array.of(4, 7) } }),
      offsets(1_000, 'log-start', [10, 20]),
      offsets(1_000, 'log-end', [100, 200]),
      offsets(11_000, 'log-end', [600, 200]),
      disk(12_000, 1, { 0: 1_000, 1: 50 }),
      disk(12_000, 2, { 0: 900 }),
    );
    const topic = orders(model, 12_000);
    expect(topic).toMatchObject({ id: 'us/orders', partitionCount: 2, leaderless: 1, underReplicated: 1 });
    expect(topic.replicas).toMatchObject({ value: { least: 2, most: 2 } });
    expect(topic.arrival).toMatchObject({ value: 50 });
    expect(topic.partitions).toMatchObject([
      { leader: 1, leaderEpoch: 4, replicas: 2, inSync: 2, bytes: { value: 1_900 }, start: { value: 10 } },
      { leader: -1, leaderEpoch: 7, inSync: 1, end: { value: 200 }, arrival: { value: 0 } },
    ]);
    expect([0, 1, 2].map(topic.partition)).toEqual([...topic.partitions, undefined]);
    expect([...topic.leaders]).toEqual([1, -1]);
    expect(topic.partitions[1]?.bytes).toMatchObject({ unknown: { kind: 'partial' }, last: { value: 50 } });
    expect(topic.bytes).toMatchObject({ unknown: { kind: 'partial' }, last: { value: 1_900 } });
  });

  it('of which nothing was read says so, and not 0', () => {
    const topic = orders(modelOf(metadata(0, { orders: { leader: [1] } })), 0);
    expect(topic.arrival).toMatchObject({ unknown: { kind: 'absent' } });
    expect(topic.bytes).toMatchObject({ unknown: { kind: 'early' } });
    expect(topic.config).toMatchObject({ unknown: { kind: 'early' } });
    expect(topic.underMinInSync).toMatchObject({ unknown: { kind: 'early' } });
    expect(topic.partitions[0]?.end).toMatchObject({ unknown: { kind: 'absent' } });
  });

  it('that is not described has neither size nor rate, and not 0 of them', () => {
    const failed = failure('unauthorised', 'topic orders');
    const topic = orders(modelOf(metadata(0, { orders: { leader: [], failed } }), disk(1, 1, {})), 1);
    expect([topic.bytes, topic.arrival, topic.replicas]).toMatchObject([
      { unknown: failed },
      { unknown: failed },
      { unknown: failed },
    ]);
  });

  it('loses the replica that a broker no longer holds, and the sizes of a broker that does not answer', () => {
    const model = modelOf(
      metadata(0, { orders: { leader: [1] } }),
      disk(1_000, 1, { 0: 10 }),
      disk(1_000, 2, { 0: 20 }),
    );
    expect(orders(model, 1_000).bytes).toMatchObject({ value: 30 });
    const down = failure('timeout', 'broker 2');
    model.fold({ ...disk(2_000, 2, {}), answer: { failed: down } });
    expect(orders(model, 2_000).bytes).not.toHaveProperty('value');
    model.fold(disk(3_000, 2, {}));
    expect(orders(model, 3_000).partitions[0]?.bytes).toMatchObject({ last: { value: 10 } });
  });

  it('counts partitions below min.insync.replicas once its configuration is known, and keeps that', () => {
    const values = { 'min.insync.replicas': '2', 'cleanup.policy': 'delete' };
    const answer = { ok: { values, own: ['cleanup.policy'] } };
    const common = { kind: 'topic-configs', cluster: 'us', broker: 1, asked: 1, answered: 1 } as const;
    const model = modelOf(
      metadata(0, { orders: { leader: [1, 2, 3], inSync: [2, 1, 2] } }),
      { ...common, topics: [{ topic: 'orders', answer }] },
      metadata(2, { orders: { leader: [1, 2, 3], inSync: [2, 1, 1] } }),
    );
    expect(orders(model, 2)).toMatchObject({ underMinInSync: { value: 2 }, config: { value: answer.ok } });
    const refused = failure('unauthorised', 'orders');
    model.fold({ ...common, topics: [{ topic: 'orders', answer: { failed: refused } }] });
    expect(orders(model, 3).config).toMatchObject({ unknown: refused, last: { value: answer.ok } });
  });

  it('names the groups and flows that read it, and the flow that writes it', () => {
    const stream = new SiteStream(new SiteTruth());
    const model = modelOf(...stream.poll());
    const { topics } = model.snapshot(stream.truth.now);
    const at = stream.truth.now;
    model.fold({
      kind: 'groups',
      cluster: 'us',
      broker: 1,
      asked: at,
      answered: at,
      answer: { ok: [{ group: 'billing', type: 'classic', protocolType: 'consumer', state: 'Stable' }] },
    });
    const groups = [{ group: 'billing', answer: { ok: [column('eu.orders', [5])] } }];
    model.fold({
      kind: 'committed',
      cluster: 'us',
      broker: 1,
      asked: at,
      answered: at,
      groups,
      failures: [],
    });
    const find = (id: string, among: readonly TopicView[]): TopicView | undefined =>
      among.find(t => t.id === id);
    expect(find('eu/orders', topics)?.readers).toEqual({ groups: [], flows: ['us/mm2-source'] });
    expect(find('us/eu.orders', topics)).toMatchObject({
      readers: { groups: [] },
      writers: ['us/mm2-source'],
    });
    expect(find('us/eu.orders', model.snapshot(at).topics)?.readers.groups).toEqual(['us/billing']);
  });

  it('of a snapshot stays what it was', () => {
    const model = modelOf(
      metadata(0, { orders: { leader: [1] } }),
      offsets(1_000, 'log-end', [5]),
      disk(1_000, 1, { 0: 1 }),
    );
    const [looked, unlooked] = [orders(model, 1_000), orders(model, 1_000)];
    const before = plain(looked);
    model.fold(metadata(2_000, { orders: { leader: [2, 1] } }));
    model.fold(offsets(2_000, 'log-end', [500]));
    model.fold(disk(2_000, 1, { 0: 77 }));
    expect(plain(unlooked)).toEqual(before);
  });
});

describe('a leader', () => {
  it('has moved where another broker leads, however long there was none', () => {
    const model = new SiteModel(site);
    for (const [at, leader] of [
      [0, 1],
      [1, -1],
      [2, 1],
      [3, -1],
      [4, 2],
      [5, 2],
      [6, NaN],
      [7, 3],
    ] as const)
      model.fold(metadata(at, { orders: { leader: [leader, 1] } }));
    const topic = orders(model, 7);
    // What lies behind an answer that did not tell is not known.
    expect(topic.partitions).toMatchObject([
      { leaderMoves: 1, leaderMoved: { at: 4, from: 1 } },
      { leaderMoves: 0 },
    ]);
    expect(topic.partitions[1]).not.toHaveProperty('leaderMoved');
    expect(topic.leaderMoves).toBe(1);
  });
});

describe('a topic that changed', () => {
  it('is new where it appeared while kmon looked', () => {
    const model = modelOf(
      metadata(0, { old: { leader: [1] } }),
      metadata(5, { old: { leader: [1] }, orders: { leader: [1] } }),
    );
    expect(model.snapshot(5).topics.map(t => [t.topic, t.created])).toEqual([
      ['old', undefined],
      ['orders', 5],
    ]);
  });

  it('was made again where its id is another one: nothing of the old one is left', () => {
    const model = modelOf(
      metadata(0, { orders: { leader: [1], topicId: 'a' } }),
      offsets(1, 'log-end', [3_000_000]),
      metadata(2, { orders: { leader: [2], topicId: 'b' } }),
    );
    const topic = orders(model, 2);
    expect(topic).toMatchObject({ recreated: 2, leaderMoves: 0, truncations: [] });
    expect(topic.partitions[0]?.end).toHaveProperty('unknown');
  });

  it('was made again, too, where it was missed in between; one that was out of sight only is new to kmon', () => {
    const model = modelOf(
      metadata(0, { orders: { leader: [1], topicId: 'a' } }),
      metadata(2, { other: { leader: [1] } }),
      metadata(4, { orders: { leader: [1], topicId: 'b' } }),
    );
    expect(orders(model, 4)).toMatchObject({ recreated: 4 });
    for (const o of [
      metadata(6, { other: { leader: [1] } }),
      metadata(8, { orders: { leader: [1], topicId: 'b' } }),
    ])
      model.fold(o);
    expect(orders(model, 8)).not.toHaveProperty('recreated', 8);
  });

  it('remembers where its partitions ended when more were added', () => {
    const model = modelOf(
      metadata(0, { orders: { leader: [1, 2] } }),
      offsets(1, 'log-end', [70, 80]),
      metadata(2, { orders: { leader: [1, 2, 3, 1] } }),
    );
    expect(orders(model, 2).partitionsAdded).toEqual({
      at: 2,
      from: 2,
      to: 4,
      ends: Float64Array.of(70, 80),
    });
  });

  it('was truncated where its end went back and the topic is the same one, which is sure only then', () => {
    const same = { orders: { leader: [1], topicId: 'a' } };
    const model = modelOf(metadata(0, same), offsets(1, 'log-end', [500]), offsets(10, 'log-end', [450]));
    const fell = { at: 10, partition: 0, from: 500, to: 450 };
    expect(orders(model, 10).truncations).toEqual([{ ...fell, sure: false }]);
    model.fold(metadata(12, same));
    expect(orders(model, 12).truncations).toEqual([{ ...fell, sure: true }]);
  });

  it('was not truncated where an older answer arrives late', () => {
    const model = modelOf(metadata(0, { orders: { leader: [1] } }), offsets(10, 'log-end', [500]), {
      ...offsets(11, 'log-end', [450]),
      asked: 9,
    });
    expect(orders(model, 11).truncations).toEqual([]);
  });

  it('was not truncated where a broker that stood still answers as the leader that it was', () => {
    const same = { orders: { leader: [1], topicId: 'a' } };
    const led = (at: number, end: number, epoch: number): Observation => {
      const topics = [{ ...column('orders', [end]), leaderEpoch: Float64Array.of(epoch) }];
      const times = { asked: at, answered: at };
      return { kind: 'offsets', cluster: 'us', broker: 1, which: 'log-end', ...times, topics, failures: [] };
    };
    const model = modelOf(metadata(0, same), led(1, 500, 4), led(2, 520, 5), led(3, 510, 4));
    expect(orders(model, 3).truncations).toEqual([]);
    expect(orders(model, 3).partition(0)?.end).toMatchObject({ value: 520, at: 2 });
    // Its successor has lost what it had: that is true, whoever leads next.
    model.fold(led(4, 480, 6));
    expect(orders(model, 4).truncations).toMatchObject([{ from: 520, to: 480 }]);
    // A topic made anew where no id tells so begins at 0 in all.
    model.fold(led(40_000, 5, 0));
    expect(orders(model, 40_000).partition(0)?.end).toMatchObject({ value: 5 });
  });
});

describe('a broker', () => {
  it('has a rack, leaders, replicas, bytes, and what arrives at it', () => {
    const model = modelOf(
      metadata(0, { orders: { leader: [1, 1, 2] } }),
      offsets(1_000, 'log-end', [0, 0, 0]),
      offsets(11_000, 'log-end', [100, 200, 1_000]),
      disk(12_000, 1, { 0: 5, 1: 6 }),
    );
    const brokers = valueOf(model.snapshot(12_000).clusters[1]?.brokers ?? { value: [], at: 0 });
    expect(brokers).toMatchObject([
      {
        rack: 'r1',
        controller: false,
        leaders: 2,
        arrival: { perSecond: 30, partitions: 2 },
        replicas: { value: 2 },
        bytes: { value: 11 },
      },
      { controller: true, leaders: 1, arrival: { perSecond: 100 }, bytes: { unknown: { kind: 'early' } } },
      { leaders: 0, arrival: { perSecond: 0, partitions: 0 } },
    ]);
  });

  it('has partitions that it should lead, and those of them that an election would give back', () => {
    const orders = {
      leader: [1, 1, 1, -1],
      preferred: Float64Array.of(1, 2, 2, 3),
      inSync: [2, 2, 1, 0],
      inSyncIds: Int32Array.of(1, 2, 1, 2, 1),
    };
    const preferred = (topic: typeof orders | { leader: number[] }) =>
      valueOf(
        modelOf(metadata(0, { orders: topic })).snapshot(1_000).clusters[1]?.brokers ?? { value: [], at: 0 },
      )?.map(b => b.preferred);
    expect(preferred(orders)).toMatchObject([
      { value: { partitions: 1, away: 0, behind: 0, elected: 2 } },
      { value: { partitions: 2, away: 1, behind: 1, elected: 1 } },
      { value: { partitions: 1, away: 0, behind: 1, elected: 0 } },
    ]);
    expect(preferred({ leader: [1, 1] })).toMatchObject([
      { unknown: { kind: 'absent' } },
      { unknown: { kind: 'absent' } },
      { unknown: { kind: 'absent' } },
    ]);
  });
});
