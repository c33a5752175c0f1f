import { describe, expect, it } from 'vitest';
import type { LiveFinding } from '../../source/diagnose/finding.js';
import { foundSince } from '../../source/session/found.js';
import { firing, hotPartition, now, targetLimited } from '../support/views.js';

/** When what an action is about was found, wherever in the tree of causes it stands. */

const flow = { kind: 'flow', id: 'connect us/mm2-source', name: 'mm2-source' } as const;
const ofFlow = (minutes: number, over: Partial<LiveFinding> = {}): LiveFinding =>
  firing({ ...targetLimited, subject: flow }, minutes, over);
const under = (cause: LiveFinding, ...consequences: readonly LiveFinding[]): LiveFinding => ({
  ...cause,
  consequences,
});
const minutesAgo = (found: readonly LiveFinding[]): number | undefined => {
  const since = foundSince(found, flow, 'tasks-max');
  return since === undefined ? undefined : (now - since) / 60_000;
};

describe('what an action is about', () => {
  it.each([
    ['stands by itself', [ofFlow(3)]],
    ['follows from another finding', [under(firing(hotPartition, 4), ofFlow(3))]],
    [
      'follows from what follows from another',
      [under(firing(hotPartition, 5), firing(hotPartition, 4), under(firing(hotPartition, 4), ofFlow(3)))],
    ],
  ])('was found when it began, where it %s', (_, found) => {
    expect(minutesAgo(found)).toBe(3);
  });

  it('began with the newest of several, however deep', () => {
    expect(minutesAgo([ofFlow(9), under(firing(hotPartition, 5), under(ofFlow(4), ofFlow(2)))])).toBe(2);
  });

  it.each<[string, Partial<LiveFinding>]>([
    ['is of another thing', { subject: { ...flow, id: 'connect us/other' } }],
    ['was there before kmon looked', { sinceIsBound: true }],
    ['is only told, and suggests something else', { severity: 'info', remedies: [] }],
  ])('has no beginning where what was found %s', (_, over) => {
    expect(
      minutesAgo([under(firing(hotPartition, 5), under(firing(hotPartition, 4), ofFlow(3, over)))]),
    ).toBe(undefined);
  });
});
