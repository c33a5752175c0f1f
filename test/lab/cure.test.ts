import { afterEach, describe, expect, it } from 'vitest';
import { cure, cureLine } from '../../lab/scenarios/cure.js';
import type { LiveFinding, RemedyHint } from '../../source/diagnose/finding.js';
import { RemedyDesk } from '../../source/session/remedy-desk.js';
import type { SessionPort, View } from '../../source/session/view.js';
import { startBench, type Bench, type BenchSetup } from '../remedy/bench.js';
import * as views from '../support/views.js';

/** What the scenarios do with a finding: its first remedy, through the gate of a session without a screen. */

const benches: Bench[] = [];
afterEach(async () => {
  await Promise.all(benches.splice(0).map(b => b.stop()));
});

/** A session over a bench; its findings are those of `findings`, as of now. */
async function sessionOf(
  findings: () => readonly LiveFinding[],
  setup: BenchSetup = {},
): Promise<{ b: Bench; session: SessionPort }> {
  const b = await startBench(setup);
  benches.push(b);
  const listeners = new Set<() => void>();
  const desk = new RemedyDesk(b.gate, new AbortController().signal, () => {
    for (const listener of listeners) listener();
  });
  const live = (): View =>
    views.view(
      { remedy: desk.view(), changes: desk.changes(), findings: findings() },
      { flows: [b.flow()], at: b.clock.now() },
    );
  const session: SessionPort = {
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    view: live,
    live,
    intend: intent => {
      switch (intent.type) {
        case 'refresh':
        case 'time':
        case 'mark':
        case 'compare':
        case 'pin':
          return;
        default:
          desk.intend(intent, live().snapshot);
      }
    },
  };
  return { b, session };
}

const overload = (...remedies: RemedyHint[]): LiveFinding =>
  views.firing(
    {
      ...views.targetLimited,
      sentence: 'load exceeds what its tasks can carry',
      subject: { kind: 'flow', id: 'us/mm2-source', name: 'mm2-source' },
      remedies,
    },
    5,
  );

const more: RemedyHint = { action: 'tasks-max', cures: true, note: 'its tasks are the limit' };

describe('the cure of a finding', () => {
  it('is its first remedy, applied and watched, with its effect against what was expected', async () => {
    let stands = true;
    const finding = overload(more);
    const { b, session } = await sessionOf(() => (stands ? [finding] : []));
    b.connect.onRequest = ({ method }) => {
      if (method === 'PATCH') stands = false;
    };
    const done = await cure(session, finding);
    expect(b.connect.connector('mm2-source').config['tasks.max']).toBe('6');
    expect(done).toMatchObject({
      remedy: 'Raise tasks.max by half',
      cured: true,
      effect: { before: 1060, after: 1590 },
    });
    expect(cureLine(done)).toBe(
      'mm2-source: load exceeds what its tasks can carry; Raise tasks.max by half: write/s 1060 → 1590 (expected up to 1.59k); the finding is gone',
    );
    expect(session.live().remedy.phase).toBe('none');
  });

  it('says that the finding stands where it does', async () => {
    const finding = overload(more);
    const { session } = await sessionOf(() => [finding]);
    expect((await cure(session, finding)).cured).toBe(false);
  });

  it('is none where the finding names no remedy that cures', async () => {
    const finding = overload({ action: 'tasks-max', cures: false, note: 'more tasks share the same quota' });
    const { b, session } = await sessionOf(() => [finding]);
    expect(await cure(session, finding)).toMatchObject({
      not: 'no remedy that cures it is offered',
      steps: [],
    });
    expect(b.connect.mutations()).toEqual([]);
  });

  it('says why where it is refused', async () => {
    const finding = overload(more);
    const { session } = await sessionOf(() => [finding], { config: { 'tasks.max': '12' } });
    const done = await cure(session, finding);
    expect(done.not).toMatch(/already gives each of the 12 partitions a task of its own/);
    expect(done.cured).toBe(false);
  });
});
