import { beforeAll, describe, expect, test } from 'vitest';
import { explain, failure, failureKinds, type FailureKind } from '../../source/core/failure.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { machineLimits } from '../../source/diagnose/machine-limits.js';
import type { Observation, ObservationKind, OffsetColumn } from '../../source/core/observation.js';
import { SiteModel } from '../../source/model/site-model.js';
import type { Snapshot } from '../../source/model/snapshot.js';
import { emptyMemory } from '../../source/session/memory.js';
import type { View } from '../../source/session/view.js';
import { usualSetting } from '../../source/simulator/site/setting.js';
import { factsIn } from '../support/plain.js';
import { textOf } from '../support/screens.js';
import { Watched } from '../simulator/site/watched.js';

/**
 * Every kind of observation × every kind of failure, whole and by halves: what it hides is unknown for that reason, on the
 * screen too; everything else is as it was; nothing is 0 that was not. How the outside comes to such failures is tested over
 * sockets, in `kafka-matrix.test.ts` and `connect-and-metrics.test.ts`.
 */

/** What each kind tells, as paths into the snapshot: `named` must be unknown, and nothing beside `hides` may change. */
type Expected = {
  readonly named?: string;
  readonly hides: RegExp;
  /** Asked once, at the start. */
  readonly once?: true;
  /** No screen is about it: `kmon doctor` tells of it. */
  readonly unseen?: true;
};

const expected: { readonly [K in ObservationKind]: Expected } = {
  cluster: { named: 'clusters.us.brokers', hides: /^clusters\.(eu|us)\.(clusterId|brokers|partitions)/ },
  offsets: {
    named: 'groups.us/audit.lag',
    hides:
      /^(clusters\.\S+\.answers$|flows\.us\/mm2-source\.(arrival|write|lag|partitions|skew)|groups\.\S+\.(lag|timeLag|timeToLoss|lost|lagTrend|lagSlope|drain|members\.\d+\.lag|partitions|skew)|topics\.\S+\.(arrival|skew\S*|partitions\S+))/,
  },
  groups: { named: 'clusters.us.groupListing', hides: /^(clusters\.\S+\.groupListing|groups\.\S+)/ },
  described: { named: 'groups.us/audit.members', hides: /^groups\.\S+\.(members|state|assignment)/ },
  committed: {
    named: 'groups.us/audit.lag',
    hides: /^groups\.(eu\/billing|us\/(audit|search-indexer))\./,
  },
  'share-offsets': { named: 'groups.us/fraud-share.lag', hides: /^groups\.us\/fraud-share\./ },
  'topic-configs': {
    named: 'topics.us/eu.orders.config',
    hides: /^(groups\.\S+\.(lost|timeToLoss|partitions)|topics\.\S+\.(config|underMinInSync))/,
    once: true,
    unseen: true,
  },
  'log-dirs': {
    named: 'topics.us/eu.orders.bytes',
    hides: /^(clusters\.\S+\.brokers\S*\.(replicas|bytes)|topics\.\S+\.bytes)/,
    unseen: true,
  },
  connect: {
    named: 'connects.us.version',
    hides: /^connects\.us\.(version|clusterId)/,
    once: true,
    unseen: true,
  },
  connectors: {
    named: 'flows.us/mm2-source.state',
    hides: /^(connects\.us\.connectors|flows\.\S+\.(state|worker|tasksMax|config))/,
  },
  plugins: { named: 'connects.us.plugins', hides: /^connects\.us\.plugins/, once: true, unseen: true },
  positions: { hides: /^flows\.us\/mm2-source\.(lag|partitions)/ },
  metrics: {
    named: 'flows.us/mm2-source.poll.now',
    hides: /^(metrics\.prometheus|flows\.|workers\.|clusters\.\S+\.machine\.)/,
  },
  quotas: { named: 'clusters.us.quotas', hides: /^clusters\.\S+\.quotas/, once: true, unseen: true },
  acls: { named: 'clusters.us.acls', hides: /^clusters\.\S+\.acls/, once: true, unseen: true },
  reassignments: {
    named: 'clusters.us.reassignments',
    hides: /^clusters\.\S+\.reassignments/,
    once: true,
    unseen: true,
  },
  records: {
    named: 'topics.eu/orders.sampled.0.sample',
    hides: /^topics\.\S+\.sampled/,
    once: true,
    unseen: true,
  },
  'broker-configs': { hides: /^clusters\.\S+\.config/, once: true, unseen: true },
  'epoch-ends': { hides: /^$/, once: true, unseen: true },
  'broker-apis': { hides: /^clusters\.\S+\.apis/, once: true, unseen: true },
  'metrics-past': { hides: /^$/, once: true, unseen: true },
};

let rounds: { readonly at: number; readonly seen: readonly Observation[] }[] = [];
let before: Facts;
beforeAll(async () => {
  const watched = await Watched.start(usualSetting);
  rounds = [];
  await watched.watch(48, ({ snapshot: { at }, seen }) => rounds.push({ at, seen }));
  await watched.close();
  before = factsOf(snapshotWith(undefined, 'timeout', 'whole'));
}, 120_000);

type Extent = 'whole' | 'half';

/** The same observation where its answer, or every second item of it, failed. */
function failed(o: Observation, kind: FailureKind, extent: Extent): Observation {
  const why = failure(kind, 'what was asked', 'in a test');
  const isHit = (i: number): boolean => extent === 'whole' || i % 2 === 1;
  if ('answer' in o) {
    const isOther =
      extent === 'half' && (('cluster' in o && o.cluster === 'eu') || ('broker' in o && o.broker === 1));
    return isOther ? o : { ...o, answer: { failed: why } };
  }
  const column = (c: OffsetColumn): OffsetColumn => ({
    ...c,
    offset: c.offset.map((value, i) => (isHit(i) ? NaN : value)),
    failure: c.failure.map((was, i) => (isHit(i) ? 1 : was)),
  });
  if (o.kind === 'offsets') return { ...o, topics: o.topics.map(column), failures: [why] };
  const item = <T extends object>(one: T, i: number): T =>
    isHit(i) ? { ...one, answer: { failed: why } } : one;
  if (o.kind === 'topic-configs') return { ...o, topics: o.topics.map(item) };
  return { ...o, groups: o.groups.map(item) } as Observation;
}

/** What is known at the end where a kind failed in the last rounds, or from the start. */
function snapshotWith(hit: ObservationKind | undefined, kind: FailureKind, extent: Extent): Snapshot {
  const model = new SiteModel({
    clusters: [
      { name: 'eu', bootstrap: ['eu:1'] },
      { name: 'us', bootstrap: ['us:1'] },
    ],
    connects: [{ name: 'us', cluster: 'us' }],
  });
  // In so many rounds the slow beat of a cluster has asked everything once.
  const from = hit !== undefined && expected[hit].once ? 0 : rounds.length - 11;
  for (const [i, { seen }] of rounds.entries())
    for (const o of seen) model.fold(o.kind === hit && i >= from ? failed(o, kind, extent) : o);
  return model.snapshot(rounds.at(-1)?.at ?? 0);
}

type Facts = { readonly states: ReadonlyMap<string, string>; readonly zeros: ReadonlySet<string> };

/** Every fact of a snapshot by its path: `known`, or why not; and which are 0, for none may become it. */
function factsOf(snapshot: Snapshot): Facts {
  const states = new Map<string, string>();
  const zeros = new Set<string>();
  const walk = (value: unknown, path: string): void => {
    if (value === 0) zeros.add(path);
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    if (/(series|cost|rebalances|restarts|history)$/i.test(path)) return;
    if ('unknown' in value) return void states.set(path, (value.unknown as { kind: string }).kind);
    if ('value' in value && 'at' in value) {
      states.set(path, 'known');
      return walk(value.value, path);
    }
    for (const [key, child] of factsIn(value)) {
      const name = named(child) ?? key;
      walk(child, path === '' ? name : `${path}.${name}`);
    }
  };
  walk(snapshot, '');
  return { states, zeros };
}

function named(child: unknown): string | undefined {
  if (typeof child !== 'object' || child === null) return undefined;
  if ('id' in child) return String(child.id);
  return 'name' in child && typeof child.name === 'string' ? child.name : undefined;
}

/** A pass that could see nothing fails as a whole; workers that rebalance answer for themselves. */
function fails(endpoint: string, hit: ObservationKind, kind: FailureKind): boolean {
  if (endpoint === 'connect us') return hit === 'connectors' && kind !== 'busy';
  return endpoint === 'prometheus' && hit === 'metrics';
}

function viewOf(snapshot: Snapshot, hit: ObservationKind, kind: FailureKind): View {
  return {
    site: { context: 'test', mode: 'read-only' },
    at: snapshot.at,
    startedAt: snapshot.at - 60_000,
    snapshot,
    findings: [],
    earlier: [],
    limits: machineLimits(defaultLimits),
    memory: emptyMemory,
    past: [],
    unjudged: [],
    endpoints: ['kafka eu', 'kafka us', 'connect us', 'prometheus'].map(name => ({
      name,
      kind: name.startsWith('kafka') ? 'kafka' : name.startsWith('connect') ? 'connect' : 'prometheus',
      address: 'host:1',
      status: fails(name, hit, kind)
        ? {
            is: 'failing',
            failure: failure(kind, name),
            since: snapshot.at,
            nextTry: snapshot.at,
          }
        : { is: 'live', lastAnswer: snapshot.at },
    })),
    cost: { requests: 10, seconds: 0.1 },
    interval: 2_000,
    remedy: { phase: 'none' },
    changes: [],
  };
}

/** The overview, the flow of MirrorMaker 2, and two groups. */
function screens(snapshot: Snapshot, hit: ObservationKind, kind: FailureKind): string {
  const view = viewOf(snapshot, hit, kind);
  const size = { columns: 200, rows: 60 };
  return [
    textOf(view, size),
    textOf(view, size, { at: 'flow', flow: 'us/mm2-source' }),
    ...['us/audit', 'us/fraud-share'].map(group => textOf(view, size, { at: 'group', group })),
  ]
    .flat()
    .join('\n');
}

const kinds = Object.keys(expected) as ObservationKind[];

describe.each(kinds)('where %s', hit => {
  const { named: must, hides, unseen } = expected[hit];

  test.each(failureKinds)('failed (%s): it is named, and the rest is as it was', kind => {
    const snapshot = snapshotWith(hit, kind, 'whole');
    const { states, zeros } = factsOf(snapshot);
    if (must !== undefined) expect(states.get(must), must).toBe(kind);
    const changed = [...states].filter(([path, state]) => before.states.get(path) !== state);
    expect(changed.filter(([path]) => !hides.test(path))).toEqual([]);
    const vanished = [...before.states.keys()].filter(path => !states.has(path) && !hides.test(path));
    expect(vanished).toEqual([]);
    expect([...zeros].filter(path => before.states.has(path) && !before.zeros.has(path))).toEqual([]);
    if (must !== undefined && unseen !== true) {
      const text = screens(snapshot, hit, kind);
      expect(text.includes(kind) || text.includes(explain(kind).meaning), text).toBe(true);
    }
  });

  test('failed by half: the other half is as it was', () => {
    const changes = (extent: Extent): string[] =>
      [...factsOf(snapshotWith(hit, 'timeout', extent)).states].flatMap(([path, state]) =>
        before.states.get(path) !== state ? path : [],
      );
    const whole = new Set(changes('whole'));
    const half = changes('half');
    expect(half.filter(path => !whole.has(path) && !hides.test(path))).toEqual([]);
    expect(half.length).toBeLessThanOrEqual(whole.size);
  });
});
