import { expect, it } from 'vitest';
import { lookedAtClosely } from '../../source/diagnose/rules/close-look.js';
import type { GroupView, Snapshot } from '../../source/model/snapshot.js';
import { seen } from '../../source/core/known.js';
import { group, now, view } from '../support/views.js';

const isLate = (g: GroupView): boolean => g.mostLag > 0;
const one = group('healthy', 0, { partitions: [] });

/** So many late groups, each with more lag than the one before, and a healthy one. */
function late(count: number): Snapshot {
  const groups = Array.from({ length: count }, (_, i) => ({
    ...one,
    group: `g-${i}`,
    mostLag: 1_000,
    lag: seen(1_000 + i, now),
  }));
  return { ...view().snapshot, groups: [one, ...groups] };
}

it('takes every group that passed the gate, where there are few', () => {
  const taken = [...lookedAtClosely(late(60), isLate)].map(g => g.group);
  expect(taken).toHaveLength(60);
  expect(taken).not.toContain('healthy');
});

it.each([1_000, 5_000, 10_000])(
  'takes those with the most lag at every tick, and all others in turn, with %i ms between ticks',
  every => {
    const snapshot = late(400);
    const met = new Set<string>();
    for (let tick = 0; tick < 60; tick++) {
      const taken = [...lookedAtClosely({ ...snapshot, at: now + tick * every }, isLate)].map(g => g.group);
      expect(taken).toHaveLength(60);
      expect(taken).toContain('g-399');
      for (const name of taken) met.add(name);
    }
    expect(met.size).toBe(400);
  },
);
