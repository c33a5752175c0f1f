import { afterEach, describe, expect, it } from 'vitest';
import type { LiveFinding } from '../../source/diagnose/finding.js';
import type { Snapshot } from '../../source/model/snapshot.js';
import type { Plan } from '../../source/remedy/plan.js';
import { RemedyDesk } from '../../source/session/remedy-desk.js';
import { startBench, target, type Bench } from '../remedy/bench.js';
import { firing, targetLimited, view } from '../support/views.js';

/** What a plan says of its arithmetic, by the age of what was found: over a simulated Connect cluster whose rate has not moved yet. */

const subject = { kind: 'flow', id: 'us/mm2-source', name: 'mm2-source' } as const;
const never = new AbortController().signal;
const benches: Bench[] = [];

afterEach(async () => {
  await Promise.all(benches.splice(0).map(b => b.stop()));
});

type Found = (at: number) => Partial<LiveFinding>;

/** The plan to raise `tasks.max`, asked for in the menu, or as the playbook's step. */
async function planOf(found: Found | undefined, from: 'menu' | 'playbook' = 'menu'): Promise<Plan> {
  const b = await startBench();
  benches.push(b);
  const desk = new RemedyDesk(b.gate, never, () => undefined);
  const now: Snapshot = view({}, { flows: [b.flow()], at: b.clock.now() }).snapshot;
  const remedies = [{ action: 'tasks-max', cures: true, note: 'its tasks are the limit' }];
  const finding = found && firing({ ...targetLimited, subject, remedies }, 60, found(b.clock.now()));
  desk.tick(now, finding === undefined ? [] : [finding]);
  desk.intend({ type: 'offer', subject, suggested: finding?.remedies ?? [] }, now);
  if (from === 'menu') desk.intend({ type: 'plan', action: 'tasks-max', target, argument: '' }, now);
  else {
    const menu = desk.view();
    const offer = menu.phase === 'offers' ? menu.offers.find(one => one.opens === 'playbook') : undefined;
    if (offer === undefined) throw new Error('no playbook is offered');
    desk.intend({ type: 'open', offer }, now);
    for (let shown = desk.view(); shown.phase === 'playbook'; shown = desk.view()) {
      if (shown.playbook.next !== undefined) break;
      await new Promise(resolve => setImmediate(resolve));
    }
    desk.intend({ type: 'play' }, now);
  }
  for (;;) {
    const shown = desk.view();
    if (shown.phase === 'plan') return shown.plan;
    if (shown.phase === 'refused') throw new Error(shown.refusal.reason);
    await new Promise(resolve => setImmediate(resolve));
  }
}

const young: Found = at => ({ since: at - 8_000 });
const stillHolds =
  'write/s is a mean of 30s and still holds 22s from before what was found began: ' +
  'the arithmetic settles in 22s; plan again then';

describe('a plan asked for at the desk', () => {
  it('says that its rates are of before as well where what it is for began less than their window ago', async () => {
    expect((await planOf(young)).expect[0]).toBe(stillHolds);
    expect((await planOf(young, 'playbook')).expect[0]).toBe(stillHolds);
  });

  it('says so where the finding is listed under its cause', async () => {
    const cause: Found = at => ({
      since: at - 60_000,
      subject: { kind: 'broker', id: 'us/2', name: 'broker 2' },
      consequences: [firing({ ...targetLimited, subject }, 60, young(at))],
    });
    expect((await planOf(cause)).expect[0]).toBe(stillHolds);
  });

  it.each<[string, Found | undefined]>([
    ['it is older', at => ({ since: at - 40_000 })],
    ['its start was not seen', at => ({ since: at - 8_000, sinceIsBound: true })],
    [
      'it is a remark that does not name the action',
      at => ({ ...young(at), severity: 'info', remedies: [] }),
    ],
    ['it is of something else', at => ({ ...young(at), subject: { ...subject, id: 'us/other' } })],
    ['nothing was found', undefined],
  ])('says nothing where %s', async (_, found) => {
    expect((await planOf(found)).expect.join('\n')).not.toContain('from before');
  });
});
