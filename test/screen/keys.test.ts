import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { views as viewNames, type Binding, type Context, type Place } from '../../source/screen/binding.js';
import { keymap, press } from '../../source/screen/keymap.js';
import { timeKeys } from '../../source/screen/time-keys.js';
import { initialUi, type Ui } from '../../source/screen/ui.js';
import type { View } from '../../source/session/view.js';
import { openTerminal, type TrueTerminal } from '../support/true-terminal.js';
import * as views from '../support/views.js';

beforeEach(() => {
  process.env['TZ'] = 'UTC';
});

const escape = '\u001b';
const down = '\u001b[B';

let terminal: TrueTerminal;
let opened = false;

async function at(view: View): Promise<void> {
  terminal = await openTerminal(view, { columns: 100, rows: 30 });
  opened = true;
}

const screen = (): string => terminal.screen().join('\n');
const selected = (): string | undefined => terminal.screen().find(line => line.startsWith('›'));
const footer = (): string => terminal.screen().at(-1) ?? '';

afterEach(async () => {
  if (opened) await terminal.close();
  opened = false;
});

describe('on the overview', { timeout: 60_000 }, () => {
  beforeEach(() => at(views.incident()));

  it('begins with the subject of the headline selected, so that x is about it', async () => {
    expect(selected()).toContain('mm2-source');
    await terminal.press('x');
    expect(terminal.session.intents).toEqual([
      {
        type: 'offer',
        subject: { kind: 'flow', id: 'connect us/mm2-source' },
        suggested: views.targetLimited.remedies,
        advised: [],
      },
    ]);
  });

  it('suggests what cures a finding that only begins to show, too', async () => {
    const forming = views.firing(views.targetLimited, 0, { phase: 'pending' });
    await at(views.incident({ findings: [forming] }));
    await terminal.press('x');
    expect(terminal.session.intents).toMatchObject([{ suggested: views.targetLimited.remedies }]);
  });

  it('moves twice for two keys that arrive in one read', async () => {
    await terminal.press('jj');
    expect(selected()).toContain('mm2-heartbeat');
    await terminal.press('k');
    expect(selected()).toContain('mm2-checkpoint');
    await terminal.press(down + down);
    expect(selected()).toContain('billing');
  });

  it('opens a flow with Enter, goes back with Esc, and keeps the selection', async () => {
    await terminal.press('\r');
    expect(screen()).toContain('eu → us');
    await terminal.press(escape);
    expect(screen()).toContain('FLOWS');
    expect(selected()).toContain('mm2-source');
  });

  it('takes a key right behind Esc, which is sent as one with Alt, for both', async () => {
    await terminal.press('\r');
    await terminal.press(`${escape}3`);
    expect(screen()).toMatch(/^ ?GROUPS/m);
    await terminal.press(escape);
    expect(screen()).not.toContain('eu → us');
  });

  it('opens a group, whose cursor names a cell', async () => {
    await terminal.press('3', '\r');
    expect(screen()).toMatch(
      /orders\/3 at 14:32:00 {2}lag 62\.6k \S+ {2}owner billing-3@10\.0\.5\.4 {2}leader 1/,
    );
    await terminal.press('hh');
    expect(screen()).toContain('orders/3 at 14:31:40');
  });

  it('shows the evidence of the headline', async () => {
    await terminal.press('e');
    expect(screen()).toContain('RESTS ON');
    expect(screen()).toContain('162ms');
    expect(screen()).toContain('WOULD BE WRONG IF');
  });

  it('ignores pasted text, even with Enter in it, and says so', async () => {
    await terminal.press(`${escape}[200~q\rjjx\r${escape}[201~`);
    expect(terminal.session.intents).toEqual([]);
    expect(screen()).toContain('FLOWS');
    expect(footer()).toContain('pasted text is ignored here');
  });

  it('shows the keys of this place in the help, from the same table', async () => {
    await terminal.press('?');
    expect(screen()).toContain('select a flow, a group, a worker or a cluster');
    await terminal.press('?');
    expect(screen()).toContain('FLOWS');
  });

  it('asks everything again on r', async () => {
    await terminal.press('r');
    expect(terminal.session.intents).toEqual([{ type: 'refresh' }]);
  });

  it('asks to be held where it is, and while it is goes back, forth and on', async () => {
    const { now } = views;
    const held = { at: now - 20_000, earlier: now - 30_000, later: now - 10_000 };
    await terminal.press('f');
    await terminal.publish({ ...views.incident(), at: held.at, held });
    expect(screen()).toContain('FROZEN at 14:31:48, f goes on');
    await terminal.press('h', ']', 'f');
    expect(terminal.session.intents).toEqual(
      [now, held.earlier, held.later, 'live'].map(to => ({ type: 'time', to })),
    );
    await terminal.publish({ ...views.incident(), held: { at: now, earlier: now - 10_000 } });
    await terminal.press('l');
    expect(footer()).toContain('this is the newest moment that is kept: f goes on with the present');
  });

  it('offers what can be done about a group too', async () => {
    await terminal.press('jjj', 'x');
    expect(selected()).toContain('billing');
    expect(terminal.session.intents).toMatchObject([{ type: 'offer', subject: { kind: 'group' } }]);
  });
});

describe('with nothing known', { timeout: 60_000 }, () => {
  it('says why a key does nothing', async () => {
    await at(views.starting());
    await terminal.press('x');
    expect(footer()).toContain('x: nothing is selected that could be changed');
    expect(terminal.session.intents).toEqual([]);
  });
});

describe('in the list of groups', { timeout: 60_000 }, () => {
  beforeEach(async () => {
    await at(views.incident());
    await terminal.press('3');
  });

  /** Of the list, and not of what is shown below it. */
  const names = (): string[] => {
    const rows = terminal.screen().slice(3, -1);
    const end = rows.findIndex(line => line.trim() === '');
    return rows.slice(0, end < 0 ? rows.length : end).flatMap(line => /^[ ›](\S+)/.exec(line)?.[1] ?? []);
  };

  it('follows the filter while it is typed, and names its fields where one is wrong', async () => {
    await terminal.press('/', 'lag>50');
    expect(screen()).toContain('filter lag>50_');
    await terminal.press('k');
    expect(names()).toEqual(['billing']);
    await terminal.press('\u007f'.repeat(7), 'stat:x');
    expect(screen()).toContain('no field "stat": is it state?');
  });

  it('keeps a filter with Enter, gives all rows back with Esc, and then leads back', async () => {
    await terminal.press('/', '!bill', '\r');
    expect(names()).not.toContain('billing');
    await terminal.press(escape);
    expect(names()).toContain('billing');
    await terminal.press(escape);
    expect(screen()).toContain('FLOWS');
  });

  it('takes the filter back with Esc while it is typed', async () => {
    await terminal.press('/', 'nothing-is-called-so');
    expect(screen()).toContain('none of them matches');
    await terminal.press(escape);
    expect(names()).toContain('billing');
  });

  it('says why the group is not there that runbooks look for', async () => {
    await terminal.press('/', 'connect-mm2-source-connector');
    expect(screen()).toContain('MirrorMaker 2’s mm2-source has no group');
  });

  it('takes pasted text into the filter, but never its Enter', async () => {
    await terminal.press('/', `${escape}[200~bill\r${escape}[201~`);
    expect(screen()).toContain('filter bill_');
  });

  it('keeps the selected group when another order moves it', async () => {
    await terminal.press('j');
    const chosen = selected()?.split(/\s+/)[0];
    await terminal.press('s', 's');
    expect(selected()?.split(/\s+/)[0]).toBe(chosen);
    expect(screen()).toContain('by rebalances');
  });

  it('opens a group with Enter, and Esc comes back to the row', async () => {
    await terminal.press('j');
    const chosen = selected()?.slice(1).split(/\s+/)[0];
    await terminal.press('\r');
    expect(screen()).toContain(` ${chosen}`);
    await terminal.press(escape);
    expect(selected()).toContain(chosen);
  });
});

describe('in the dialog of a remedy', { timeout: 60_000 }, () => {
  const plan = (over: Partial<View> = {}): View =>
    views.incident({ remedy: { phase: 'plan', plan: views.plan }, ...over });

  it('takes every letter as text, q too, and applies only the whole name', async () => {
    await at(plan());
    await terminal.press('q?x');
    expect(screen()).toContain('q?x▌  that is another name');
    await terminal.press('\r');
    expect(footer()).toContain('type mm2-source to apply: nothing was changed');
    await terminal.press('\u007f\u007f\u007f');
    await terminal.press('mm2-source\r');
    expect(terminal.session.intents).toEqual([{ type: 'confirm', typed: 'mm2-source' }]);
  });

  it('takes pasted text, but never its Enter', async () => {
    await at(plan());
    await terminal.press(`${escape}[200~mm2-source\r${escape}[201~`);
    expect(screen()).toContain('mm2-source▌  Enter applies it');
    expect(terminal.session.intents).toEqual([]);
  });

  it('starts empty when the world moved and the plan is another one', async () => {
    await at(plan());
    await terminal.press('mm2-');
    await terminal.publish(
      views.incident({
        remedy: { phase: 'plan', plan: { ...views.plan, id: 'plan-2' }, note: 'tasks.max is 5 now' },
      }),
    );
    expect(screen()).toContain('tasks.max is 5 now');
    expect(screen()).toContain('to leave:  ▌');
  });

  it('says that read-only applies nothing, and takes no text', async () => {
    await at(plan({ site: { context: 'eu-us', mode: 'read-only' } }));
    expect(screen()).toContain('read-only: nothing can be applied');
    await terminal.press('mm2-source\r');
    expect(terminal.session.intents).toEqual([]);
    await terminal.press(escape);
    expect(terminal.session.intents).toEqual([{ type: 'dismiss' }]);
  });

  it('says before anything else that a plan will not cure', async () => {
    await at(views.incident({ remedy: { phase: 'plan', plan: views.notCuring } }));
    const lines = terminal.screen();
    const warning = lines.findIndex(line => line.includes('THIS WILL NOT CURE IT'));
    expect(warning).toBeGreaterThan(0);
    expect(warning).toBeLessThan(lines.findIndex(line => line.includes('change   tasks.max')));
  });

  it('plans from the menu, and says why an offer is disabled', async () => {
    await at(views.incident({ remedy: { phase: 'offers', subject: 'mm2-source', offers: views.offers } }));
    await terminal.press('\r');
    expect(terminal.session.intents).toEqual([
      { type: 'plan', action: 'raise-tasks-max', target: views.plan.target, argument: '' },
    ]);
    await terminal.press('j', '\r');
    expect(footer()).toContain('kmon may not alter quotas of us');
    expect(terminal.session.intents).toHaveLength(1);
  });

  it('plans the undo of an ended change, there and in the list of changes', async () => {
    await at(
      views.incident({ remedy: { phase: 'ended', plan: views.plan, steps: views.steps, undo: true } }),
    );
    expect(screen()).toContain('effect     write/s 4.91k → 7.29k  ▆█  (expected about 7.35k)');
    await terminal.press('u');
    await terminal.publish(
      views.incident({ changes: [{ plan: views.plan, steps: views.steps, undoable: true }] }),
    );
    await terminal.press('7', 'u');
    expect(terminal.session.intents).toEqual([
      { type: 'plan-undo', plan: 'plan-1' },
      { type: 'plan-undo', plan: 'plan-1' },
    ]);
  });

  it('asks once more before it leaves a running change unwatched', async () => {
    await at(
      views.incident({
        remedy: { phase: 'running', plan: views.plan, steps: views.steps.slice(0, 2), undo: false },
      }),
    );
    await terminal.press('q');
    expect(footer()).toContain('a change is running');
    expect(terminal.session.intents).toEqual([]);
    await terminal.press('q');
    expect(await terminal.ended).toBe(0);
  });
});

describe('the table of keys', () => {
  it('has no key twice in one place, those apart that are there only while a past moment is held', () => {
    const held = { ...views.incident(), held: { at: views.now } };
    const once = (place: Place, bindings: readonly Binding[]): void => {
      const keys = bindings.filter(one => one.at.includes(place)).flatMap(one => one.keys);
      expect(keys, `at ${place}`).toEqual([...new Set(keys)]);
    };
    const context = (view: View, ui: Partial<Ui>): Context => ({
      view,
      ui: { ...initialUi, ...ui },
      size: { columns: 80, rows: 24 },
    });
    const panes = [undefined, 'tasks', 'partitions', 'members', 'coordinator', 'users'];
    for (const at of viewNames)
      for (const pane of panes) {
        const [now, then] = [context(views.incident(), { at, pane }), context(held, { at, pane })];
        once(
          at,
          keymap.filter(binding => binding.when?.(now) ?? true),
        );
        once(
          at,
          keymap.filter(binding => timeKeys.includes(binding) && (binding.when?.(then) ?? false)),
        );
      }
    for (const place of ['help', 'offers', 'asking', 'confirm', 'dialog', 'filter'] as const)
      once(
        place,
        keymap.filter(binding => binding.when?.(context(views.incident(), {})) ?? true),
      );
  });

  it('changes nothing outside with one key: only a typed name confirms', () => {
    for (const view of [views.incident(), views.starting(), views.connectDown()])
      for (const binding of keymap)
        for (const key of binding.keys) {
          const { intents = [] } = press({ view, ui: initialUi, size: { columns: 80, rows: 24 } }, key);
          for (const intent of intents)
            expect(['offer', 'refresh', 'time', 'mark', 'compare', 'pin', 'quit']).toContain(intent.type);
        }
  });
});
