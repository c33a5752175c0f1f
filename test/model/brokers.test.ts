import { describe, expect, it } from 'vitest';
import type { ClusterSeen } from '../../source/core/observation.js';
import { isKnown, valueOf } from '../../source/core/known.js';
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
