import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { frame } from '../../source/screen/frame.js';
import { plainText } from '../../source/screen/row.js';
import { theme } from '../../source/screen/theme.js';
import { initialUi, type Ui } from '../../source/screen/ui.js';
import type { View } from '../../source/session/view.js';
import { changed } from '../support/changed.js';
import { openTerminal, type TrueTerminal } from '../support/true-terminal.js';
import * as views from '../support/views.js';

beforeAll(() => {
  process.env['TZ'] = 'UTC';
});

const sizes = [
  [40, 10],
  [60, 15],
  [80, 24],
  [100, 15],
  [100, 30],
  [120, 40],
  [200, 50],
] as const;

const sites: Readonly<Record<string, () => View>> = {
  healthy: views.healthy,
  'target-quota': views.incident,
  'target-quota, walked': views.walked,
  capacity: views.overCapacity,
  'no metrics': views.withoutMetrics,
  'prometheus down': views.prometheusDown,
  'connect down': views.connectDown,
  'stopped broker': views.brokerStopped,
  blind: views.blind,
  'unauthorised group': views.unauthorisedGroup,
  starting: views.starting,
  'nothing configured': views.nothingConfigured,
  'remedies offered': () =>
    views.incident({ remedy: { phase: 'offers', subject: 'mm2-source', offers: views.offers } }),
  planning: () => views.incident({ remedy: { phase: 'planning', title: views.plan.title } }),
  plan: () => views.incident({ remedy: { phase: 'plan', plan: views.plan } }),
  'plan that will not cure': () =>
    views.incident({ remedy: { phase: 'plan', plan: views.notCuring, note: 'the world moved' } }),
  refused: () => views.incident({ remedy: { phase: 'refused', refusal: views.refusal } }),
  'a cause and what follows from it': () => views.cascade(),
  running: () =>
    views.incident({
      remedy: { phase: 'running', plan: views.plan, steps: views.steps.slice(0, 2), undo: false },
    }),
  ended: () =>
    views.incident({ remedy: { phase: 'ended', plan: views.plan, steps: views.steps, undo: true } }),
  guide: () => views.incident({ remedy: { phase: 'guide', guide: views.guide } }),
  playbook: () => views.incident({ remedy: { phase: 'playbook', playbook: views.playbook } }),
  changed: () => views.incident({ changes: [{ plan: views.plan, steps: views.steps, undoable: true }] }),
};

const places: Readonly<Record<string, Partial<Ui>>> = {
  overview: {},
  flow: { at: 'flow' },
  group: { at: 'group' },
  flows: { at: 'flows' },
  groups: { at: 'groups' },
  'groups, filtered': { at: 'groups', lists: { groups: { filter: 'lag>1k' } }, filtering: { before: '' } },
  'group, its members': { at: 'group', pane: 'members' },
  'group, growth': { at: 'group', measure: 'rate', order: { group: 'lag' } },
  'flow, a partition': { at: 'flow', pane: 'partitions' },
  topics: { at: 'topics' },
  topic: { at: 'topic', topic: 'us/orders' },
  'topic, who uses it': { at: 'topic', topic: 'us/orders', pane: 'users', order: { topic: 'rate' } },
  machines: { at: 'machines' },
  worker: { at: 'machine' },
  broker: { at: 'machine', machine: 'broker us/2', pane: 'topics' },
  findings: { at: 'findings' },
  changes: { at: 'changes' },
  help: { help: true },
};

describe.each(Object.entries(sites))('%s', (_, site) => {
  it.each(sizes)('fills %i×%i exactly, in every view', (columns, rows) => {
    const look = theme(0);
    const view = site();
    for (const place of Object.values(places)) {
      const lines = frame({ view, ui: { ...initialUi, ...place }, size: { columns, rows } });
      expect(lines).toHaveLength(rows);
      for (const line of lines) expect(look.paint(line, columns)).toHaveLength(columns);
    }
  });
});

describe('a site of which something is only told', () => {
  const told = (): View =>
    views.view(
      { findings: [views.firing({ ...views.targetLimited, severity: 'info', sentence: 'it was told' }, 4)] },
      { groups: [] },
    );

  it.each(sizes)('is said to be well before that at %i×%i', (columns, rows) => {
    const lines = frame({ view: told(), ui: initialUi, size: { columns, rows } }).map(plainText);
    const well = lines.findIndex(line => line.includes('nothing found wrong'));
    expect(well).toBe(1);
    expect(lines[2]).toMatch(/· INFO/);
    expect(lines.join('\n')).not.toContain('BECAUSE mm2-source');
  });
});

describe('the overview at any size', () => {
  const atSize = (columns: number, rows: number): string =>
    frame({ view: views.incident(), ui: initialUi, size: { columns, rows } }).map(plainText).join('\n');

  it.each(sizes)('names what is wrong, where, since when and what to press at %i×%i', (columns, rows) => {
    const screen = atSize(columns, rows);
    expect(screen).toMatch(/▲ CRIT/);
    expect(screen).toContain('mm2-source');
    expect(screen).toContain('target limits');
    expect(screen).toContain('11m');
    expect(screen).toContain('≤ 1.21M');
    expect(screen).toContain('x fix');
    expect(screen).toContain('14:32:08');
  });

  it('keeps name, lag, trend and state at 80×24', () => {
    const title = atSize(80, 24).split('\n');
    expect(title.find(line => line.includes('FLOWS'))).toMatch(/FLOWS .*lag.*trend.*tasks/);
    expect(title.find(line => line.includes('GROUPS'))).toMatch(/GROUPS .*state.*lag.*trend/);
  });

  it('has one line a finding at 40×10', () => {
    const lines = atSize(40, 10).split('\n');
    expect(lines.filter(line => /▲ CRIT|! WARN/.test(line))).toHaveLength(2);
  });

  it('gives the cause of the only finding a line of its own at 40×10', () => {
    const view = views.incident({ findings: [views.firing(views.targetLimited, 11)] });
    const lines = frame({ view, ui: initialUi, size: { columns: 40, rows: 10 } }).map(plainText);
    expect(lines[1]).toMatch(/^ ▲ CRIT mm2-source since 11m/);
    expect(lines[2]).toMatch(/^ +target limits writes: quota of/);
  });

  it('says that the window is too small, and goes on', () => {
    expect(atSize(30, 8)).toContain('kmon needs 40x10');
  });

  it('never hides the selected row', () => {
    const many = Array.from({ length: 200 }, (_, i) => views.group(`group-${i}`, 1000 - i));
    const view = { ...views.incident(), snapshot: { ...views.incident().snapshot, groups: many } };
    const ui: Ui = { ...initialUi, selected: { kind: 'group', id: 'us/group-150' } };
    const screen = frame({ view, ui, size: { columns: 80, rows: 24 } });
    expect(screen.filter(line => line.selected).map(plainText)).toEqual([
      expect.stringContaining('group-150'),
    ]);
  });
});

describe('a view of one thing at any size', () => {
  const shown = (view: View, ui: Partial<Ui>, columns: number, rows: number): string =>
    frame({ view, ui: { ...initialUi, ...ui }, size: { columns, rows } })
      .map(plainText)
      .join('\n');

  it.each(sizes)('of a group names its finding, its age, and the worst cell at %i×%i', (columns, rows) => {
    const screen = shown(views.incident(), { at: 'group', group: 'us/billing' }, columns, rows);
    expect(screen).toMatch(/ billing /);
    expect(screen).toMatch(/! WARN.* 30m/);
    expect(screen).toMatch(/› orders\/3 at 14:32:00 {2}lag 62\.6k/);
    expect(screen).toMatch(/owner billing-3@10\.0\.5\.4 {2}leader 1/);
    expect(screen).toContain('Esc back');
  });

  it.each(sizes)('of a topic names what is wrong, where, and who leads what at %i×%i', (columns, rows) => {
    const screen = shown(views.brokerStopped(), { at: 'topic', topic: 'us/orders' }, columns, rows);
    expect(screen).toContain(' orders  on us');
    expect(screen).toContain('▲ 1 partition without leader: 1');
    expect(screen).toMatch(/›0 +broker 1/);
    expect(screen).toContain('Esc back');
  });

  it.each(sizes)('of a machine says that it does not answer, and since when, at %i×%i', (columns, rows) => {
    const list = shown(views.brokerStopped(), { at: 'machines' }, columns, rows);
    expect(list).toMatch(/›broker 2 of us.* ✗ timeout/);
    const broker = shown(views.brokerStopped(), { at: 'machine', machine: 'broker us/2' }, columns, rows);
    expect(broker).toContain(' broker 2 of us');
    expect(broker).toContain('✗ timeout for 42s');
    expect(broker).toContain('Esc back');
  });

  it.each(sizes)('of a worker has its load against the limits at %i×%i', (columns, rows) => {
    const screen = shown(views.healthy(), { at: 'machine' }, columns, rows);
    expect(screen).toMatch(/cpu, process +41% +█+░+│/);
    expect(screen).toMatch(/memory, host +62% +█+░+│/);
  });

  it('of ten thousand partitions looks only at those that are shown', () => {
    const [topic] = views.topics().slice(2);
    if (topic === undefined) throw new Error('no topic');
    const asked: number[] = [];
    const huge = changed(topic, {
      partitionCount: 10_000,
      leaders: new Float64Array(10_000).fill(1),
      get partitions(): never {
        throw new Error('all partitions are looked at');
      },
      partition: (p: number) => {
        asked.push(p);
        return topic.partition(0);
      },
    });
    const view = views.view({}, { topics: [huge] });
    const ui: Partial<Ui> = { at: 'topic', topic: huge.id, picked: { partitions: '7000' } };
    expect(shown(view, ui, 120, 40)).toContain('PARTITIONS 10000, sorted by partition');
    expect(asked.length).toBeLessThan(40);
    expect(asked).toContain(7_000);
  });
});

describe('frames that are made less often than was asked for', () => {
  // On 40 columns what is wrong has no room to spare.
  it.each(sizes.filter(([columns]) => columns >= 60))(
    'say so in the first line at %i×%i',
    (columns, rows) => {
      const view = { ...views.incident(), stretched: 8_500 };
      const [header] = frame({ view, ui: initialUi, size: { columns, rows } }).map(plainText);
      expect(header).toContain('every 8.5s');
    },
  );
});

describe('in a real terminal', { timeout: 60_000 }, () => {
  let terminal: TrueTerminal | undefined;
  afterEach(async () => {
    await terminal?.close();
    terminal = undefined;
  });

  it('nothing wraps and no ghost stays across resizes', async () => {
    terminal = await openTerminal(views.incident(), { columns: 80, rows: 24 });
    for (const [columns, rows] of [
      [120, 40],
      [60, 15],
      [200, 50],
      [40, 10],
      [30, 8],
      [80, 24],
      [79, 24],
      [80, 23],
    ] as const) {
      await terminal.resize(columns, rows);
      const look = theme(0);
      const wanted = frame({ view: views.incident(), ui: initialUi, size: { columns, rows } }).map(line =>
        look.paint(line, columns).trimEnd(),
      );
      expect(terminal.screen().map(line => line.trimEnd())).toEqual(wanted);
    }
  });

  it('redraws what a window lost that shrank and grew between two frames', async () => {
    terminal = await openTerminal(views.incident(), { columns: 80, rows: 24 });
    const before = terminal.screen();
    terminal.term.resize(50, 12);
    terminal.output.columns = 50;
    terminal.output.rows = 12;
    terminal.output.emit('resize');
    await terminal.resize(80, 24);
    expect(terminal.screen()).toEqual(before);
  });

  it('takes a terminal of 0×0 as 80×24', async () => {
    terminal = await openTerminal(views.incident(), { columns: 80, rows: 24 });
    terminal.output.columns = 0;
    terminal.output.rows = 0;
    terminal.output.emit('resize');
    await terminal.settle();
    expect(terminal.screen()[0]).toContain('kmon eu-us');
    expect(terminal.screen()[23]).toContain('x fix');
  });
});
