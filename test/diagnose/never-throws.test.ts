import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetricName, Observation, ObservationKind } from '../../source/core/observation.js';
import { failure, type FailureKind } from '../../source/core/failure.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { rules } from '../../source/diagnose/rules.js';
import { SiteModel } from '../../source/model/site-model.js';
import { anything } from '../support/anything.js';
import { KafkaWatch } from '../support/kafka-watch.js';
import { site, SiteStream, SiteTruth, type TruthOptions } from '../support/site-stream.js';

/** What happens to the site in a round of questions: troubles, restarts, and what kmon does not get to see of it. */
const round = fc.record({
  seconds: fc.integer({ min: 1, max: 40 }),
  quota: fc.constantFrom(Infinity, Infinity, 700, 2, 0),
  sourceLimit: fc.constantFrom(Infinity, Infinity, 1_500, 0),
  arrival: fc.constantFrom(5_000, 5_000, 100, 0),
  state: fc.constantFrom('RUNNING', 'RUNNING', 'RUNNING', 'PAUSED', 'FAILED'),
  task: fc.constantFrom('RUNNING', 'RUNNING', 'FAILED', 'UNASSIGNED', ''),
  restart: fc.boolean(),
  unseen: fc.array(
    fc.constantFrom<ObservationKind>('cluster', 'connectors', 'positions', 'offsets', 'metrics'),
    {
      maxLength: 2,
    },
  ),
  failed: fc.boolean(),
  strange: fc.array(anything, { maxLength: 3 }),
});

function* observed(truth: SiteTruth, stream: SiteStream, happens: Round): Generator<Observation> {
  const { seconds, quota, sourceLimit, arrival, state, task, restart, unseen, failed, strange } = happens;
  Object.assign(truth, { quota, sourceLimit, arrival, state });
  truth.taskStates = truth.taskStates.map((_, i) => (i === 0 ? task : 'RUNNING'));
  if (restart) truth.restart();
  truth.advance(seconds * 1_000);
  for (const o of stream.poll()) {
    if (!unseen.includes(o.kind)) yield o;
    else if (failed && 'answer' in o) yield { ...o, answer: { failed: failure('timeout', o.kind) } };
  }
  yield* strange;
}

type Round = typeof round extends fc.Arbitrary<infer R> ? R : never;

test('no rule throws, whatever happens and whatever is seen of it', () => {
  fc.assert(
    fc.property(fc.array(round, { minLength: 1, maxLength: 12 }), rounds => {
      const truth = new SiteTruth();
      const stream = new SiteStream(truth);
      const model = new SiteModel(site);
      const lifecycle = new Lifecycle();
      for (const happens of rounds) {
        for (const o of observed(truth, stream, happens)) model.fold(o);
        const snapshot = model.snapshot(truth.now);
        for (const rule of rules) expect(() => rule.judge(snapshot, defaultLimits), rule.id).not.toThrow();
        lifecycle.judge(snapshot);
      }
    }),
    { numRuns: 60 },
  );
});

const offset = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }),
  fc.constantFrom(0, 1, NaN, Number.MAX_SAFE_INTEGER),
);

/** What a cluster with a topic and a group turns into in a round. */
const turn = fc.record({
  seconds: fc.constantFrom(5, 20, 60, 700),
  ends: fc.array(offset, { maxLength: 4 }),
  starts: fc.array(offset, { maxLength: 4 }),
  committed: fc.array(fc.option(offset, { nil: undefined }), { maxLength: 5 }),
  state: fc.constantFrom('Stable', 'Empty', 'Dead', 'PreparingRebalance', ''),
  id: fc.constantFrom('a', 'a', 'a', 'b'),
  replicas: fc.constantFrom(0, 1, 2, 3, NaN),
  inSync: fc.array(fc.constantFrom(0, 1, 3, NaN), { maxLength: 4 }),
  leader: fc.constantFrom(-1, 1, 2, NaN),
  config: fc.dictionary(
    fc.constantFrom(
      'min.insync.replicas',
      'cleanup.policy',
      'retention.ms',
      'unclean.leader.election.enable',
    ),
    fc.constantFrom('', '1', '2', 'true', 'compact', 'compact,delete', '-1', 'x'),
  ),
  brokers: fc.subarray([1, 2, 3]),
  silent: fc.subarray([1, 2, 3]),
  why: fc.constantFrom<FailureKind>('timeout', 'unauthorised', 'refused', 'malformed'),
});

test('no rule throws, whatever becomes of a cluster, its topics and its groups', () => {
  fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 12 }), turns => {
      const watch = new KafkaWatch();
      for (const {
        seconds,
        ends,
        starts,
        committed,
        state,
        leader,
        brokers,
        silent,
        why,
        ...rest
      } of turns) {
        watch.topic('orders', ends, { ...rest, starts, leaders: ends.map(() => leader) });
        watch.groups['billing'] = { state, committed: { orders: committed } };
        watch.brokers = brokers;
        watch.silent.clear();
        for (const broker of silent) watch.silent.set(broker, why);
        watch.run(seconds, undefined, seconds);
        expect(watch.findings.filter(f => f.verdict === 'rule-broken')).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
});

type Trouble = {
  readonly name: string;
  readonly of?: Partial<TruthOptions>;
  readonly happens: Partial<SiteTruth>;
  readonly families: readonly MetricName[];
};

/** What happens to a flow, and the metrics that its diagnosis rests on. */
const troubles: readonly Trouble[] = [
  {
    name: 'target quota',
    happens: { quota: 700 },
    families: [
      'source-record-poll-rate',
      'source-record-active-count',
      'producer-buffer-total-bytes',
      'producer-bufferpool-wait-ratio',
      'producer-throttle-time-avg',
    ],
  },
  {
    name: 'overload',
    of: { perTask: 1_000 },
    happens: { arrival: 6_000 },
    families: [
      'source-record-active-count',
      'producer-buffer-total-bytes',
      'consumer-fetch-throttle-time-avg',
    ],
  },
  {
    name: 'slow source',
    happens: { sourceLimit: 1_500, sourceIsThrottled: false, fetchLatency: 350 },
    families: ['producer-buffer-total-bytes'],
  },
];

/** Two minutes of health, then one and a half of a trouble, without one family of metrics. */
function findingWithout(trouble: Trouble, family?: MetricName) {
  const truth = new SiteTruth(trouble.of);
  const stream = new SiteStream(truth);
  const model = new SiteModel(site);
  const lifecycle = new Lifecycle();
  const fold = (seconds: number): void => {
    for (const o of stream.run(seconds * 1_000)) {
      if (o.kind !== 'metrics' || 'failed' in o.answer || family === undefined) model.fold(o);
      else {
        const samples = { ...o.answer.ok.samples, [family]: [] };
        const missing = { [family]: failure('absent', family, 'no series names it') };
        model.fold({ ...o, answer: { ok: { ...o.answer.ok, samples, missing } } });
      }
      lifecycle.judge(model.snapshot(truth.now));
    }
  };
  fold(120);
  Object.assign(truth, trouble.happens);
  fold(90);
  const { findings } = lifecycle.judge(model.snapshot(truth.now));
  return findings.find(f => f.subject.kind === 'flow');
}

describe.each(troubles)('$name', trouble => {
  const whole = findingWithout(trouble);

  test.each(trouble.families)('without %s is the same, less certain, and says so', family => {
    const less = findingWithout(trouble, family);
    expect(less?.verdict).toBe(whole?.verdict);
    expect(less?.certainty).toBeLessThan(whole?.certainty ?? 0);
    expect(less?.raise).not.toEqual([]);
    expect(less?.unchecked.join('\n')).toContain(family);
  });
});

/** What alone tells a slow source from a flow that carries no more: without it another verdict is near, and none is sure. */
test.each([
  ['consumer-fetch-throttle-time-avg', { sourceLimit: 1_500 }],
  ['consumer-fetch-latency-avg', { sourceLimit: 1_500, sourceIsThrottled: false, fetchLatency: 350 }],
  ['source-record-active-count', { sourceLimit: 1_500, sourceIsThrottled: false, fetchLatency: 350 }],
] as const)('without %s no verdict about a slow source is sure', (family, happens) => {
  const trouble = { name: '', happens, families: [] };
  expect(findingWithout(trouble)?.verdict).toBe('source-limited');
  const less = findingWithout(trouble, family);
  expect(less?.confidence).not.toBe('high');
  expect(less?.unchecked.join('\n')).toContain(family);
});
