import { describe, expect, it } from 'vitest';
import type { ClusterSeen } from '../../source/core/observation.js';
import { failure } from '../../source/core/failure.js';
import { isKnown, valueOf } from '../../source/core/known.js';
import { alike, keysThatDiffer, versionsOf } from '../../source/model/broker-apis.js';
import { SiteModel } from '../../source/model/site-model.js';

/** Metadata of a cluster of which `present` brokers count; partitions have three replicas, one on each of 1, 2, 3. */
function metadata(at: number, present: readonly number[], inSync: number): ClusterSeen {
  return {
    kind: 'cluster',
    cluster: 'us',
    asked: at,
    answered: at,
    answer: {
      ok: {
        clusterId: 'id',
        controller: 1,
        brokers: present.map(id => ({ id, host: 'h', port: 9000 + id })),
        topics: [
          {
            topic: 'orders',
            internal: false,
            leader: Float64Array.of(1, 3),
            replicas: Float64Array.of(3, 3),
            inSync: Float64Array.of(inSync, inSync),
          },
        ],
      },
    },
  };
}

function brokersOf(model: SiteModel, at: number) {
  return valueOf(model.snapshot(at).clusters[0]?.brokers ?? { value: [], at: 0 }) ?? [];
}

describe('a broker that the metadata no longer names', () => {
  it('stays in view as lost while partitions miss its replica', () => {
    const model = new SiteModel({ clusters: [{ name: 'us', bootstrap: ['h:9001'] }], connects: [] });
    model.fold(metadata(1000, [1, 2, 3], 3));
    model.fold(metadata(2000, [1, 3], 2));
    const lost = brokersOf(model, 2000).find(b => b.id === 2);
    expect(lost && isKnown(lost.answers)).toBe(false);
    expect(lost?.answers).toMatchObject({ since: 2000, unknown: { kind: 'absent' } });
    model.fold(metadata(3000, [1, 3], 2));
    expect(brokersOf(model, 3000).find(b => b.id === 2)?.answers).toMatchObject({ since: 2000 });
  });

  it('is forgotten once its partitions are whole without it, or it is back', () => {
    const model = new SiteModel({ clusters: [{ name: 'us', bootstrap: ['h:9001'] }], connects: [] });
    model.fold(metadata(1000, [1, 2, 3], 3));
    model.fold(metadata(2000, [1, 3], 2));
    model.fold(metadata(3000, [1, 2, 3], 3));
    expect(brokersOf(model, 3000).map(b => b.id)).toEqual([1, 2, 3]);
    model.fold(metadata(4000, [1, 3], 2));
    model.fold(metadata(5000, [1, 3], 3));
    expect(brokersOf(model, 5000).map(b => b.id)).toEqual([1, 3]);
  });
});

describe('what brokers speak', () => {
  const speaks = (
    at: number,
    broker: number,
    versions: Readonly<Record<number, readonly [number, number]>>,
  ) => {
    const keys = Object.keys(versions).map(Number);
    const ranges = Object.values(versions);
    return {
      kind: 'broker-apis' as const,
      cluster: 'us',
      broker,
      asked: at,
      answered: at,
      answer: {
        ok: {
          key: Int32Array.from(keys),
          oldest: Int32Array.from(ranges, ([oldest]) => oldest),
          newest: Int32Array.from(ranges, ([, newest]) => newest),
        },
      },
    };
  };

  it('tells the brokers apart that were upgraded, and in which requests', () => {
    const model = new SiteModel({ clusters: [{ name: 'us', bootstrap: ['h:9001'] }], connects: [] });
    model.fold(metadata(1000, [1, 2, 3], 3));
    expect(alike(brokersOf(model, 1000))).toEqual([]);
    for (const id of [1, 2]) model.fold(speaks(1500, id, { 0: [0, 11], 1: [0, 17], 60: [0, 1] }));
    model.fold(speaks(1500, 3, { 0: [0, 12], 1: [4, 17], 60: [0, 1], 91: [0, 0] }));
    const sets = alike(brokersOf(model, 2000));
    expect(sets.map(s => s.brokers)).toEqual([[1, 2], [3]]);
    expect(keysThatDiffer(sets)).toEqual([0, 1, 91]);
    expect(sets.map(({ apis }) => versionsOf(apis, 0)?.newest)).toEqual([11, 12]);
    expect(sets.map(({ apis }) => versionsOf(apis, 91))).toEqual([undefined, { oldest: 0, newest: 0 }]);
  });

  it('is another thing after the upgrade, and unknown of a broker that cannot be reached', () => {
    const model = new SiteModel({ clusters: [{ name: 'us', bootstrap: ['h:9001'] }], connects: [] });
    model.fold(metadata(1000, [1, 2], 3));
    model.fold(speaks(1500, 1, { 0: [0, 11] }));
    const { answer, ...second } = speaks(1500, 2, { 0: [0, 11] });
    model.fold({ ...second, answer: { failed: failure('refused', 'ApiVersions of broker 2') } });
    expect(brokersOf(model, 1500).map(b => isKnown(b.apis))).toEqual([true, false]);
    model.fold(speaks(2500, 1, { 0: [0, 13] }));
    model.fold({ ...second, answer });
    expect(alike(brokersOf(model, 2500)).map(s => s.brokers)).toEqual([[1], [2]]);
  });
});
