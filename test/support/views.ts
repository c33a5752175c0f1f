import { failure, type Failure } from '../../source/core/failure.js';
import { latest, seen, unknown, valueOf, type Known } from '../../source/core/known.js';
import type { Finding, LiveFinding } from '../../source/diagnose/finding.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { machineLimits } from '../../source/diagnose/machine-limits.js';
import { flowLimits } from '../../source/diagnose/rules/flow-limits.js';
import type { MachineLoad } from '../../source/model/machine-loads.js';
import { Series } from '../../source/model/series.js';
import { needsEnough } from '../../source/model/trend.js';
import type {
  BrokerView,
  ClusterView,
  FlowPartitionView,
  FlowView,
  GroupPartitionView,
  GroupView,
  LeaderSkew,
  Rebalance,
  RebalanceView,
  Snapshot,
  Spread,
  TaskView,
  TopicView,
  WorkerView,
} from '../../source/model/snapshot.js';
import type { GuideView } from '../../source/remedy/guide.js';
import type { Offer, Plan, Refusal, Step } from '../../source/remedy/plan.js';
import { emptyMemory } from '../../source/session/memory.js';
import type { EndpointView, PlaybookView, View } from '../../source/session/view.js';
import { topicLike, undescribed } from './topics.js';

/** 14:32:08 UTC. */
export const now = Date.UTC(2026, 10, 22, 14, 32, 8);
export const startedAt = now - 35 * 60_000;
const step = 5000;

/** A sample every five seconds, `minutes` long; `f` gets the time before now, in minutes. */
export function series(minutes: number, f: (minutesAgo: number) => number): Series {
  const samples = Math.round((minutes * 60_000) / step);
  const out = new Series(samples + 1);
  for (let i = samples; i >= 0; i--) out.push(now - i * step, f((i * step) / 60_000));
  return out;
}

export const empty = (): Series => new Series(1);

/** A repeatable flicker around 1. */
export function noise(i: number): number {
  return 1 + 0.04 * Math.sin(i * 12.9898) + 0.02 * Math.sin(i * 78.233);
}

function known<T>(value: T, at = now - 2000): Known<T> {
  return seen(value, at);
}

export const noMetrics = failure('absent', 'Prometheus', 'none was given');
export const refused = failure('refused', 'GET http://prom:9090/api/v1/query', 'ECONNREFUSED 10.0.4.2:9090');

function missing<T>(why: Failure, since = startedAt, last?: { value: T; at: number }): Known<T> {
  return unknown<T>(why, since, last);
}

/** Rebalances, each with its age in minutes; the other numbers are made to agree. */
export function rebalances(
  ago: readonly (readonly [minutes: number, Omit<Rebalance, 'at' | 'times'>])[],
  over: Partial<RebalanceView> = {},
): RebalanceView {
  const recent = ago.map(([minutes, rebalance]) => ({ at: now - minutes * 60_000, times: 1, ...rebalance }));
  const last = recent[recent.length - 1]?.at;
  const lately = recent.filter(r => r.at > now - 600_000).length;
  return {
    total: recent.length,
    lastHour: recent.length,
    ...(last !== undefined && { last }),
    since: startedAt,
    recent,
    lastTenMinutes: lately,
    returns: 0,
    pattern: {
      kind: lately === 0 ? 'quiet' : lately === 1 ? 'single' : 'mixed',
      count: lately,
      left: 0,
      returned: 0,
      of: 4,
      recidivism: 0,
    },
    churn: [],
    busyShare: known(0),
    completed: missing(failure('absent', 'completed rebalances', 'members do not tell theirs')),
    ...over,
  };
}

const calm = rebalances([], { total: 2, lastHour: 0, last: now - 80 * 60_000 });

const notJudged = failure('absent', 'spread', 'too little to tell chance from skew');
const even = { lag: missing<Spread>(notJudged), arrival: missing<Spread>(notJudged) };
const noLeaders = { leaders: missing<LeaderSkew>(notJudged) };

/** One flow of MirrorMaker 2 that carries 4.9k records a second and has no lag to speak of. */
export function healthyFlow(over: Partial<FlowView> = {}): FlowView {
  const rate = series(30, m => 4900 * noise(m));
  return {
    id: 'connect us/mm2-source',
    connect: 'connect us',
    connector: 'mm2-source',
    kind: 'mirror-source',
    source: { alias: 'eu', cluster: 'eu' },
    target: { alias: 'us', cluster: 'us' },
    state: known('RUNNING'),
    worker: known('10.0.3.11:8083'),
    tasksMax: known(4),
    tasks: tasks(4),
    config: known({ 'tasks.max': '4' }),
    clients: {},
    poll: { now: known(4912), method: 'metrics', series: rate },
    write: { now: known(4905), method: 'metrics', series: series(30, m => 4890 * noise(m + 3)) },
    arrival: { now: known(4908), method: 'end-offsets', series: rate },
    lag: known({ low: 312, high: 312, method: 'bounded', rested: true }),
    lagSeries: series(30, m => Math.round(300 * noise(m * 7))),
    lagSlope: known(-0.2),
    inFlight: known(420),
    inFlightSeries: series(30, m => Math.round(400 * noise(m * 5))),
    bufferUsed: known(0.03),
    bufferUsedSeries: series(30, () => 0.03),
    throttle: known(0),
    waitRatio: known(0),
    requestLatency: known(6.2),
    bufferBytes: known(33_554_432),
    batchBytes: known(14_200),
    pollBatch: known({ fastest: 4, slowest: 9, longest: 31 }),
    requests: known(180),
    skipped: known(0),
    retries: known(0),
    timeToLoss: missing(failure('early', 'time to loss', 'no log start has moved often enough')),
    belowStart: undefined,
    unwritten: undefined,
    foreign: undefined,
    fetchThrottle: known(0),
    fetchLatency: known(11),
    fetchLatencySeries: series(30, () => 11),
    partitions: flowPartitions(m => 25 * noise(m)),
    skew: { ...even, ...noLeaders, tasks: missing(notJudged) },
    restarts: { total: 0, lastHour: 0 },
    rebalances: calm,
    flushInterval: { seconds: 60, observed: true },
    lastFlush: now - 23_000,
    ...over,
  };
}

export function tasks(n: number, over: Partial<TaskView> = {}): readonly TaskView[] {
  return Array.from({ length: n }, (_, task) => ({
    task,
    state: 'RUNNING',
    worker: `10.0.3.${11 + (task % 2)}:8083`,
    poll: known(4912 / n),
    write: known(4905 / n),
    inFlight: known(100 + task),
    bufferUsed: known(0.03),
    throttle: known(0),
    waitRatio: known(0),
    requestLatency: known(6.2),
    ...over,
  }));
}

export function flowPartitions(
  lag: (minutesAgo: number, partition: number) => number,
): readonly FlowPartitionView[] {
  return Array.from({ length: 12 }, (_, partition) => {
    const value = Math.round(lag(0, partition));
    return {
      topic: 'orders',
      partition,
      lag: known({ low: value, high: value, method: 'bounded' as const, rested: true }),
      series: series(30, m => Math.round(lag(m, partition))),
      arrival: known(409),
      leader: 1,
    };
  });
}

export function smallFlow(connector: string, kind: FlowView['kind']): FlowView {
  return healthyFlow({
    id: `connect us/${connector}`,
    connector,
    kind,
    tasksMax: known(1),
    tasks: tasks(1),
    poll: { now: known(1), method: 'metrics', series: series(30, () => 1) },
    write: { now: known(1), method: 'metrics', series: series(30, () => 1) },
    lag: missing(failure('unsupported', connector, 'it has no source partitions')),
    lagSeries: empty(),
    lagSlope: missing(failure('unsupported', connector)),
    inFlight: known(0),
    bufferUsed: known(0),
    partitions: [],
  });
}

const noneOf = { count: 0, records: 0, open: 0 };

export function group(name: string, lag: number, over: Partial<GroupView> = {}): GroupView {
  const partitions = over.partitions ?? groupPartitions(m => (lag / 12) * (1 - m / 40));
  return {
    id: `us/${name}`,
    cluster: 'us',
    group: name,
    type: 'classic',
    protocol: 'consumer',
    state: known('Stable'),
    assignor: 'range',
    coordinator: 2,
    members: known(
      ['10.0.5.1', '10.0.5.2', '10.0.5.3', '10.0.5.4'].map((host, i) => ({
        member: `${name}-${i}-c0ffee`,
        clientId: `${name}-${i}`,
        host,
        partitions: 3,
        lag: known(Math.round(lag / 4)),
      })),
    ),
    assignment: known({ members: 4, idle: 0, static: 0, partitions: 12, least: 3, most: 3 }),
    lag: known(lag),
    lagMethod: 'offsets',
    timeLag: missing(failure('early', name, 'needs two readings of the log ends')),
    lost: known(0),
    unknownPartitions: 0,
    lagSeries: series(30, m => Math.max(0, lag * (1 - m / 40) * noise(m))),
    isYoung: false,
    lagSlope: known(lag > 0 ? lag / 2000 : 0),
    lagTrend: missing(failure('early', name, 'needs 5 min of samples')),
    commitPeriod: known(5_000),
    consume: known(1200),
    drain: lag > 0 ? missing(failure('unsupported', name, 'it does not drain')) : known(0),
    partitions,
    partitionLags: partitions.map(p => latest(p.lag)?.value ?? NaN),
    mostLag: Math.max(0, ...partitions.map(p => valueOf(p.lag) ?? 0)),
    partitionCount: partitions.length,
    skew: { ...even, ...noLeaders, members: missing(notJudged) },
    befell: { rewinds: noneOf, jumps: noneOf, overruns: noneOf, truncations: noneOf },
    commits: { rewinds: noneOf, jumps: noneOf, overruns: noneOf, truncations: noneOf },
    timeToLoss: missing(failure('early', name, 'the log start has not moved often enough')),
    rebalances: calm,
    ...over,
  };
}

export function groupPartitions(
  lag: (minutesAgo: number, partition: number) => number,
  count = 12,
): readonly GroupPartitionView[] {
  return Array.from({ length: count }, (_, partition) => ({
    topic: 'orders',
    partition,
    committed: known(1_000_000),
    end: known(1_000_000 + Math.max(0, Math.round(lag(0, partition)))),
    lag: known(Math.max(0, Math.round(lag(0, partition)))),
    timeLag: missing(failure('early', `orders/${partition}`, 'needs two readings of the log end')),
    lost: known(0),
    consume: known(100),
    arrival: known(100),
    series: series(30, m => Math.max(0, Math.round(lag(m, partition)))),
    owner: `billing-${partition % 4}@10.0.5.${1 + (partition % 4)}`,
    leader: 1 + (partition % 3),
    rewinds: [],
    events: [],
    unmoved: known({ since: now - 4_000, bound: false }),
    start: known(0),
    removal: missing(failure('early', `orders/${partition}`, 'the log start has not moved often enough')),
    timeToLoss: missing(failure('early', `orders/${partition}`, 'the log start has not moved often enough')),
  }));
}

export function groups(): readonly GroupView[] {
  return [
    group('billing', 88_200, {
      partitions: groupPartitions((m, p) => (p === 3 ? 62_600 * (1 - m / 31) : 2300 * (1 - m / 40))),
      lagSlope: known(-120),
      drain: known(12 * 60_000),
      rebalances: rebalances(
        [
          [
            19,
            {
              what: 'member billing-2 left, 4 → 3 members',
              reason: 'restarted',
              joined: [],
              left: ['billing-2'],
            },
          ],
          [
            14,
            {
              what: 'member billing-2 joined, 3 → 4 members',
              reason: 'restarted',
              joined: ['billing-2'],
              left: [],
            },
          ],
        ],
        { total: 3 },
      ),
    }),
    group('search-indexer', 41_000, {
      state: known('PreparingRebalance'),
      consume: known(0),
      lagTrend: known({
        rising: true,
        slope: 12,
        recent: 12,
        effect: 1,
        z: 9,
        over: 900_000,
        samples: 90,
      }),
      rebalances: rebalances(
        [
          [
            1 / 3,
            { what: 'member search-3 left, 4 → 3 members', reason: 'left', joined: [], left: ['search-3'] },
          ],
        ],
        { total: 9, lastHour: 9 },
      ),
    }),
    group('audit', 0, {
      type: 'share',
      lag: missing(failure('unsupported', 'audit', 'share group: no lag by offsets')),
      lagSeries: empty(),
      lagSlope: missing(failure('unsupported', 'audit')),
      consume: missing(failure('unsupported', 'audit')),
      partitions: [],
    }),
    group('fraud-scoring', 310, { type: 'consumer', lagSlope: known(-2), drain: known(3 * 60_000) }),
    group('mail', 0),
    group('reporting-nightly', 0, { state: known('Empty'), members: known([]), consume: known(0) }),
  ];
}

/** Of a machine of which nobody told anything. */
export const noLoad: MachineLoad = {
  cpu: empty(),
  hostCpu: empty(),
  memory: empty(),
  heap: empty(),
  gc: empty(),
  network: empty(),
};

/** `orders` in the source, its copy in the target, and one of the target's own that every group reads. */
export function topics(): readonly TopicView[] {
  const flow = 'connect us/mm2-source';
  return [
    topicLike('orders', now - 2000, {
      cluster: 'eu',
      replicas: 1,
      leader: () => 1,
      rate: () => 409,
      config: { 'min.insync.replicas': '1' },
      flows: [flow],
    }),
    topicLike('eu.orders', now - 2000, { rate: () => 408, writers: [flow], own: ['retention.ms'] }),
    topicLike('orders', now - 2000, {
      rate: p => (p === 3 ? 900 : 60),
      groups: ['us/billing', 'us/fraud-scoring', 'us/mail', 'us/search-indexer'],
    }),
    topicLike('__consumer_offsets', now - 2000, { partitions: 50, internal: true }),
  ];
}

export function worker(id: string, over: Partial<WorkerView> = {}): WorkerView {
  return {
    id,
    connect: 'connect us',
    tasks: 3,
    connectors: 1,
    processCpu: known(0.41),
    hostCpu: known(0.55),
    hostMemory: known(0.62),
    heap: known(0.71),
    heapBytes: known(760_000_000),
    gcShare: known(0.01),
    load: {
      ...noLoad,
      cpu: series(30, m => 0.41 * noise(m)),
      hostCpu: series(30, m => 0.55 * noise(m + 2)),
      memory: series(30, () => 0.62),
      heap: series(30, m => 0.5 + 0.2 * ((30 - (m % 5)) / 30)),
      network: series(30, m => 12_400_000 * noise(m)),
    },
    network: known(12_400_000),
    rebalances: known(2),
    ...over,
  };
}

export function broker(id: number, address: string, over: Partial<BrokerView> = {}): BrokerView {
  const none = missing<number>(failure('absent', `process of broker ${id}`, 'no metrics come from it'));
  return {
    id,
    address,
    controller: id === 1,
    answers: known(true as const),
    config: known({ 'min.insync.replicas': '2' }),
    apis: known({
      key: Int32Array.of(0, 1),
      oldest: Int32Array.of(0, 4),
      newest: Int32Array.of(13, 18),
    }),
    leaders: 40,
    preferred: known({ partitions: 40, away: 0, behind: 0, elected: 40 }),
    arrival: { perSecond: 1600, partitions: 40 },
    replicas: known(120),
    bytes: known(42_000_000_000),
    machine: {
      processCpu: none,
      hostCpu: none,
      hostMemory: none,
      heap: none,
      heapBytes: none,
      gcShare: none,
      network: none,
    },
    load: noLoad,
    ...over,
  };
}

export function cluster(name: string, brokers: number, over: Partial<ClusterView> = {}): ClusterView {
  return {
    name,
    clusterId: known('_O_4zPhOQYSCg6MdlxcKdQ'),
    brokers: known(Array.from({ length: brokers }, (_, i) => broker(i + 1, `broker-${i + 1}.${name}:9092`))),
    partitions: known({ total: 120, leaderless: 0, underReplicated: 0, unknown: 0 }),
    retired: [],
    groupListing: known(brokers),
    quotas: known([]),
    acls: known({ acls: [], left: 0 }),
    reassignments: known([]),
    cost: { requests: 7, bytes: 31_000 },
    ...over,
  };
}

const live: EndpointView['status'] = { is: 'live', lastAnswer: now - 2000 };

export const endpoints = {
  eu: { name: 'kafka eu', kind: 'kafka', address: 'broker-1.eu:9092', status: live },
  us: { name: 'kafka us', kind: 'kafka', address: 'broker-1.us:9092', status: live },
  connect: { name: 'connect us', kind: 'connect', address: 'http://connect.us:8083', status: live },
  prometheus: { name: 'prometheus', kind: 'prometheus', address: 'http://prom:9090', status: live },
} satisfies Record<string, EndpointView>;

export function failing(endpoint: EndpointView, why: Failure, agoSeconds: number): EndpointView {
  return {
    ...endpoint,
    status: {
      is: 'failing',
      failure: why,
      since: now - agoSeconds * 1000,
      nextTry: now + 4000,
      lastAnswer: now - agoSeconds * 1000 - 5000,
    },
  };
}

function snapshot(over: Partial<Snapshot> = {}): Snapshot {
  return {
    revision: 1,
    at: now,
    clusters: [cluster('eu', 1), cluster('us', 3)],
    connects: [
      {
        name: 'connect us',
        version: known('4.1.0'),
        clusterId: known('x'),
        connectors: known(3),
        plugins: known([]),
      },
    ],
    metrics: [{ name: 'prometheus', answers: known(true as const), found: {}, missing: {} }],
    flows: [
      healthyFlow(),
      smallFlow('mm2-heartbeat', 'mirror-heartbeat'),
      smallFlow('mm2-checkpoint', 'mirror-checkpoint'),
    ],
    groups: groups(),
    topics: topics(),
    workers: [worker('10.0.3.11:8083'), worker('10.0.3.12:8083', { tasks: 2, processCpu: known(0.38) })],
    history: { kept: 84, left: 0, bytes: 120_960, limit: 48_960_000, moments: { bytes: 0, limit: 0 } },
    changes: [],
    ...over,
  };
}

export function view(over: Partial<View> = {}, snap: Partial<Snapshot> = {}): View {
  return {
    site: { context: 'eu-us', mode: 'read-write' },
    at: now,
    startedAt,
    snapshot: snapshot(snap),
    findings: [],
    past: [],
    unjudged: [],
    endpoints: [endpoints.eu, endpoints.us, endpoints.connect, endpoints.prometheus],
    cost: { requests: 14, seconds: 0.18 },
    interval: 5000,
    limits: machineLimits(defaultLimits),
    remedy: { phase: 'none' },
    earlier: [],
    memory: emptyMemory,
    changes: [],
    ...over,
  };
}

export const healthy = (): View => view({}, { groups: groups().slice(3) });

/** The runbook's case: a produce quota on the user of MirrorMaker holds the writes at 713 a second. */
export function limitedFlow(over: Partial<FlowView> = {}): FlowView {
  const falling = (m: number): number => (m > 11 ? 4900 * noise(m) : 712 * noise(m));
  return healthyFlow({
    tasks: tasks(4, {
      poll: known(178),
      write: known(178),
      inFlight: known(33_500),
      bufferUsed: known(0.94),
      throttle: known(162),
      waitRatio: known(0.41),
    }),
    poll: {
      now: known(712),
      method: 'metrics',
      series: series(30, m => (m > 8 ? 4900 * noise(m) : 712 * noise(m))),
    },
    write: { now: known(713), method: 'metrics', series: series(30, falling) },
    lag: known({ low: 1_080_000, high: 1_214_000, method: 'bounded', rested: false }),
    lagSeries: series(30, m => (m > 11 ? 300 : 300 + (11 - m) * 110_000)),
    lagSlope: known(3300),
    inFlight: known(134_000),
    inFlightSeries: series(30, m => (m > 11 ? 400 : Math.min(134_000, 400 + (11 - m) * 60_000))),
    bufferUsed: known(0.94),
    throttle: known(162),
    waitRatio: known(0.41),
    requestLatency: known(480),
    partitions: flowPartitions((m, p) => (m > 11 ? 25 : (11 - m) * (p === 3 ? 60_000 : 4500) + 25)),
    ...over,
  });
}

export const targetLimited: Finding = {
  rule: 'flow-limit',
  subject: { kind: 'flow', id: 'connect us/mm2-source', name: 'mm2-source' },
  severity: 'critical',
  verdict: 'target-limited',
  sentence: 'target limits writes: quota of mm2-user',
  consequence: 'lag +3.30k/s',
  confidence: 'high',
  certainty: 0.95,
  raise: [],
  evidence: [
    {
      what: 'in flight',
      value: '134k, flat',
      threshold: 'slope < 1 % over 4m',
      origin: 'runbook §2',
      holds: true,
      window: 240,
      samples: 48,
    },
    { what: 'throttle', value: '162ms', threshold: '> 100ms', origin: 'runbook §2', holds: true },
    { what: 'buffers', value: '94 % full', threshold: '≥ 90 %', origin: 'measured on the lab', holds: true },
    { what: 'worker cpu', value: '41 %', threshold: '≥ 85 %', origin: 'runbook §3', holds: false },
    { what: 'broker disk', value: '–', threshold: '≥ 80 %', origin: 'default of kmon', holds: 'unknown' },
  ],
  unchecked: ['quotas of us: the user may not describe them'],
  falsifier: 'a transform drops records before they are written',
  remedies: [{ action: 'raise-tasks-max', cures: false, note: 'more tasks share the same quota' }],
  byHand: [
    'kafka-configs.sh --bootstrap-server broker-1.us:9092 --describe --entity-type users --entity-name mm2-user',
  ],
  advice: [],
};

export const hotPartition: Finding = {
  rule: 'skew',
  subject: { kind: 'group', id: 'us/billing', name: 'billing' },
  severity: 'warning',
  verdict: 'skewed',
  sentence: 'partition orders/3 holds 71 % of the lag',
  consequence: 'drains in 12m',
  confidence: 'medium',
  certainty: 0.65,
  raise: ['five minutes more'],
  evidence: [
    { what: 'share of orders/3', value: '71 %', threshold: '> 50 %', origin: 'default of kmon', holds: true },
  ],
  unchecked: [],
  falsifier: 'the key distribution is even',
  remedies: [],
  byHand: [],
  advice: [],
};

export function firing(finding: Finding, minutes: number, over: Partial<LiveFinding> = {}): LiveFinding {
  return {
    ...finding,
    key: `${finding.rule}/${finding.subject.id}`,
    phase: 'firing',
    since: now - minutes * 60_000,
    sinceIsBound: false,
    timeline: [
      { at: now - minutes * 60_000, what: 'pending', verdict: finding.verdict },
      { at: now - minutes * 60_000 + 10_000, what: 'firing', verdict: finding.verdict },
    ],
    consequences: [],
    ...over,
  };
}

export const incident = (over: Partial<View> = {}): View =>
  view(
    { findings: [firing(targetLimited, 11), firing(hotPartition, 30)], ...over },
    {
      flows: [
        limitedFlow(),
        smallFlow('mm2-heartbeat', 'mirror-heartbeat'),
        smallFlow('mm2-checkpoint', 'mirror-checkpoint'),
      ],
    },
  );

const brokerDown: Finding = {
  ...hotPartition,
  rule: 'broker-down',
  subject: { kind: 'broker', id: 'us/2', name: 'broker 2 of us' },
  severity: 'critical',
  verdict: 'down',
  sentence: 'broker 2 does not answer, and the cluster has let it go',
  consequence: '214 partitions under-replicated',
  confidence: 'high',
  certainty: 0.9,
  raise: ['whether its host answers'],
  evidence: [
    {
      what: 'under-replicated partitions',
      value: '214',
      threshold: '≥ 1',
      origin: 'kmon default',
      holds: true,
      measured: 214,
      limit: 1,
      unit: 'count',
      setting: 'volume-lag',
      window: 60,
      samples: 12,
    },
  ],
  unchecked: ['its host: no node_exporter is known'],
  falsifier: 'another broker still gets its heartbeats',
  remedies: [
    { action: 'move-leaders', cures: false, note: 'leaders are elsewhere already' },
    {
      action: 'restart-connector',
      cures: false,
      note: 'only once the broker is back',
      target: { kind: 'flow', id: 'connect us/mm2-source', name: 'mm2-source' },
    },
  ],
  byHand: ['kafka-topics.sh --bootstrap-server broker-1.us:9092 --describe --under-replicated-partitions'],
  advice: [
    {
      where: 'producers of orders',
      lines: ['acks=all', 'delivery.timeout.ms=120000'],
      why: 'they outlast an election',
    },
  ],
};

/** A broker that is gone, with all that follows from it; something that forms, that goes, that was; and what is not seen. */
export const cascade = (follow = 40): View => {
  const lags = Array.from({ length: follow }, (_, i) =>
    firing(
      {
        ...hotPartition,
        rule: 'group-lag',
        subject: { kind: 'group', id: `us/group-${i}`, name: `group-${i}` },
        verdict: i % 4 === 0 ? 'stalled' : 'lagging',
        sentence: i % 4 === 0 ? 'commits stand still' : 'lag grows',
      },
      2,
    ),
  );
  const cleared = firing({ ...hotPartition, sentence: 'partition orders/7 held 80 % of the lag' }, 60);
  const endedAt = now - 20 * 60_000;
  return incident({
    findings: [
      firing(brokerDown, 3, { consequences: lags, sinceIsBound: true }),
      firing(targetLimited, 11, {
        phase: 'resolving',
        timeline: [
          { at: now - 11 * 60_000, what: 'pending', verdict: 'target-limited' },
          { at: now - 10 * 60_000, what: 'firing', verdict: 'target-limited' },
          { at: now - 20_000, what: 'resolving', verdict: 'target-limited' },
        ],
      }),
      firing(hotPartition, 0, { phase: 'pending', since: now - 4_000, firesAt: now + 6_000 }),
    ],
    past: [
      {
        ...cleared,
        endedAt,
        timeline: [...cleared.timeline, { at: endedAt, what: 'cleared', verdict: cleared.verdict }],
      },
    ],
    unjudged: [
      ...['payroll', 'ledger'].map(name => ({
        rule: 'group-lag',
        subject: { kind: 'group' as const, id: `us/${name}`, name },
        why: failure('unauthorised', `OffsetFetch of ${name}`),
      })),
      {
        rule: 'flow-limits',
        subject: { kind: 'flow', id: 'connect us/mm2-heartbeat', name: 'mm2-heartbeat' },
        why: failure('early', 'growth of lag', needsEnough),
      },
    ],
  });
};

/** The same as the rule finds it, with the tree that it walked. */
export function walked(): View {
  const before = incident();
  const found = flowLimits.judge(before.snapshot, defaultLimits).flatMap(j => j.finding ?? []);
  return { ...before, findings: found.map(finding => firing(finding, 11)) };
}

export const overCapacity = (): View =>
  view(
    {
      findings: [
        firing(
          {
            ...targetLimited,
            verdict: 'capacity-exceeded',
            sentence: 'four tasks carry 4.9k/s of 7.4k/s that arrive',
            consequence: 'lag +2.50k/s',
            remedies: [{ action: 'raise-tasks-max', cures: true, note: '12 partitions, 4 tasks' }],
          },
          6,
        ),
      ],
    },
    { flows: [limitedFlow({ throttle: known(0), bufferUsed: known(0.2) })] },
  );

export const withoutMetrics = (): View =>
  view(
    {
      endpoints: [endpoints.eu, endpoints.us, endpoints.connect],
      site: { context: 'eu-us', mode: 'read-only' },
    },
    {
      metrics: [],
      flows: [
        healthyFlow({
          poll: { now: missing(noMetrics), method: 'metrics', series: empty() },
          write: { now: known(4905), method: 'end-offsets', series: series(30, m => 4890 * noise(m + 3)) },
          inFlight: missing(noMetrics),
          inFlightSeries: empty(),
          bufferUsed: missing(noMetrics),
          throttle: missing(noMetrics),
          waitRatio: missing(noMetrics),
          requestLatency: missing(noMetrics),
          bufferBytes: missing(noMetrics),
          batchBytes: missing(noMetrics),
          pollBatch: missing(noMetrics),
          requests: missing(noMetrics),
          skipped: missing(noMetrics),
          fetchThrottle: missing(noMetrics),
          fetchLatency: missing(noMetrics),
          fetchLatencySeries: empty(),
          tasks: tasks(4, {
            poll: missing(noMetrics),
            write: missing(noMetrics),
            inFlight: missing(noMetrics),
            bufferUsed: missing(noMetrics),
            throttle: missing(noMetrics),
            waitRatio: missing(noMetrics),
          }),
        }),
      ],
      workers: ['10.0.3.11:8083', '10.0.3.12:8083'].map(id =>
        worker(id, {
          processCpu: missing(noMetrics),
          hostCpu: missing(noMetrics),
          hostMemory: missing(noMetrics),
          heap: missing(noMetrics),
          network: missing(noMetrics),
          rebalances: missing(noMetrics),
          load: noLoad,
        }),
      ),
    },
  );

const connectRefused = failure(
  'refused',
  'GET http://connect.us:8083/connectors',
  'ECONNREFUSED 10.0.3.11:8083',
);

/** Connect stopped three minutes ago: its last values stay, and say how old they are. */
export function connectDown(): View {
  const gone = now - 185_000;
  const before = limitedFlow();
  return view(
    {
      endpoints: [
        endpoints.eu,
        endpoints.us,
        failing(endpoints.connect, connectRefused, 180),
        endpoints.prometheus,
      ],
    },
    {
      connects: [
        {
          name: 'connect us',
          version: missing(connectRefused, now - 180_000),
          clusterId: missing(connectRefused),
          connectors: missing(connectRefused),
          plugins: missing(connectRefused),
        },
      ],
      flows: [
        {
          ...before,
          state: missing(connectRefused, now - 180_000, { value: 'RUNNING', at: gone }),
          worker: missing(connectRefused, now - 180_000, { value: '10.0.3.11:8083', at: gone }),
          lag: missing(connectRefused, now - 180_000, {
            value: { low: 900_000, high: 1_010_000, method: 'bounded', rested: false },
            at: gone,
          }),
          poll: { ...before.poll, now: missing(connectRefused, now - 180_000, { value: 712, at: gone }) },
          write: { ...before.write, now: missing(connectRefused, now - 180_000, { value: 713, at: gone }) },
          inFlight: missing(connectRefused, now - 180_000, { value: 134_000, at: gone }),
          bufferUsed: missing(connectRefused, now - 180_000, { value: 0.94, at: gone }),
        },
      ],
    },
  );
}

/** What was known until an endpoint fell silent `ago` seconds ago, five seconds after its last answer. */
function lostWith(why: Failure, ago: number): <T>(fact: Known<T>) => Known<T> {
  const since = now - ago * 1000;
  return fact => {
    const value = valueOf(fact);
    return value === undefined ? fact : missing(why, since, { value, at: since - 5000 });
  };
}

/** Prometheus stopped a minute and a half ago: what it told stays, and says how old it is. */
export const prometheusDown = (): View => {
  const gone = lostWith(refused, 95);
  const flow = healthyFlow();
  const { poll, write, inFlight, bufferUsed, throttle, waitRatio, requestLatency } = flow;
  return view(
    {
      endpoints: [endpoints.eu, endpoints.us, endpoints.connect, failing(endpoints.prometheus, refused, 95)],
    },
    {
      metrics: [],
      flows: [
        {
          ...flow,
          poll: { ...poll, now: gone(poll.now) },
          write: { ...write, now: gone(write.now) },
          inFlight: gone(inFlight),
          bufferUsed: gone(bufferUsed),
          throttle: gone(throttle),
          waitRatio: gone(waitRatio),
          requestLatency: gone(requestLatency),
          tasks: flow.tasks.map(task => ({
            ...task,
            poll: gone(task.poll),
            write: gone(task.write),
            inFlight: gone(task.inFlight),
            bufferUsed: gone(task.bufferUsed),
            throttle: gone(task.throttle),
            waitRatio: gone(task.waitRatio),
            requestLatency: gone(task.requestLatency),
          })),
        },
      ],
      workers: ['10.0.3.11:8083', '10.0.3.12:8083'].map(id => {
        const one = worker(id);
        return {
          ...one,
          processCpu: gone(one.processCpu),
          hostCpu: gone(one.hostCpu),
          hostMemory: gone(one.hostMemory),
          heap: gone(one.heap),
          heapBytes: gone(one.heapBytes),
          gcShare: gone(one.gcShare),
          network: gone(one.network),
          rebalances: gone(one.rebalances),
        };
      }),
    },
  );
};

/** The target cluster went silent a minute and a half ago. */
export function kafkaDown(): View {
  const silent = failure('timeout', 'Metadata of us', 'no answer in 5s');
  const gone = lostWith(silent, 90);
  const us = cluster('us', 3);
  const seenLast = now - 95_000;
  return view(
    { endpoints: [endpoints.eu, failing(endpoints.us, silent, 90), endpoints.connect, endpoints.prometheus] },
    {
      clusters: [
        cluster('eu', 1),
        {
          ...us,
          brokers: gone(
            known((valueOf(us.brokers) ?? []).map(one => ({ ...one, answers: gone(one.answers) }))),
          ),
          partitions: gone(us.partitions),
          groupListing: gone(us.groupListing),
        },
      ],
      groups: groups().map(one => ({
        ...one,
        state: gone(one.state),
        members: gone(one.members),
        lag: gone(one.lag),
        drain: gone(one.drain),
      })),
      topics: [
        ...topics().slice(0, 1),
        topicLike('orders', seenLast, { rate: () => 60, groups: ['us/billing'] }),
        topicLike('eu.orders', seenLast, { rate: () => 408 }),
      ],
    },
  );
}

/** A cluster in which nothing was made yet. */
export const emptySite = (): View =>
  view(
    { endpoints: [endpoints.us] },
    { clusters: [cluster('us', 3)], flows: [], groups: [], topics: [], workers: [], connects: [] },
  );

/** Broker 2 of the target hangs: what it leads is not known, the rest lives on. */
export function brokerStopped(): View {
  const silent = failure('timeout', 'ListOffsets of broker 2 (broker-2.us:9092)', 'no answer in 5s');
  const us = cluster('us', 3);
  return view(
    {},
    {
      clusters: [
        cluster('eu', 1),
        {
          ...us,
          brokers: known([
            broker(1, 'broker-1.us:9092'),
            broker(2, 'broker-2.us:9092', {
              answers: missing(silent, now - 42_000, { value: true as const, at: now - 47_000 }),
            }),
            broker(3, 'broker-3.us:9092'),
          ]),
          partitions: known({ total: 120, leaderless: 0, underReplicated: 40, unknown: 0 }),
          groupListing: missing(failure('partial', 'ListGroups of us', '2 of 3 brokers'), now - 42_000, {
            value: 3,
            at: now - 47_000,
          }),
        },
      ],
      topics: [
        ...topics().filter(one => one.cluster === 'eu'),
        topicLike('orders', now - 2000, {
          leader: p => (p === 1 ? -1 : p % 3 === 1 ? 3 : 1 + (p % 3)),
          inSync: p => (p === 1 ? 0 : p === 4 ? 1 : 2),
          rate: () => 60,
          groups: ['us/billing'],
        }),
      ],
      groups: [
        group('billing', 88_200, {
          unknownPartitions: 4,
          partitions: groupPartitions((m, p) => 2300 + p).map(p =>
            p.partition % 3 === 1 ? { ...p, lag: missing(silent) } : p,
          ),
        }),
        group('mail', 0, {
          state: missing(silent, now - 42_000, { value: 'Stable', at: now - 47_000 }),
          members: missing(silent, now - 42_000),
          lag: missing(silent, now - 42_000, { value: 12, at: now - 47_000 }),
          consume: missing(silent),
        }),
      ],
    },
  );
}

/** A user who may see nothing is told so: the broker answers with empty lists, not with an error. */
export const blind = (): View =>
  view(
    {},
    {
      clusters: [
        cluster('eu', 1),
        cluster('us', 3, {
          blind: failure('unauthorised', 'kafka us', 'user kmon sees no topic and no group of us'),
          partitions: missing(failure('unauthorised', 'partitions of us')),
        }),
      ],
      groups: [],
      topics: [],
    },
  );

export const unauthorisedGroup = (): View =>
  view(
    {},
    {
      topics: [...topics(), undescribed('salaries', now - 2000)],
      groups: [
        ...groups(),
        group('payroll', 0, {
          state: missing(failure('unauthorised', 'DescribeGroups of payroll')),
          members: missing(failure('unauthorised', 'DescribeGroups of payroll')),
          lag: missing(failure('unauthorised', 'OffsetFetch of payroll', 'GROUP_AUTHORIZATION_FAILED')),
          drain: missing(failure('unauthorised', 'OffsetFetch of payroll', 'GROUP_AUTHORIZATION_FAILED')),
          lagSeries: empty(),
          lagSlope: missing(failure('unauthorised', 'OffsetFetch of payroll')),
          consume: missing(failure('unauthorised', 'OffsetFetch of payroll')),
          partitions: [],
          partitionCount: 0,
        }),
      ],
    },
  );

/** Before the first answer the model knows the names of the clusters that were given, and nothing of them. */
const nothingSeen: Partial<Snapshot> = {
  clusters: ['eu', 'us'].map(name =>
    cluster(name, 0, {
      clusterId: missing(failure('cancelled', `kafka ${name}`, 'not asked yet')),
      brokers: missing(failure('cancelled', `kafka ${name}`, 'not asked yet')),
      partitions: missing(failure('cancelled', `kafka ${name}`, 'not asked yet')),
      groupListing: missing(failure('cancelled', `kafka ${name}`, 'not asked yet')),
    }),
  ),
  flows: [],
  groups: [],
  topics: [],
  workers: [],
};

/** The first frame: everything is being asked, one endpoint failed already. */
export const starting = (): View =>
  view(
    {
      startedAt: now - 1000,
      cost: { requests: 0, seconds: 0 },
      endpoints: [
        { ...endpoints.eu, status: { is: 'asking', what: 'metadata of the cluster', since: now - 1000 } },
        {
          ...endpoints.us,
          status: { is: 'asking', what: 'metadata: 3 brokers, 2 answered', since: now - 1000 },
        },
        { ...endpoints.connect, status: { is: 'asking', what: 'connectors', since: now - 1000 } },
        {
          ...endpoints.prometheus,
          status: { is: 'failing', failure: refused, since: now - 900, nextTry: now + 2000 },
        },
      ],
    },
    { ...nothingSeen, connects: [], metrics: [] },
  );

export const nothingConfigured = (): View =>
  view(
    { endpoints: [] },
    { clusters: [], connects: [], metrics: [], flows: [], groups: [], topics: [], workers: [] },
  );

export const plan: Plan = {
  id: 'plan-1',
  action: 'raise-tasks-max',
  title: 'Raise tasks.max of mm2-source on connect us',
  target: { kind: 'connector', connect: 'connect us', connector: 'mm2-source' },
  confirm: 'mm2-source',
  why: 'four tasks carry 4.9k/s of the 7.4k/s that arrive; 12 partitions could be shared among six',
  changes: [{ key: 'tasks.max', from: '4', to: '6' }],
  where: 'connect us, http://connect.us:8083, Kafka cluster _O_4zPhOQYSCg6MdlxcKdQ',
  cure: { verdict: 'cures', reason: '' },
  expect: [
    'write/s 4.90k → about 7.35k (6 of 4 tasks × 1.23k) within a minute',
    'one rebalance of the Connect group',
  ],
  repeats: 'up to 113k records are written twice: 4.90k/s × 23s since the last flush',
  risk: { level: 'low', text: 'tasks restart once; consumers of the target see repeats' },
  undo: 'tasks.max back to 4, through the same dialog',
  byHand: ['curl -X PATCH http://connect.us:8083/connectors/mm2-source/config -d \'{"tasks.max":"6"}\''],
  madeAt: now - 10_000,
};

export const notCuring: Plan = {
  ...plan,
  cure: {
    verdict: 'will-not-cure',
    reason: 'the quota of mm2-user holds the writes, and six tasks share the same quota',
  },
};

export const steps: readonly Step[] = [
  { at: now - 60_000, state: 're-reading', text: 'the configuration is as it was when it was planned' },
  { at: now - 59_000, state: 'applying', text: 'PATCH http://connect.us:8083/connectors/mm2-source/config' },
  { at: now - 58_000, state: 'applied', text: 'Connect accepted it' },
  { at: now - 41_000, state: 'verified', text: '6 of 6 tasks run' },
  {
    at: now - 2000,
    state: 'done',
    text: 'as expected',
    effect: { what: 'write/s', before: 4905, after: 7290, expected: 'about 7.35k', line: [4905, 7290] },
  },
];

export const offers: readonly Offer[] = [
  { action: 'raise-tasks-max', title: 'Raise tasks.max from 4 to 6', target: plan.target },
  {
    action: 'raise-quota',
    title: 'Raise the produce quota of mm2-user',
    target: plan.target,
    disabled: 'kmon may not alter quotas of us',
  },
];

export const refusal: Refusal = {
  action: 'raise-tasks-max',
  target: plan.target,
  reason: 'this connector is managed by Strimzi: what kmon writes would be undone',
  instead: ['edit spec.tasksMax of the KafkaMirrorMaker2 resource'],
};

export const guide: GuideView = {
  title: 'Add a worker to Connect us',
  why: ['room: 6 tasks on 2 workers: a further one takes about 2 of them'],
  parts: [
    {
      where: 'the new worker of us: connect-distributed.properties',
      lines: ['group.id=connect-mm2', 'config.storage.topic=<as on the other workers>'],
      why: 'what differs makes it another Connect cluster, or one that cannot run the tasks',
    },
  ],
  since: now - 60_000,
  checks: [
    { what: 'a further worker joins: 2 → 3', is: 'done', now: '3 workers' },
    { what: 'tasks move to it', is: 'open', now: '0 tasks on the new one' },
    { what: 'mm2-source writes more than 4.91k/s', is: 'unknown', now: 'write/s is not known' },
  ],
};

export const playbook: PlaybookView = {
  name: 'mm2-source',
  now: 'lag 1.21M, grows by 3.30k/s',
  steps: [
    { stage: 'P0', title: 'restart what failed', is: 'skipped', text: 'nothing of it is FAILED' },
    { stage: 'P0', title: 'raise the produce quota', is: 'done', text: 'lag 1.21M, grows by 1.10k/s' },
    { stage: 'P0', title: 'raise tasks.max', is: 'due', text: 'Raise tasks.max of mm2-source on us' },
    { stage: 'P1', title: 'larger batches', is: 'open', text: '' },
    { stage: 'P2', title: 'a larger producer buffer', is: 'open', text: '' },
  ],
  next: 'Raise tasks.max of mm2-source on us',
  undo: 'plan-1',
};
