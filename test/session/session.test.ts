import { describe, expect, it } from 'vitest';
import type { Observation } from '../../source/core/observation.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { machineLimits } from '../../source/diagnose/machine-limits.js';
import { failure } from '../../source/core/failure.js';
import type { LiveFinding } from '../../source/diagnose/finding.js';
import { SiteModel } from '../../source/model/site-model.js';
import type { Snapshot } from '../../source/model/snapshot.js';
import type { Offer, Plan, Step, Target } from '../../source/remedy/plan.js';
import { startSession, type ObserverPort } from '../../source/session/session.js';
import type { GatePort } from '../../source/session/remedy-desk.js';
import type { EndpointView, SessionPort, View } from '../../source/session/view.js';
import { FakeClock } from '../support/fake-clock.js';

const target: Target = { kind: 'connector', connect: 'us', connector: 'mm2-source' };

function planned(id: string): Plan {
  return {
    id,
    action: 'raise-tasks-max',
    title: 'Raise tasks.max of mm2-source',
    target,
    confirm: 'mm2-source',
    why: '',
    changes: [{ key: 'tasks.max', from: '4', to: '6' }],
    where: '',
    cure: { verdict: 'cures', reason: '' },
    expect: [],
    repeats: '',
    risk: { level: 'low', text: '' },
    undo: '',
    byHand: [],
    madeAt: 0,
  };
}

const listing = (asked: number, state = 'Stable'): Observation => ({
  kind: 'groups',
  cluster: 'us',
  broker: 1,
  asked,
  answered: asked,
  answer: { ok: [{ group: 'billing', type: 'classic', protocolType: 'consumer', state }] },
});

const finding: LiveFinding = {
  rule: 'flow-limits',
  subject: { kind: 'flow', id: 'us/mm2-source', name: 'mm2-source' },
  severity: 'critical',
  verdict: 'target-limited',
  sentence: '',
  consequence: '',
  confidence: 'high',
  raise: [],
  evidence: [],
  unchecked: [],
  falsifier: '',
  remedies: [],
  byHand: [],
  certainty: 1,
  advice: [],
  key: 'flow-limits/flow/us/mm2-source',
  phase: 'firing',
  since: 0,
  sinceIsBound: false,
  timeline: [],
  consequences: [],
};

/** A session over a real model, with an observer and a gate whose answers the test chooses. */
function session(run: (plan: Plan) => AsyncIterable<Step> = () => steps()) {
  const clock = new FakeClock(0);
  const stop = new AbortController();
  let status: EndpointView['status'] = { is: 'asking', what: 'Metadata', since: 0 };
  let emit: (o: Observation) => void = () => undefined;
  let changed: () => void = () => undefined;
  let refreshes = 0;
  let findings: readonly LiveFinding[] = [];
  let used = 0;
  let cost = 1;
  let menu: readonly Offer[] = [];
  let present: () => Snapshot = () => {
    throw new Error('no gate was made');
  };
  const observer: ObserverPort = {
    endpoints: () => [{ name: 'kafka us', kind: 'kafka', address: 'h:1', status }],
    cost: () => ({ requests: 3, seconds: 0.1 }),
    refresh: () => refreshes++,
  };
  const gate: GatePort = {
    offers: () => menu,
    plan: async action => {
      await clock.sleep(100);
      return action === 'refuse' ? { action, target, reason: 'read-only', instead: [] } : planned(action);
    },
    planUndo: async plan => Promise.resolve({ ...planned(`undo ${plan}`), undoes: plan }),
    run: plan => run(plan),
    earlier: () => Promise.resolve([]),
  };
  const port = startSession({
    context: 'lab',
    mode: 'read-write',
    interval: 2000,
    clock,
    signal: stop.signal,
    model: new SiteModel({ clusters: [{ name: 'us', bootstrap: ['h:1'] }], connects: [] }),
    cpu: () => used,
    limits: machineLimits(defaultLimits),
    judge: () => {
      used += cost;
      return { findings, past: [], unjudged: [] };
    },
    gate: snapshot => {
      present = snapshot;
      return gate;
    },
    observe: (e, c) => {
      emit = e;
      changed = c;
      return observer;
    },
  });
  const published: number[] = [];
  port.subscribe(() => published.push(port.view().at));
  return {
    clock,
    port,
    stop,
    published,
    emit: (o: Observation) => emit(o),
    become: (next: EndpointView['status']) => {
      status = next;
      changed();
    },
    refreshes: () => refreshes,
    found: (next: readonly LiveFinding[]) => {
      findings = next;
    },
    judgedBy: () => present(),
    offered: (next: readonly Offer[]) => {
      menu = next;
    },
    /** Every frame takes so much CPU from now on, ms. */
    frameCosts: (ms: number) => {
      cost = ms;
    },
  };
}

async function* steps(...list: Step['state'][]): AsyncIterable<Step> {
  for (const state of list.length > 0 ? list : (['applied', 'verified', 'done'] as const))
    yield await Promise.resolve({ at: 0, state, text: state });
}

describe('the session', () => {
  it('has a view before anything was answered', () => {
    const { port } = session();
    expect(port.view().endpoints[0]?.status).toMatchObject({ is: 'asking' });
    expect(port.view().snapshot.groups).toEqual([]);
  });

  it('publishes one view a tick', async () => {
    const { clock, published, become } = session();
    become({ is: 'live', lastAnswer: 0 });
    await clock.advance(500);
    published.length = 0;
    await clock.advance(6000);
    expect(published).toEqual([2000, 4000, 6000]);
  });

  it('fills the first frames as answers come, not once an answer', async () => {
    const { clock, port, published, emit } = session();
    for (let i = 0; i < 50; i++) emit(listing(0));
    await clock.advance(200);
    expect(published).toHaveLength(1);
    expect(port.view().snapshot.groups.map(g => g.group)).toEqual(['billing']);
  });

  it('shows at once that an endpoint fell', async () => {
    const { clock, port, become } = session();
    become({ is: 'live', lastAnswer: 0 });
    await clock.advance(300);
    become({ is: 'failing', failure: failure('refused', 'Metadata of us'), since: 300, nextTry: 2300 });
    await clock.advance(200);
    expect(port.view().endpoints[0]?.status.is).toBe('failing');
  });

  it('is silent once it is stopped', async () => {
    const { clock, stop, published } = session();
    stop.abort();
    await clock.advance(10_000);
    expect(published).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  it('asks again when it is told to', () => {
    const { port, refreshes } = session();
    port.intend({ type: 'refresh' });
    expect(refreshes()).toBe(1);
  });
});

describe('time', () => {
  const stateAt = (port: SessionPort): unknown => port.view().snapshot.groups[0]?.state;

  it('is held where it is: answers go on being folded, and are there when it goes on', async () => {
    const { clock, port, emit, become } = session();
    become({ is: 'live', lastAnswer: 0 });
    emit(listing(0));
    await clock.advance(2000);
    const before = port.view();
    port.intend({ type: 'time', to: before.at });
    expect(port.view().held).toEqual({ at: 2000 });
    emit(listing(3000, 'Empty'));
    await clock.advance(2000);
    expect(port.view().snapshot).toBe(before.snapshot);
    expect(port.live().at).toBe(4000);
    port.intend({ type: 'time', to: 'live' });
    expect(port.view().held).toBeUndefined();
    expect(stateAt(port)).toMatchObject({ value: 'Empty' });
  });

  it('goes back through what was seen, with the findings and endpoints of then, and forth', async () => {
    const { clock, port, emit, become, found } = session();
    become({ is: 'live', lastAnswer: 0 });
    for (let at = 0; at < 180_000; at += 2000) {
      emit(listing(at, at < 90_000 ? 'Stable' : 'Empty'));
      if (at === 90_000) found([finding]);
      if (at === 120_000) become({ is: 'failing', failure: failure('timeout', 'x'), since: at, nextTry: at });
      await clock.advance(2000);
    }
    port.intend({ type: 'time', to: port.view().at });
    const { earlier } = port.view().held ?? {};
    expect(earlier).toBe(148_000);
    port.intend({ type: 'time', to: earlier ?? NaN });
    expect(port.view()).toMatchObject({ at: 148_000, held: { at: 148_000, earlier: 118_000 } });
    expect(port.view().endpoints[0]?.status.is).toBe('failing');
    port.intend({ type: 'time', to: 58_000 });
    expect(port.view()).toMatchObject({ at: 58_000, findings: [], held: { earlier: 28_000, later: 88_000 } });
    expect(port.view().endpoints[0]?.status.is).toBe('live');
    expect(stateAt(port)).toMatchObject({ value: 'Stable' });
    port.intend({ type: 'time', to: 130_000 });
    expect(port.view().findings).toMatchObject([{ verdict: 'target-limited' }]);
    expect(stateAt(port)).toMatchObject({ value: 'Empty' });
  });

  it('begins with the oldest moment that is kept', async () => {
    const { clock, port, emit } = session();
    for (let at = 0; at < 90_000; at += 2000) {
      emit(listing(at));
      await clock.advance(2000);
    }
    port.intend({ type: 'time', to: -1_000_000 });
    expect(port.view().held).toEqual({ at: 28_000, later: 58_000 });
  });

  it('leaves a log: findings with their phases, steps of remedies, marks', async () => {
    const { clock, port, found } = session();
    found([finding]);
    await clock.advance(2000);
    found([]);
    await clock.advance(2000);
    port.intend({ type: 'plan', action: 'raise', target, argument: '' });
    await clock.advance(100);
    port.intend({ type: 'confirm', typed: 'mm2-source' });
    await clock.advance(0);
    port.intend({ type: 'mark' });
    await clock.advance(4000);
    expect(
      port.view().snapshot.changes.map(({ kind, subject, was, is }) => [kind, subject, was, is]),
    ).toEqual([
      ['finding', 'us/mm2-source', undefined, 'firing'],
      ['finding', 'us/mm2-source', 'firing', undefined],
      ['remedy', 'us/mm2-source', undefined, 'applied: applied'],
      ['remedy', 'us/mm2-source', undefined, 'verified: verified'],
      ['remedy', 'us/mm2-source', undefined, 'done: done'],
      ['mark', '', undefined, 'set by hand'],
    ]);
  });

  it('is that of the present for a remedy, whatever is shown', async () => {
    const { clock, port, emit, judgedBy } = session();
    emit(listing(0));
    await clock.advance(2000);
    port.intend({ type: 'time', to: 2000 });
    emit(listing(3000, 'Empty'));
    await clock.advance(2000);
    expect(judgedBy().groups[0]?.state).toMatchObject({ value: 'Empty' });
  });
});

describe('the menu of remedies', () => {
  const subject = { kind: 'flow', id: 'us/mm2-source' } as const;
  const offer = (action: string, disabled?: string): Offer => ({
    action,
    title: action,
    target,
    ...(disabled !== undefined && { disabled }),
  });
  const shown = ({ remedy }: View): unknown =>
    remedy.phase === 'offers' ? remedy.offers.map(one => [one.action, one.disabled]) : remedy.phase;

  it('tells at each tick what hinders a remedy, while each stays where the cursor finds it', async () => {
    const { clock, port, offered } = session();
    offered([offer('restart'), offer('raise', 'the connector is UNASSIGNED')]);
    port.intend({ type: 'offer', subject, suggested: [] });
    offered([offer('raise'), offer('restart', 'the connector is STOPPED')]);
    await clock.advance(2000);
    expect(shown(port.view())).toEqual([
      ['restart', 'the connector is STOPPED'],
      ['raise', undefined],
    ]);
  });

  it('tells the quota of a user from that of a client of the same name', async () => {
    const { clock, port, offered } = session();
    const both = [{ user: 'mm2' }, { client: 'mm2' }].map((whom): Offer => ({
      action: 'raise-quota',
      title: 'raise',
      target: { kind: 'quota', cluster: 'us', ...whom },
    }));
    offered(both);
    port.intend({ type: 'offer', subject, suggested: [] });
    await clock.advance(2000);
    expect(port.view().remedy).toMatchObject({ offers: both });
  });

  it('puts at the end what came, and what is no longer there stays under the cursor, with that reason', async () => {
    const { clock, port, offered } = session();
    offered([offer('restart'), offer('raise')]);
    port.intend({ type: 'offer', subject, suggested: [] });
    offered([offer('pause'), offer('raise')]);
    await clock.advance(2000);
    expect(shown(port.view())).toEqual([
      ['restart', 'it is no longer there'],
      ['raise', undefined],
      ['pause', undefined],
    ]);
  });
});

describe('a remedy', () => {
  it('is planned, confirmed, carried out, and can then be undone', async () => {
    const { clock, port } = session();
    port.intend({ type: 'plan', action: 'raise', target, argument: '' });
    expect(port.view().remedy.phase).toBe('planning');
    await clock.advance(100);
    expect(port.view().remedy).toMatchObject({ phase: 'plan', plan: { id: 'raise' } });
    port.intend({ type: 'confirm', typed: 'mm2-source' });
    await clock.advance(0);
    expect(port.view().remedy).toMatchObject({ phase: 'ended', undo: true });
    expect(port.view().changes).toMatchObject([{ plan: { id: 'raise' }, undoable: true }]);
    port.intend({ type: 'plan-undo', plan: 'raise' });
    await clock.advance(0);
    expect(port.view().remedy).toMatchObject({ phase: 'plan', plan: { undoes: 'raise' } });
  });

  it('changes nothing over a wrong word, and says so', async () => {
    let runs = 0;
    const { clock, port } = session(() => {
      runs++;
      return steps();
    });
    port.intend({ type: 'plan', action: 'raise', target, argument: '' });
    await clock.advance(100);
    port.intend({ type: 'confirm', typed: 'mm2-sorce' });
    await clock.advance(0);
    expect(port.view().remedy).toMatchObject({
      phase: 'plan',
      note: expect.stringContaining('nothing was changed') as string,
    });
    expect(runs).toBe(0);
  });

  it('shows the new diff when the world moved', async () => {
    const moved = planned('moved');
    const { clock, port } = session(async function* () {
      yield await Promise.resolve({
        at: 0,
        state: 'moved' as const,
        text: 'tasks.max is 5 now',
        plan: moved,
      });
    });
    port.intend({ type: 'plan', action: 'raise', target, argument: '' });
    await clock.advance(100);
    port.intend({ type: 'confirm', typed: 'mm2-source' });
    await clock.advance(0);
    expect(port.view().remedy).toEqual({ phase: 'plan', plan: moved, note: 'tasks.max is 5 now' });
  });

  it('that was refused says why', async () => {
    const { clock, port } = session();
    port.intend({ type: 'plan', action: 'refuse', target, argument: '' });
    await clock.advance(100);
    expect(port.view().remedy).toMatchObject({ phase: 'refused', refusal: { reason: 'read-only' } });
  });

  it('left while it was being planned does not come back', async () => {
    const { clock, port } = session();
    port.intend({ type: 'plan', action: 'raise', target, argument: '' });
    port.intend({ type: 'dismiss' });
    await clock.advance(1000);
    expect(port.view().remedy.phase).toBe('none');
  });

  it('left while it runs goes on, and stays in the changes', async () => {
    const { clock, port } = session(async function* () {
      yield { at: 0, state: 'applied' as const, text: '' };
      await clock.sleep(5000);
      yield { at: 0, state: 'done' as const, text: '' };
    });
    port.intend({ type: 'plan', action: 'raise', target, argument: '' });
    await clock.advance(100);
    port.intend({ type: 'confirm', typed: 'mm2-source' });
    await clock.advance(0);
    port.intend({ type: 'dismiss' });
    await clock.advance(5000);
    expect(port.view().remedy.phase).toBe('none');
    expect(port.view().changes[0]?.steps.map(s => s.state)).toEqual(['applied', 'done']);
  });
});

describe('frames that cost more than a tenth of a core', () => {
  it('are made less often, and the view says how often, until they cost less', async () => {
    const { clock, port, published, become, frameCosts } = session();
    become({ is: 'live', lastAnswer: 0 });
    await clock.advance(4_000);
    expect(port.view().stretched).toBeUndefined();
    frameCosts(400);
    await clock.advance(12_000);
    published.length = 0;
    await clock.advance(40_000);
    expect(published).toHaveLength(10);
    expect(port.view().stretched).toBe(4_000);
    frameCosts(10);
    await clock.advance(24_000);
    expect(port.view().stretched).toBeUndefined();
    published.length = 0;
    await clock.advance(20_000);
    expect(published).toHaveLength(10);
  });
});
