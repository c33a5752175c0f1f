import { beforeAll, describe, expect, it } from 'vitest';
import { seen } from '../../source/core/known.js';
import { press } from '../../source/screen/keymap.js';
import { initialUi, type Size, type Ui } from '../../source/screen/ui.js';
import { textOf } from '../support/screens.js';
import * as views from '../support/views.js';

/** What leaves a small screen first, and what stays. */

beforeAll(() => {
  process.env['TZ'] = 'UTC';
});

const [tiny, small, large]: readonly [Size, Size, Size] = [
  { columns: 40, rows: 10 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
];
const shown = (size: Size, ui: Partial<Ui>, view = views.incident()): string =>
  textOf(view, size, ui).join('\n');

describe('a flow', () => {
  const sentence = `${views.targetLimited.sentence} (146 KiB/s a broker), throttled 655ms on 4 of 4 tasks`;
  const view = views.incident({ findings: [views.firing({ ...views.targetLimited, sentence }, 11)] });

  it('has its cause on a line of its own where the verdict leaves it none', () => {
    expect(shown(small, { at: 'flow' }, view)).toMatch(
      /TARGET-LIMITED {2}firing 11m {2}lag \+3\.30k\/s {2}high confidence\n {3}target limits writes: quota of mm2-user \(146 KiB\/s a broker\), throttled\s+655ms/,
    );
    expect(shown(tiny, { at: 'flow' }, view)).toMatch(/TARGET-LIMITED {2}firing 11m .*\n {3}target limits/);
  });

  it('has a long cause whole, where there are rows for it', () => {
    const long = `${sentence}; another writer shares that quota and takes a third of it`;
    const view = views.incident({ findings: [views.firing({ ...views.targetLimited, sentence: long }, 11)] });
    expect(shown(small, { at: 'flow' }, view).replace(/\s+/g, ' ')).toContain(long);
    expect(textOf(view, tiny, { at: 'flow' })[3]).toContain(long);
  });

  it('has all that stands about it, and what may be wrong comes before what follows from something else', () => {
    const told = views.firing(
      { ...views.targetLimited, rule: 'repeats', severity: 'info', sentence: '6 records were written twice' },
      1,
    );
    const broker = views.firing({ ...views.hotPartition, severity: 'critical' }, 2, { consequences: [told] });
    const forming = views.firing(views.targetLimited, 0, { phase: 'pending' });
    const lines = textOf(views.incident({ findings: [broker, forming] }), small, { at: 'flow' });
    expect(lines[2]).toMatch(/TARGET-LIMITED .*forming/);
    expect(lines[4]).toMatch(/^ · INFO .*6 records were written twice .* 60s/);
  });

  it('says for how long it does not hold, where it does not', () => {
    const timeline = [{ at: views.now - 40_000, what: 'resolving', verdict: 'target-limited' }] as const;
    const over = views.firing(views.targetLimited, 11, { phase: 'resolving', timeline });
    expect(shown(small, { at: 'flow' }, views.incident({ findings: [over] }))).toContain('resolving for 40s');
  });

  it('has all of it on one line where that is wide enough', () => {
    expect(shown({ columns: 200, rows: 50 }, { at: 'flow' }, view)).toMatch(
      /TARGET-LIMITED high confidence {2}firing 11m {2}target limits .* 4 of 4 tasks {2}lag \+3\.30k\/s/,
    );
  });
});

describe('a list', () => {
  it('shows rows before what is said of them, and wastes none', () => {
    const groups = Array.from({ length: 30 }, (_, i) => views.group(`group-${i}`, i));
    const view = views.view({}, { groups });
    const rows = textOf(view, tiny, { at: 'groups' });
    expect(rows.filter(line => /group-\d/.test(line))).toHaveLength(6);
    expect(rows[1]).toMatch(/sorted by lag {2}24 below$/);
    const machines = textOf(views.withoutMetrics(), tiny, { at: 'machines' });
    expect(machines.filter(line => /^[› ](10\.|broker)/.test(line))).toHaveLength(5);
  });

  it('counts above and below only what is there', () => {
    const topic = textOf(views.incident(), { columns: 100, rows: 15 }, { at: 'topic', topic: 'us/orders' });
    expect(topic.join('\n')).toMatch(/sorted by partition {2}\d+ below/);
  });
});

describe('a name', () => {
  const name = 'bench-group-0093';
  const groups = [
    views.group(name, 1),
    views.group('bench-group-0193', 1, { cluster: 'eu', id: 'eu/other' }),
  ];

  it.each([80, 100, 120])('is not cut in %i columns for the sake of a wider column', columns => {
    const view = views.view({}, { ...views.incident().snapshot, groups });
    expect(shown({ columns, rows: 24 }, { at: 'groups' }, view)).toContain(name);
    expect(shown({ columns, rows: 24 }, { at: 'flows' }, view)).toContain('mm2-checkpoint');
    const topics = shown({ columns, rows: 24 }, { at: 'topics' }, view);
    expect(topics).toContain('__consumer_offsets');
  });
});

describe('a group', () => {
  it('says how long it is behind in a word that is not that of stale values', () => {
    const timeLag = seen({ ms: 180_000, bound: false }, views.now);
    const view = views.view({}, { groups: [views.group('billing', 88_200, { timeLag })] });
    expect(shown(small, { at: 'group' }, view)).toMatch(/lag 88\.2k, 3m behind/);
  });
});

describe('the list of findings', () => {
  it('leaves the sentence more than the subject in few columns', () => {
    expect(shown(tiny, { at: 'findings' })).toMatch(/CRIT +mm2-source {2}target limi/);
  });
});

describe('a machine', () => {
  it('says whose throttling it is', () => {
    expect(shown(small, { at: 'machine' })).toMatch(/throttling .* worst of its tasks’ producers/);
  });
});

describe('a topic', () => {
  it('says first of its settings when a write is refused', () => {
    expect(shown(small, { at: 'topic', topic: 'us/orders' })).toMatch(/^ min\.insync\.replicas \d/m);
  });
});

describe('a cluster of one broker', () => {
  it('says that it is the only one', () => {
    expect(shown(large, {})).toMatch(/^ eu +1 of 1 answers/m);
  });
});

describe('a view with nothing to choose', () => {
  it.each(['changes', 'findings'] as const)('has no key that moves in its %s', at => {
    const view = views.view();
    const ui: Ui = { ...initialUi, at };
    expect(press({ view, ui, size: small }, 'down').ui.notice).toMatch(/there is no (change|finding)$/);
    expect(textOf(view, small, { at }).at(-1)).toMatch(/^ Esc back {2}\? help {2}q quit {2}1-7 views/);
  });
});
