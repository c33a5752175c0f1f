import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import type { Observation, RecordSample } from '../../source/core/observation.js';
import type { Finding } from '../../source/diagnose/finding.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { keyOrder } from '../../source/diagnose/rules/key-order.js';
import { keySpread } from '../../source/diagnose/rules/key-spread.js';
import { SiteModel } from '../../source/model/site-model.js';

const t0 = Date.UTC(2026, 0, 1);
const topic = 'orders';

/** A run of 100 records with 50 keys of its own, as a healthy partition has it. */
function sample(partition: number, of: Partial<RecordSample> = {}): RecordSample {
  return {
    from: 900,
    to: 999,
    records: 100,
    bytes: 10_000,
    unread: {},
    unkeyed: 0,
    empty: 0,
    distinct: 50,
    keys: Array.from({ length: 50 }, (_, i) => ({ hash: partition * 1_000 + i, records: 2 })),
    elsewhere: 0,
    idempotent: 0,
    appendTimes: 0,
    back: 0,
    backOfAll: 0,
    furthestBack: 0,
    ...of,
  };
}

/** A topic to which `rates` records/s arrive, a partition each, and samples of it. */
function judged(rates: readonly number[], samples: readonly (RecordSample | 'refused')[]) {
  const model = new SiteModel({ clusters: [{ name: 'eu', bootstrap: ['eu:1'] }], connects: [] });
  const n = rates.length;
  const times = (at: number) => ({ asked: at, answered: at });
  const all = (value: number): Float64Array => new Float64Array(n).fill(value);
  const fold = (o: Observation): void => model.fold(o);
  const column = (offset: Float64Array) => ({
    topic,
    partition: Int32Array.from(rates.keys()),
    offset,
    failure: new Uint8Array(n),
  });
  fold({
    kind: 'cluster',
    cluster: 'eu',
    ...times(t0),
    answer: {
      ok: {
        clusterId: 'id',
        controller: 1,
        brokers: [{ id: 1, host: 'eu', port: 1 }],
        topics: [{ topic, internal: false, leader: all(1), replicas: all(1), inSync: all(1) }],
      },
    },
  });
  fold({
    kind: 'groups',
    cluster: 'eu',
    broker: 1,
    ...times(t0),
    answer: { ok: [{ group: 'g', type: 'classic', protocolType: 'consumer', state: 'Stable' }] },
  });
  for (let second = 1; second <= 120; second += 5) {
    const at = t0 + second * 1_000;
    const groups = [{ group: 'g', answer: { ok: [column(all(0))] } }];
    fold({ kind: 'committed', cluster: 'eu', broker: 1, ...times(at), groups, failures: [] });
    fold({
      kind: 'offsets',
      cluster: 'eu',
      broker: 1,
      which: 'log-end',
      ...times(at),
      topics: [column(Float64Array.from(rates, rate => rate * second))],
      failures: [],
    });
  }
  const at = t0 + 121_000;
  for (const [partition, one] of samples.entries()) {
    const answer =
      one === 'refused'
        ? { failed: failure('unauthorised', 'Fetch of orders', 'no READ on the topic') }
        : { ok: one };
    fold({ kind: 'records', cluster: 'eu', topic, partition, ...times(at), answer });
  }
  const snapshot = model.snapshot(at);
  const find = (rule: typeof keySpread): Finding | undefined =>
    rule.judge(snapshot, defaultLimits).find(j => j.finding)?.finding;
  return {
    spread: find(keySpread),
    order: find(keyOrder),
    unjudged: keySpread.judge(snapshot, defaultLimits).flatMap(j => j.unjudged ?? []),
  };
}

const even = [50, 50, 50, 50, 50, 50];
const hot = [50, 50, 400, 50, 50, 50];
const healthy = even.map((_, p) => sample(p));

describe('sampled keys', () => {
  it('are not spoken of where none are sampled, or all is well', () => {
    expect(judged(even, [])).toEqual({ spread: undefined, order: undefined, unjudged: [] });
    expect(judged(even, healthy)).toEqual({ spread: undefined, order: undefined, unjudged: [] });
  });

  it('that may not be read are said to be not judged, with the reason', () => {
    const { unjudged } = judged(
      even,
      even.map(() => 'refused' as const),
    );
    expect(unjudged).toMatchObject([{ kind: 'unauthorised', detail: 'no READ on the topic' }]);
  });

  it('one of which fills a partition by itself is a hot key, and a warning where the topic is uneven', () => {
    const keys = [{ hash: 7, records: 80 }, ...sample(2).keys.slice(0, 10)];
    const samples = healthy.map((s, p) => (p === 2 ? sample(2, { keys, distinct: 11 }) : s));
    const { spread } = judged(hot, samples);
    // 80 % of a partition that takes 400 of 650 records/s.
    expect(spread).toMatchObject({ verdict: 'hot-key', severity: 'warning' });
    expect(spread?.sentence).toMatch(/one key takes 49%/);
    expect(spread?.explains).toEqual([{ rule: 'topic-skew', subject: { kind: 'topic', id: 'eu/orders' } }]);
  });

  it('that are one, or empty, are named', () => {
    const one = sample(0, { records: 300, distinct: 1, keys: [{ hash: 1, records: 300 }] });
    const none = (p: number) => sample(p, { records: 0, distinct: 0, keys: [] });
    expect(judged(even, [one, ...[1, 2, 3, 4, 5].map(none)]).spread?.verdict).toBe('constant-key');
    const empty = healthy.map((s, p) => (p === 0 ? sample(0, { empty: 90 }) : s));
    expect(judged(even, empty).spread).toMatchObject({ verdict: 'empty-keys', severity: 'warning' });
  });

  it('that are few, or missing, explain an uneven topic, and are no matter in an even one', () => {
    const few = even.map((_, p) =>
      sample(p, {
        distinct: 9,
        keys: Array.from({ length: 9 }, (_, i) => ({ hash: p * 10 + i, records: 11 })),
      }),
    );
    expect(judged(hot, few).spread?.verdict).toBe('few-keys');
    expect(judged(even, few).spread).toBeUndefined();
    const unkeyed = even.map((_, p) => sample(p, { unkeyed: 90, distinct: 10, keys: [] }));
    expect(judged(hot, unkeyed).spread?.verdict).toBe('unkeyed');
  });

  it('in two partitions break the order, and the share of murmur2 says whose clients they are', () => {
    const shared = sample(1).keys;
    const samples = healthy.map((s, p) => (p === 4 ? sample(4, { keys: shared, elsewhere: 100 }) : s));
    const { order } = judged(even, samples);
    expect(order).toMatchObject({ verdict: 'keys-split', severity: 'warning' });
    expect(order?.sentence).toBe('50 of 250 sampled keys lie in two partitions');
    expect(order?.evidence.map(e => e.value)).toContain('83%');
  });

  it('of one producer whose times go back by more than clocks do are out of order', () => {
    const back = (furthestBack: number) =>
      judged(
        even,
        healthy.map((s, p) => (p === 0 ? sample(0, { idempotent: 100, back: 2, furthestBack }) : s)),
      ).order;
    expect(back(20_000)).toMatchObject({ verdict: 'times-go-back' });
    expect(back(3_000)).toBeUndefined();
  });

  it('in batches that kmon could not unpack are said to be missing', () => {
    const keys = [{ hash: 7, records: 80 }];
    const unread = { 'zstd (Node has it from 22.15 on)': 4_000 };
    const samples = healthy.map((s, p) => (p === 2 ? sample(2, { keys, unread }) : s));
    expect(judged(hot, samples).spread?.unchecked).toEqual([
      '4000 records in batches that this kmon could not unpack: zstd (Node has it from 22.15 on)',
    ]);
  });
});
