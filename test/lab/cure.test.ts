import { afterEach, describe, expect, it } from 'vitest';
import { cure } from '../../lab/scenarios/cure.js';
import { cureFault, type Ward } from '../../lab/scenarios/curing.js';
import type { Curable } from '../../lab/scenarios/expected.js';
import { isCured } from '../../lab/scenarios/table.js';
import { seen } from '../../source/core/known.js';
import type { LiveFinding, RemedyHint } from '../../source/diagnose/finding.js';
import { RemedyDesk } from '../../source/session/remedy-desk.js';
import type { SessionPort, View } from '../../source/session/view.js';
import { startBench, type Bench, type BenchSetup } from '../remedy/bench.js';
import * as views from '../support/views.js';
import { now } from '../support/views.js';

/** What the scenarios do with a finding: its first remedy, through the gate of a session without a screen. */

const benches: Bench[] = [];
afterEach(async () => {
  await Promise.all(benches.splice(0).map(b => b.stop()));
});

/** A session over a bench; its findings are those of `findings`, as of now. */
async function sessionOf(
  findings: () => readonly LiveFinding[],
  setup: BenchSetup = {},
): Promise<{ b: Bench; session: SessionPort; tick: () => void }> {
  const b = await startBench(setup);
  benches.push(b);
  const listeners = new Set<() => void>();
  const tick = (): void => {
    for (const listener of listeners) listener();
  };
  const desk = new RemedyDesk(b.gate, new AbortController().signal, tick);
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
  return { b, session, tick };
}

const overload = (...remedies: RemedyHint[]): LiveFinding =>
  views.firing(
    {
      ...views.targetLimited,
      rule: 'flow-limits',
      sentence: 'load exceeds what its tasks can carry',
      subject: { kind: 'flow', id: 'us/mm2-source', name: 'mm2-source' },
      remedies,
    },
    5,
  );

const more: RemedyHint = { action: 'tasks-max', cures: true, note: 'its tasks are the limit' };
const never = new AbortController().signal;

describe('the cure of a finding', () => {
  it('is its first remedy, applied and watched, with its effect against what was expected', async () => {
    const finding = overload(more);
    const { b, session } = await sessionOf(() => [finding]);
    const done = await cure(session, finding, never);
    expect(b.connect.connector('mm2-source').config['tasks.max']).toBe('6');
    expect(done).toMatchObject({
      remedy: 'Raise tasks.max by half',
      plan: { cure: { verdict: 'cures' } },
      effect: { before: 1060, after: 1590, expected: 'up to 1.59k' },
    });
    expect(session.live().remedy.phase).toBe('none');
  });

  it('is none where the finding names no remedy that cures', async () => {
    const finding = overload({ action: 'tasks-max', cures: false, note: 'more tasks share the same quota' });
    const { b, session } = await sessionOf(() => [finding]);
    expect(await cure(session, finding, never)).toEqual({ not: 'no remedy that cures it is offered' });
    expect(b.connect.mutations()).toEqual([]);
  });

  it('is none where the plan says that it will not cure, whatever the finding says', async () => {
    const finding = overload(more);
    const { b, session } = await sessionOf(() => [finding]);
    b.show({ throttle: seen(162, now) });
    expect(await cure(session, finding, never)).toMatchObject({
      not: expect.stringMatching(/^its plan says that it will not cure: the target throttles it by 162ms/),
    });
    expect(b.connect.mutations()).toEqual([]);
  });

  it('says why where it is refused', async () => {
    const finding = overload(more);
    const { session } = await sessionOf(() => [finding], { config: { 'tasks.max': '12' } });
    expect(await cure(session, finding, never)).toMatchObject({
      remedy: 'Raise tasks.max by half',
      not: expect.stringMatching(/already gives each of the 12 partitions a task of its own/),
    });
  });

  it('is confirmed once more where the world has moved, by the plan that is shown then', async () => {
    const finding = overload(more);
    const { b, session } = await sessionOf(() => [finding]);
    let moved = false;
    session.subscribe(() => {
      if (moved || session.live().remedy.phase !== 'plan') return;
      moved = true;
      const mirror = b.connect.connector('mm2-source');
      mirror.reconfigure({ ...mirror.config, 'source.consumer.max.poll.records': '400' });
    });
    expect(await cure(session, finding, never)).toMatchObject({ effect: { after: 1590 } });
    expect(moved).toBe(true);
  });

  it('ends where it is told to', async () => {
    const finding = overload(more);
    const { session } = await sessionOf(() => [finding]);
    await expect(cure(session, finding, AbortSignal.abort())).rejects.toThrow('did not answer');
  });
});

const quiet = { hostCpu: 0, errors: [] };

describe('the cure of a fault', () => {
  const expectation: Curable = {
    fault: 'overload',
    expected: [{ rule: 'flow-limits', subject: 'flow us/mm2-source', within: 60 }],
    cure: { by: 'tasks-max' },
  };

  /** A ward in which the fault is found 10 s after it was made, and stands until so many tasks share the load. */
  async function wardOf(enough: number, setup: BenchSetup = {}): Promise<{ b: Bench; ward: Ward }> {
    let made = Infinity;
    const tasks = (): number => Number(b.connect.connector('mm2-source').config['tasks.max']);
    const stands = (): boolean => b.clock.now() >= made + 10_000 && tasks() < enough;
    const { b, session, tick } = await sessionOf(() => (stands() ? [overload(more)] : []), setup);
    const ward: Ward = {
      session,
      clock: {
        now: () => b.clock.now(),
        sleep: async ms => {
          await b.clock.advance(ms);
          tick();
        },
      },
      make: () => Promise.resolve(void (made = b.clock.now())),
      behind: () => Promise.resolve(stands() ? 60_000 : 0),
      note: () => undefined,
      signal: never,
    };
    return { b, ward };
  }

  it('is the remedy of what is found, again as long as it stands', async () => {
    const { b, ward } = await wardOf(9);
    const run = await cureFault(ward, expectation);
    expect(run).toMatchObject({
      found: 10,
      finding: 'mm2-source: load exceeds what its tasks can carry',
      doses: [
        { action: 'tasks-max', changes: ['tasks.max 4 → 6'], effect: { before: 1060, after: 1590 } },
        { action: 'tasks-max', changes: ['tasks.max 6 → 9'], effect: { before: 1590, after: 2000 } },
      ],
    });
    expect(run.gone).toBeGreaterThan(60);
    expect(run.drained).toBeGreaterThan(60);
    expect(run.not).toBeUndefined();
    expect(b.connect.mutations()).toHaveLength(2);
    expect(isCured(expectation, { ...run, ...quiet })).toBe(true);
    expect(isCured({ ...expectation, cure: { by: 'raise-quota' } }, { ...run, ...quiet })).toBe(false);
  });

  it('is tried once rates are of the fault alone', async () => {
    const { b, ward } = await wardOf(6);
    const started = b.clock.now();
    let patched: number | undefined;
    b.connect.onRequest = ({ method }) => {
      if (method === 'PATCH') patched = b.clock.now();
    };
    await cureFault(ward, expectation);
    expect((patched ?? 0) - started).toBeGreaterThan(50_000);
  });

  it('is none where nothing of it is found, and nothing is changed', async () => {
    const { b, ward } = await wardOf(0);
    const run = await cureFault(ward, expectation);
    expect(run).toMatchObject({ found: null, doses: [], gone: null });
    expect(b.connect.mutations()).toEqual([]);
    expect(isCured(expectation, { ...run, ...quiet })).toBe(false);
  });

  it('is never another remedy than the expected one', async () => {
    const { b, ward } = await wardOf(9);
    const run = await cureFault(ward, { ...expectation, cure: { by: 'raise-quota' } });
    expect(run).toMatchObject({
      doses: [],
      not: 'the finding names tasks-max as its cure, and not raise-quota',
      gone: null,
    });
    expect(b.connect.mutations()).toEqual([]);
  });

  it('ends with the reason where no more can be done, and the finding stands', async () => {
    const { b, ward } = await wardOf(99);
    const run = await cureFault(ward, expectation);
    expect(run.doses.map(({ changes }) => changes.join())).toEqual([
      'tasks.max 4 → 6',
      'tasks.max 6 → 9',
      'tasks.max 9 → 12',
    ]);
    expect(run.not).toMatch(/already gives each of the 12 partitions a task of its own/);
    expect(run).toMatchObject({ gone: null, drained: null });
    expect(b.connect.mutations()).toHaveLength(3);
    expect(isCured(expectation, { ...run, ...quiet })).toBe(false);
  });
});
