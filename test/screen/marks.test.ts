import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seen } from '../../source/core/known.js';
import { baselineOf, type Mark } from '../../source/session/mark.js';
import { emptyMemory, type MemoryView } from '../../source/session/memory.js';
import { lastView, resumed } from '../../source/screen/last-view.js';
import { initialUi, type Ui } from '../../source/screen/ui.js';
import type { View } from '../../source/session/view.js';
import { textOf } from '../support/screens.js';
import { openTerminal, type TrueTerminal } from '../support/true-terminal.js';
import * as views from '../support/views.js';

beforeAll(() => {
  process.env['TZ'] = 'UTC';
});

const minute = 60_000;
const { now } = views;

/** Twelve minutes ago all was well; of the groups only two were there. */
function deployment(over: Partial<Mark> = {}): Mark {
  const groups = [views.group('billing', 12_000), views.group('mail', 0)];
  return { at: now - 12 * minute, label: 'v42', baseline: baselineOf(views.view({}, { groups })), ...over };
}

function marked(memory: Partial<MemoryView> = {}, view: Partial<View> = {}): View {
  return views.incident({ memory: { ...emptyMemory, marks: [deployment()], ...memory }, ...view });
}

const line = (lines: readonly string[], start: RegExp): string => lines.find(one => start.test(one)) ?? '';

describe('since a mark', () => {
  it('the header says how long ago it was', () => {
    expect(textOf(marked())[0]).toContain('since v42 12m');
    expect(textOf(views.incident())[0]).not.toContain('since');
    const context = 'production-europe-west-1-payments-and-orders';
    const [narrow] = textOf(marked({}, { site: { context, mode: 'read-only' } }), { columns: 80, rows: 24 });
    expect(narrow).toMatch(/^ kmon prod.*…\S+ +14:32:08 +● live 2s +since v42 12m .* 1 critical/);
  });

  it('flows and groups show by how much lag, rates and rebalances are another', () => {
    const overview = textOf(marked());
    expect(line(overview, /FLOWS/)).toMatch(/lag +±lag +±write +±rebal/);
    expect(line(overview, /mm2-source +712/)).toMatch(/≤ 1\.21M +\+1\.21M +-85% +0 /);
    expect(line(overview, /^ billing +Stable/)).toMatch(/88\.2k +\+76\.2k +0% +\+1 /);
  });

  it('what was not there then is new, and not a growth from nothing', () => {
    expect(line(textOf(marked()), /^ search-indexer/)).toMatch(/41\.0k +new /);
  });

  it('a flow and a group say it in full', () => {
    expect(textOf(marked(), { columns: 200, rows: 40 }, { at: 'flow' })[3]).toBe(
      ' since v42, 14:20 (12m): lag +1.21M (was 312), 1 new finding, 0 rebalances, poll -86% (was 4.91k/s), write -85% (was 4.91k/s), arrival 0% (was 4.91k/s)',
    );
    const group = textOf(marked(), { columns: 120, rows: 30 }, { at: 'group', group: 'us/billing' });
    expect(group.join('\n')).toContain(
      ' since v42, 14:20 (12m): lag +76.2k (was 12.0k), 1 new finding, 1 rebalance, consume 0% (was 1.20k/s)',
    );
  });

  /** Twelve minutes ago, before a broker of the target was stopped. */
  const beforeStop = (): View => views.view();
  const stopped = (): View => ({
    ...views.brokerStopped(),
    memory: { ...emptyMemory, marks: [deployment({ baseline: baselineOf(beforeStop()) })] },
  });
  const wide = { columns: 160, rows: 30 };

  it('topics show by how much their rate, size and replicas in sync are another', () => {
    const list = textOf(stopped(), wide, { at: 'topics' });
    expect(line(list, /TOPICS/)).toMatch(/write\/s +±write +±size +±under/);
    expect(line(list, /^›orders/)).toMatch(/ 720 +-54% +0 B +\+12 /);
    const topic = textOf(stopped(), wide, { at: 'topic', topic: 'us/orders' });
    expect(topic.join('\n')).toContain(
      ' since v42, 14:20 (12m): write -54% (was 1.56k/s), size 0 B (was 2.68 GiB), under-replicated +12, no new finding',
    );
  });

  it('machines show by how many points CPU and heap are another, and what else they do', () => {
    const [worker] = views.view().snapshot.workers;
    if (worker === undefined) throw new Error('no worker');
    const hot = { ...worker, hostCpu: seen(0.83, now), tasks: worker.tasks + 2 };
    const view = views.view({ memory: stopped().memory }, { workers: [hot] });
    const list = textOf(view, wide, { at: 'machines' });
    expect(line(list, /MACHINES/)).toMatch(/heap +│=90% +±does +±cpu +±heap +±net +mem/);
    expect(line(list, /^›10\.0\.3\.11/)).toMatch(/5 tasks +83% \S+ +71% \S+ +\+2 +\+28pt +0pt +0% /);
    const machine = textOf(view, wide, { at: 'machine' });
    expect(machine.join('\n')).toContain(
      ' since v42, 14:20 (12m): cpu +28pt (was 55%), heap 0pt (was 71%), network 0% (was 11.8 MiB/s), tasks +2 (was 3), no new finding',
    );
  });

  it('what is not known of a topic or a machine now or then has no change, and is not new either', () => {
    const list = textOf(stopped(), wide, { at: 'machines' });
    expect(line(list, /^›broker 2 of us/)).toMatch(/✗ timeout +– +– +0 +– +– +– +– /);
    const { complete, flows, groups, findings } = baselineOf(beforeStop());
    const baseline = { complete, flows, groups, findings };
    const older = { ...stopped(), memory: { ...emptyMemory, marks: [deployment({ baseline })] } };
    expect(line(textOf(older, wide, { at: 'topics' }), /^›orders/)).toMatch(/ 720 +– +– +– /);
    expect(line(textOf(older, wide, { at: 'machines' }), /^ 10\.0\.3\.11/)).not.toContain('new');
  });

  it('what was not in a mark that did not see all is not said to be new', () => {
    const partly = { ...deployment().baseline, complete: false };
    const view = marked({ marks: [deployment({ baseline: partly })] });
    expect(line(textOf(view), /^ search-indexer/)).toMatch(/41\.0k +– /);
    expect(textOf(view, wide, { at: 'group', group: 'us/search-indexer' }).join('\n')).toContain(
      'whether it was there then is not known',
    );
  });

  it('the axis of a group shows where it was', () => {
    const group = textOf(marked(), { columns: 120, rows: 30 }, { at: 'group', group: 'us/mail' });
    const axis = line(group, /└14:20/);
    expect(line(group, /^ +m +/).indexOf('m')).toBe(axis.indexOf('└14:20'));
  });

  it('findings that were not there are flagged, those that fired then are not', () => {
    const before = views.incident({ findings: [views.firing(views.hotPartition, 18)] });
    const mark = deployment({ baseline: baselineOf(before) });
    const lines = textOf(marked({ marks: [mark] }));
    expect(line(lines, /CRITICAL/)).toContain('NEW target limits writes');
    expect(line(lines, /WARNING/)).not.toContain('NEW');
    const list = textOf(marked({ marks: [mark] }), { columns: 120, rows: 40 }, { at: 'findings' });
    expect(line(list, /▲ CRITICAL/)).toContain('NEW target limits writes');
  });

  it('a finding that was milder then is new', () => {
    const milder = { ...views.targetLimited, severity: 'warning' as const };
    const before = views.incident({ findings: [views.firing(milder, 18)] });
    expect(
      line(textOf(marked({ marks: [deployment({ baseline: baselineOf(before) })] })), /CRITICAL/),
    ).toContain('NEW');
  });

  it('of a past moment nothing is compared with a mark that came after it', () => {
    const past = { at: now - 15 * minute, held: { at: now - 15 * minute } };
    expect(textOf(marked({}, past)).join('\n')).not.toMatch(/since v42|±lag/);
    const marks = [deployment({ at: now - 20 * minute, label: 'v41' }), deployment()];
    expect(textOf(marked({ marks }, past))[0]).toContain('since v41 5m');
  });

  it('of two days ago is compared only where it is chosen', () => {
    const at = now - 48 * 60 * minute;
    const marks = [deployment({ at })];
    expect(textOf(marked({ marks }))[0]).not.toContain('since');
    expect(textOf(marked({ marks, compares: at }))[0]).toContain('since v42 2d00h');
  });

  it('of another kmon tells of rebalances as far as they were seen', () => {
    const calm = views.rebalances([], { total: 0, since: now - 5 * minute });
    const view = (members: string): View => {
      const group = views.group(members, 0, { id: 'us/mail', rebalances: calm });
      return views.view({ memory: { ...emptyMemory, marks: [deployment()] } }, { groups: [group] });
    };
    const said = (members: string): string =>
      textOf(view(members), { columns: 120, rows: 30 }, { at: 'group' }).join('\n');
    expect(said('mail')).toContain('rebalances not seen, for kmon did not look all the time');
    expect(said('others')).toContain('at least 1 rebalance');
  });
});

describe('keys of marks and favourites', { timeout: 60_000 }, () => {
  let terminal: TrueTerminal | undefined;
  const at = async (view: View, begin?: Ui): Promise<TrueTerminal> =>
    (terminal = await openTerminal(view, { columns: 120, rows: 30 }, begin && { begin }));
  const footer = (): string => terminal?.screen().at(-1) ?? '';

  afterEach(async () => {
    await terminal?.close();
    terminal = undefined;
  });

  it('m marks at once; M asks for a label, and every key is text until Enter', async () => {
    const on = await at(views.incident());
    await on.press('m');
    expect(footer()).toContain('marked 14:32:08');
    await on.press('M', 'q1 x', '\r');
    expect(footer()).toContain('marked 14:32:08 as q1 x');
    expect(on.session.intents).toEqual([{ type: 'mark' }, { type: 'mark', label: 'q1 x' }]);
    await on.press('M', 'v', '\u001b');
    expect(on.session.intents).toHaveLength(2);
  });

  it('= says why it does nothing, and what it compares with', async () => {
    const on = await at(views.incident());
    await on.press('=');
    expect(footer()).toContain('there is no mark yet: m sets one');
    await on.publish(marked({ marks: [deployment({ at: now - 20 * minute, label: 'v41' }), deployment()] }));
    await on.press('=');
    expect(footer()).toContain('compares with v41 of 14:12:08');
    expect(on.session.intents).toEqual([{ type: 'compare' }]);
  });

  it('* pins what is selected, which then comes first, with a mark', async () => {
    const on = await at(views.incident());
    await on.press('3', 'G', '*');
    const subject = { kind: 'group', id: 'us/audit' };
    expect(on.session.intents).toEqual([{ type: 'pin', subject }]);
    await on.publish(views.incident({ memory: { ...emptyMemory, pinned: new Set(['group us/audit']) } }));
    expect(on.screen().findIndex(one => one.includes('*audit'))).toBe(3);
    await on.press('s', 's', 's');
    expect(on.screen().findIndex(one => one.includes('*audit'))).toBe(3);
    await on.press('1');
    expect(line(on.screen(), /GROUPS/)).toBeDefined();
    const [title, first] = on.screen().slice(on.screen().findIndex(one => one.includes('GROUPS')));
    expect([title, first]).toEqual([expect.stringContaining('GROUPS'), expect.stringContaining('*audit')]);
  });

  it('says that nothing is kept while the file cannot be read', async () => {
    const trouble = '/home/ann/state.json: it is not JSON';
    const on = await at(views.incident({ memory: { ...emptyMemory, trouble } }));
    await on.press('m');
    expect(footer()).toContain(`marked 14:32:08, for this run only: ${trouble}`);
  });

  it('begins where the last run was left, in its order, with all there is', async () => {
    const left: Ui = { ...initialUi, at: 'groups', lists: { groups: { filter: 'lag>1k', sort: 'name' } } };
    const on = await at(views.incident(), resumed(lastView(left)));
    expect(on.screen()[1]).toBe(' sorted by name');
    await on.press('\u001b');
    expect(on.screen().join('\n')).toContain('FLOWS');
  });

  it('begins at the overview where the last view is one that this kmon does not have', () => {
    expect(resumed({ at: 'holograms', open: {}, lists: {} })).toEqual(resumed(undefined));
  });
});
