import { afterEach, describe, expect, it } from 'vitest';
import { seen } from '../../source/core/known.js';
import type { Suggested } from '../../source/remedy/offers.js';
import { RemedyDesk } from '../../source/session/remedy-desk.js';
import type { PlaybookView, RemedyView } from '../../source/session/view.js';
import { startBench, type Bench, type BenchSetup } from '../remedy/bench.js';
import type { Snapshot } from '../../source/model/snapshot.js';
import { view } from '../support/views.js';

/** The runbook as one guided path, over a simulated Connect cluster whose four tasks can not carry the load. */

const subject = { kind: 'flow', id: 'us/mm2-source' } as const;
const benches: Bench[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  await Promise.all(benches.splice(0).map(b => b.stop()));
});

type Player = {
  readonly b: Bench;
  readonly desk: RemedyDesk;
  /** A tick, so many ms later. */
  readonly later: (ms: number) => Promise<void>;
  readonly open: (suggested?: readonly Suggested[]) => Promise<PlaybookView>;
  readonly settled: (phase: RemedyView['phase']) => Promise<RemedyView>;
  readonly book: () => PlaybookView;
};

async function player(setup: BenchSetup = {}): Promise<Player> {
  const b = await startBench(setup);
  benches.push(b);
  const desk = new RemedyDesk(b.gate, never, () => undefined);
  const now = () => snapshotOf({ flows: [b.flow()], at: b.clock.now() });
  const book = (): PlaybookView => {
    const shown = desk.view();
    if (shown.phase !== 'playbook') throw new Error(`the dialog is ${shown.phase}`);
    return shown.playbook;
  };
  const settled = async (phase: RemedyView['phase']): Promise<RemedyView> => {
    while (desk.view().phase !== phase) await new Promise(resolve => setImmediate(resolve));
    return desk.view();
  };
  const found = async (): Promise<void> => {
    while (book().waits?.startsWith('looking')) await new Promise(resolve => setImmediate(resolve));
  };
  return {
    b,
    desk,
    book,
    settled,
    later: async ms => {
      await b.clock.advance(ms);
      desk.tick(now(), []);
      if (desk.view().phase === 'playbook') await found();
    },
    open: async (suggested = []) => {
      desk.tick(now(), []);
      desk.intend({ type: 'offer', subject, suggested }, now());
      const menu = desk.view();
      const offer = menu.phase === 'offers' ? menu.offers.find(one => one.opens === 'playbook') : undefined;
      if (offer === undefined) throw new Error('no playbook is offered');
      desk.intend({ type: 'open', offer }, now());
      await found();
      return book();
    },
  };
}

const snapshotOf = (over: Partial<Snapshot>): Snapshot => view({}, over).snapshot;

const stepOf = (book: PlaybookView, title: string) => book.steps.find(step => step.title === title);
const isNext = (book: PlaybookView): string | undefined => book.steps.find(({ is }) => is === 'due')?.title;

async function apply({ desk, settled, b }: Player): Promise<void> {
  const now = () => snapshotOf({ flows: [b.flow()], at: b.clock.now() });
  desk.intend({ type: 'play' }, now());
  const shown = await settled('plan');
  if (shown.phase !== 'plan') return;
  desk.intend({ type: 'confirm', typed: shown.plan.confirm }, now());
  while (desk.view().phase === 'running' || desk.view().phase === 'plan')
    await new Promise(resolve => setImmediate(resolve));
}

describe('the playbook for a growing lag', () => {
  it('skips what cannot cure, each with its reason, and stops at the first step that may', async () => {
    const { open, b } = await player();
    const book = await open();
    expect(stepOf(book, 'restart what failed')).toMatchObject({
      is: 'skipped',
      text: 'nothing of it is FAILED',
    });
    expect(stepOf(book, 'resume what is paused or stopped')).toMatchObject({
      is: 'skipped',
      text: 'the connector is RUNNING',
    });
    expect(isNext(book)).toBe('raise tasks.max');
    expect(stepOf(book, 'larger batches')).toMatchObject({ is: 'open', stage: 'P1' });
    expect(book.now).toBe('lag 60.0k, grows by 940/s');
    expect(b.connect.mutations()).toEqual([]);
  });

  it('passes over what the diagnosis says does not cure', async () => {
    const { open } = await player();
    const book = await open([{ action: 'tasks-max', cures: false, note: 'more tasks share the same quota' }]);
    expect(stepOf(book, 'raise tasks.max')).toMatchObject({
      is: 'skipped',
      text: 'would not cure it: more tasks share the same quota',
    });
  });

  it('passes over what the plan itself finds not to cure', async () => {
    const p = await player();
    p.b.show({ throttle: seen(162, 0) });
    const book = await p.open();
    expect(stepOf(book, 'raise tasks.max')?.text).toMatch(
      /^would not cure it: the target throttles it by 162ms/,
    );
    expect(stepOf(book, 'larger batches')?.text).toMatch(
      /^would not cure it: the target throttles it by 162ms/,
    );
  });

  it('applies one step through the gate, with its typed word, and watches its effect before the next', async () => {
    const p = await player();
    await p.open();
    await apply(p);
    expect(p.b.connect.mutations().map(r => r.body)).toEqual(['{"tasks.max":"6"}']);
    expect(stepOf(p.book(), 'raise tasks.max')).toMatchObject({ is: 'watching' });
    expect(p.book().waits).toMatch(/is watched for \d+[sm] more: never two changes at once/);
    expect(p.book().undo).toBe(p.desk.changes()[0]?.plan.id);
    const now = snapshotOf({ flows: [p.b.flow()], at: p.b.clock.now() });
    p.desk.intend({ type: 'play' }, now);
    await p.settled('playbook');
    expect(p.b.connect.mutations()).toHaveLength(1);
  });

  it('goes on with the next step only when the time is over and lag still grows', async () => {
    const p = await player();
    await p.open();
    await apply(p);
    await p.later(30_000);
    expect(stepOf(p.book(), 'raise tasks.max')?.is).toBe('watching');
    await p.later(120_000);
    expect(stepOf(p.book(), 'raise tasks.max')).toMatchObject({
      is: 'done',
      text: 'lag 60.0k, grows by 410/s',
    });
    expect(isNext(p.book())).toBe('larger batches');
  });

  it('ends where lag grows no more, and says when it will have drained', async () => {
    const p = await player();
    await p.open();
    await apply(p);
    p.b.show({ lagSlope: seen(-1_000, 0) });
    await p.later(150_000);
    expect(p.book().over).toBe('cured: lag 60.0k, falls by 1.00k/s, drained in 60s; nothing more is changed');
    expect(p.book().next).toBeUndefined();
  });

  it('can be left, and goes on where it was', async () => {
    const p = await player();
    await p.open();
    await apply(p);
    p.desk.intend({ type: 'dismiss' }, snapshotOf({ flows: [p.b.flow()] }));
    expect(p.desk.view().phase).toBe('none');
    await p.later(150_000);
    const now = snapshotOf({ flows: [p.b.flow()], at: p.b.clock.now() });
    p.desk.intend({ type: 'offer', subject, suggested: [] }, now);
    const menu = p.desk.view();
    const offers = menu.phase === 'offers' ? menu.offers : [];
    expect(offers.find(one => one.opens === 'playbook')?.note).toMatch(
      /^goes on: step 6 of 10, larger batches/,
    );
    expect(isNext(await p.open())).toBe('larger batches');
  });

  it('stands in the audit file with each change: which step, and what was skipped before it', async () => {
    const p = await player();
    await p.open();
    await apply(p);
    const line = (await p.b.audit()).find(one => one['state'] === 'applied');
    expect(line?.['playbook']).toMatch(
      /^growing lag of mm2-source: step 5 of 10, P0; skipped: restart what failed \(nothing of it is FAILED\)/,
    );
    expect(p.desk.changes()[0]?.plan.playbook).toBe(line?.['playbook']);
  });

  it('stays at a step that was not applied, and says why', async () => {
    const p = await player();
    await p.open();
    p.b.connect.fault = 'write-times-out';
    await apply(p);
    p.b.connect.fault = undefined;
    expect(p.desk.view().phase).toBe('ended');
    const book = await p.open();
    expect(isNext(book)).toBe('raise tasks.max');
    expect(stepOf(book, 'raise tasks.max')?.text).toMatch(/^not applied/);
  });

  it('stops where what a change did is not known', async () => {
    const p = await player();
    await p.open();
    p.b.connect.onRequest = ({ method }) => {
      if (method === 'PATCH') p.b.connect.fault = 'write-times-out-though-applied';
      else if (p.b.connect.mutations().length > 0) p.b.connect.fault = 'rebalancing';
    };
    await apply(p);
    const ended = p.desk.view();
    expect(ended.phase === 'ended' && ended.steps.at(-1)?.state).toBe('unknown');
    p.desk.intend({ type: 'dismiss' }, snapshotOf({ flows: [p.b.flow()] }));
    const now = snapshotOf({ flows: [p.b.flow()], at: p.b.clock.now() });
    p.desk.intend({ type: 'offer', subject, suggested: [] }, now);
    const menu = p.desk.view();
    const offers = menu.phase === 'offers' ? menu.offers : [];
    expect(offers.find(one => one.opens === 'playbook')?.note).toMatch(
      /^the last one stopped: what the last change did/,
    );
  });

  it('changes nothing in read-only mode: the plan is shown, and the gate refuses it', async () => {
    const p = await player({ mode: 'read-only' });
    await p.open();
    await apply(p);
    expect(p.b.connect.mutations()).toEqual([]);
  });

  it('is not offered where lag does not grow, and says so', async () => {
    const p = await player();
    p.b.show({ lagSlope: seen(-5, 0) });
    const now = snapshotOf({ flows: [p.b.flow()] });
    p.desk.intend({ type: 'offer', subject, suggested: [] }, now);
    const menu = p.desk.view();
    const offers = menu.phase === 'offers' ? menu.offers : [];
    expect(offers.find(one => one.opens === 'playbook')?.disabled).toBe('its lag does not grow');
  });
});
