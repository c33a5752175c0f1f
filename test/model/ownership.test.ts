import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupDescription } from '../../source/core/observation.js';
import { Ownership } from '../../source/model/ownership.js';

type Members = GroupDescription['members'];
type Owned = Readonly<Record<string, readonly number[]>>;

function member(clientId: string, owned: Owned | undefined): Members[number] {
  const assignment =
    owned && Object.entries(owned).map(([topic, all]) => ({ topic, partitions: Int32Array.from(all) }));
  return { member: `${clientId}-4f2c`, clientId, host: '/10.0.0.1', ...(assignment && { assignment }) };
}

describe('who owns a partition', () => {
  it('is told by client and host', () => {
    const ownership = new Ownership([
      member('a', { orders: [0, 2] }),
      member('b', { orders: [1], audit: [2] }),
    ]);

    expect([0, 1, 2].map(p => ownership.owner('orders', p))).toEqual([
      'a@10.0.0.1',
      'b@10.0.0.1',
      'a@10.0.0.1',
    ]);
    expect(ownership.owner('audit', 2)).toBe('b@10.0.0.1');
  });

  it('is not known where nobody owns it, or no member tells', () => {
    const ownership = new Ownership([member('a', { orders: [2] }), member('b', undefined)]);

    expect([0, 1, 3].map(p => ownership.owner('orders', p))).toEqual([undefined, undefined, undefined]);
    expect(ownership.owner('audit', 2)).toBeUndefined();
    expect(Ownership.none.owner('orders', 2)).toBeUndefined();
  });

  it('is whoever has it in its assignment, of any members', () => {
    const names = ['a', 'b', 'c', 'd'];
    const topics = ['orders', 'audit', 'constructor'];
    const dealt = fc.uniqueArray(
      fc.record({
        topic: fc.constantFrom(...topics),
        partition: fc.nat(40),
        owner: fc.constantFrom(...names, undefined),
      }),
      { selector: ({ topic, partition }) => `${topic}/${partition}` },
    );
    fc.assert(
      fc.property(dealt, all => {
        const of = (name: string): Owned =>
          Object.fromEntries(
            topics.map(t => [t, all.filter(o => o.owner === name && o.topic === t).map(o => o.partition)]),
          );
        const ownership = new Ownership(names.map(name => member(name, of(name))));
        for (const { topic, partition, owner } of all)
          expect(ownership.owner(topic, partition)).toBe(owner && `${owner}@10.0.0.1`);
      }),
    );
  });
});
