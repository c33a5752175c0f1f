import { setMaxListeners } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../source/core/clock.js';
import type { FailureKind } from '../../source/core/failure.js';
import type { Answer, Observation, OffsetColumn } from '../../source/core/observation.js';
import { KafkaDetail } from '../../source/observe/kafka-detail.js';
import { KafkaSweep } from '../../source/observe/kafka-sweep.js';
import { startKafka } from '../../source/simulator/kafka/start.js';
import {
  memberOf,
  partitionOf,
  type BrokerFault,
  type KafkaSetting,
  type KafkaState,
} from '../../source/simulator/kafka/state.js';
import { openKafka } from '../../source/wire/kafka/link.js';
import { until } from '../wire/kafka/support.js';

/** Every offset, size and count of this site is above a hundred, so that a 0 anywhere is a lie. */
const ids = [1, 2, 3];
const kinds = ['classic', 'consumer', 'share', 'streams'] as const;
const partitions = Array.from({ length: 6 }, (_, i) =>
  partitionOf({ logStart: 200, logEnd: 1_000, size: 5_000 }, ids, i),
);
const committed = { orders: { 0: 900, 1: 900, 2: 900, 3: 900, 4: 900, 5: 900 } };
const site: KafkaSetting = {
  acls: [],
  topics: { orders: { partitions } },
  groups: Object.fromEntries(
    ids.flatMap(coordinator =>
      kinds.map(type => [
        `${type}-${coordinator}`,
        {
          type,
          coordinator,
          members: [memberOf({ id: `m-${coordinator}` })],
          ...(type === 'share' ? { shareStarts: committed } : { committed }),
        },
      ]),
    ),
  ),
};

/** What asks what: the API's key, and the observation that carries its answer. */
const collectors = [
  ['ListOffsets', 2],
  ['OffsetFetch', 9],
  ['DescribeGroups', 15],
  ['ListGroups', 16],
  ['DescribeAcls', 29],
  ['DescribeConfigs', 32],
  ['DescribeLogDirs', 35],
  ['ListPartitionReassignments', 46],
  ['DescribeClientQuotas', 48],
  ['ConsumerGroupDescribe', 69],
  ['ShareGroupDescribe', 77],
  ['StreamsGroupDescribe', 89],
  ['DescribeShareGroupOffsets', 90],
] as const;

const faults: readonly (readonly [string, BrokerFault | 'unsupported', FailureKind])[] = [
  ['that hangs', 'hung', 'timeout'],
  ['that hangs up', 'closing', 'refused'],
  ['that hangs up in the middle of an answer', 'half', 'refused'],
  ['whose answer ends half-way', 'cut', 'malformed'],
  ['that speaks HTTP', { garbage: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') }, 'malformed'],
  ['whose answer is beyond all measure', { garbage: Buffer.from('18000000', 'hex') }, 'too-large'],
  ['that does not offer it', 'unsupported', 'unsupported'],
];

type Outcome = { readonly api: number; readonly broker: number; readonly item: string; readonly is: string };

const describeOf: Readonly<Record<string, number>> = { classic: 15, consumer: 69, share: 77, streams: 89 };

/** Any broker tells what is the cluster's, and which is not in the observation: the first is asked first, as is the controller. */
const teller = 1;
const clusterApis: Readonly<Record<string, number>> = { acls: 29, reassignments: 46, quotas: 48 };

/** What was told of each item: `ok`, or the kind of its failure. */
function outcomes(o: Observation): Outcome[] {
  const is = (answer: Answer<unknown>): string => ('ok' in answer ? 'ok' : answer.failed.kind);
  if (o.kind === 'groups') return [{ api: 16, broker: o.broker, item: 'all', is: is(o.answer) }];
  if (o.kind === 'log-dirs') return [{ api: 35, broker: o.broker, item: 'all', is: is(o.answer) }];
  if (o.kind === 'broker-configs')
    return [{ api: 32, broker: o.broker, item: 'the broker', is: is(o.answer) }];
  const ofTheCluster = clusterApis[o.kind];
  if (ofTheCluster !== undefined && 'answer' in o)
    return [{ api: ofTheCluster, broker: teller, item: 'all', is: is(o.answer) }];
  if (o.kind === 'topic-configs')
    return o.topics.map(t => ({ api: 32, broker: o.broker, item: t.topic, is: is(t.answer) }));
  if (o.kind === 'described')
    return o.groups.map(g => ({
      api: describeOf[g.group.split('-')[0] ?? ''] ?? 0,
      broker: o.broker,
      item: g.group,
      is: is(g.answer),
    }));
  if (o.kind === 'committed' || o.kind === 'share-offsets') {
    const api = o.kind === 'committed' ? 9 : 90;
    return o.groups.map(g => ({ api, broker: o.broker, item: g.group, is: is(g.answer) }));
  }
  if (o.kind !== 'offsets') return [];
  return o.topics.flatMap(c =>
    [...c.partition].map((p, i) => {
      const why = c.failure[i] ?? 0;
      return {
        api: 2,
        broker: o.broker,
        item: `${p}`,
        is: why === 0 ? 'ok' : (o.failures[why - 1]?.kind ?? ''),
      };
    }),
  );
}

function columnsOf(o: Observation): readonly OffsetColumn[] {
  if (o.kind === 'offsets') return o.topics;
  if (o.kind !== 'committed' && o.kind !== 'share-offsets') return [];
  return o.groups.flatMap(g => ('ok' in g.answer ? g.answer.ok : []));
}

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A healthy pass, then the fault, then a pass of the sweep and a round of the slow beat: what the latter two told. */
async function told(
  afflict: (state: KafkaState) => void,
  isFromTheStart = false,
  isTold: (seen: readonly Observation[]) => boolean = () => true,
): Promise<readonly Observation[]> {
  const kafka = await startKafka(site);
  // What a broker offers is told at the greeting.
  if (isFromTheStart) afflict(kafka.state);
  const security = {};
  const [requestTimeout, connectTimeout] = [1_500, 3_000];
  const link = openKafka(
    { cluster: 'us', bootstrap: kafka.bootstrap, security, clientId: 'kmon', requestTimeout, connectTimeout },
    { clock: systemClock },
  );
  ends.push(async () => {
    await link.close();
    await kafka.stop();
  });
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const seen: Observation[] = [];
  const beat = { signal, asking: () => undefined };
  const sweep = new KafkaSweep('us', link, systemClock, o => void seen.push(o));
  await sweep.pass(beat);
  seen.length = 0;
  afflict(kafka.state);
  await sweep.pass(beat);
  const detail = new KafkaDetail(link, sweep, o => void seen.push(o));
  // A round: quotas four times, and seven others.
  for (let step = 0; step < 8 + ids.length; step++) await detail.pass(beat);
  // What hangs holds up neither; its failure comes with its time-out.
  await until(() => isTold(seen));
  return seen;
}

/** Nothing that is not known is told as a number, and a failure holds no number. */
function expectNoZero(seen: readonly Observation[]): void {
  for (const { offset, failure } of seen.flatMap(columnsOf))
    offset.forEach((value, i) => expect(failure[i] === 0 ? value > 100 : Number.isNaN(value)).toBe(true));
}

test('without a fault everything is seen', async () => {
  const seen = await told(() => undefined);
  const all = seen.flatMap(outcomes);
  expect(new Set(all.map(o => o.api))).toEqual(new Set(collectors.map(([, api]) => api)));
  expect(all.filter(o => o.is !== 'ok')).toEqual([]);
  expectNoZero(seen);
});

test.each(
  collectors.flatMap(([name, api]) =>
    faults.map(([what, fault, kind]) => [name, what, kind, api, fault] as const),
  ),
)('%s asked of a broker %s: it is %s, and the other brokers are seen', async (_, __, kind, api, fault) => {
  const ill = api === 32 || Object.values(clusterApis).includes(api) ? teller : 2;
  const isOwn = (o: Outcome): boolean => o.broker === ill && o.api === api;
  const seen = await told(
    state => {
      const broker = state.brokers.find(b => b.id === ill);
      if (broker === undefined) return;
      if (fault === 'unsupported') broker.newest[api] = -1;
      else broker.faults[api] = fault;
    },
    fault === 'unsupported',
    seen => seen.some(o => outcomes(o).some(isOwn)),
  );
  const all = seen.flatMap(outcomes);
  const own = all.filter(isOwn);
  expect(new Set(own.map(o => o.is))).toEqual(new Set([kind]));
  const others = all.filter(o => o.broker !== ill && o.broker !== -1);
  expect(others.length).toBeGreaterThan(0);
  expect(others.filter(o => o.is !== 'ok')).toEqual([]);
  expectNoZero(seen);
});

test.each([
  ['its coordinator loads', 14, 'busy'],
  ['its coordinator moved', 16, 'busy'],
  ['it may not be seen', 30, 'unauthorised'],
] as const)('one group of each kind for which %s: it alone fails', async (_, code, kind) => {
  const seen = await told(state => {
    for (const type of kinds) {
      const group = state.groups[`${type}-2`];
      if (group) group.error = code;
    }
  });
  for (const outcome of seen.flatMap(outcomes))
    expect(outcome.is).toBe(outcome.item.endsWith('-2') ? kind : 'ok');
  expectNoZero(seen);
});

test('a topic that may not be seen fails in every group, and alone', async () => {
  const seen = await told(state => {
    const { orders } = state.topics;
    if (orders) orders.error = 29;
    for (const p of orders?.partitions ?? []) p.error = 29;
    for (const group of Object.values(state.groups)) group.errors = { orders: 29 };
  });
  for (const { topic, failure } of seen.flatMap(columnsOf))
    expect([topic, [...failure].every(why => why > 0)]).toEqual(['orders', true]);
  const reasons = seen.flatMap(o => ('failures' in o ? (o.failures ?? []) : []));
  expect(new Set(reasons.map(f => f.kind))).toEqual(new Set(['unauthorised']));
  expectNoZero(seen);
});
