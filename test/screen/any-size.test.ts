import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { frame } from '../../source/screen/frame.js';
import { plainText } from '../../source/screen/row.js';
import { theme } from '../../source/screen/theme.js';
import { initialUi, type Size, type Ui } from '../../source/screen/ui.js';
import type { View } from '../../source/session/view.js';
import { openTerminal, type TrueTerminal } from '../support/true-terminal.js';
import * as views from '../support/views.js';

beforeAll(() => {
  process.env['TZ'] = 'UTC';
});

const sites: readonly View[] = [
  views.healthy(),
  views.incident(),
  views.walked(),
  views.overCapacity(),
  views.withoutMetrics(),
  views.connectDown(),
  views.brokerStopped(),
  views.blind(),
  views.unauthorisedGroup(),
  views.cascade(),
  views.incident({ remedy: { phase: 'plan', plan: views.plan } }),
  views.incident({ remedy: { phase: 'ended', plan: views.plan, steps: views.steps, undo: true } }),
];
const places: readonly Partial<Ui>[] = [
  {},
  ...(['flows', 'flow', 'groups', 'group', 'findings', 'changes'] as const).map(at => ({ at })),
  { at: 'groups', lists: { groups: { filter: 'lag>1k' } }, filtering: { before: '' } },
  { help: true },
];

const site = fc.constantFrom(...sites);
const place = fc.constantFrom(...places);
const size: fc.Arbitrary<Size> = fc.record({
  columns: fc.integer({ min: 40, max: 300 }),
  rows: fc.integer({ min: 10, max: 100 }),
});

const shown = (view: View, ui: Partial<Ui>, at: Size): readonly string[] =>
  frame({ view, ui: { ...initialUi, ...ui }, size: at }).map(line => theme(0).paint(line, at.columns));

describe('at any size from 40×10 to 300×100, in every view of every site', () => {
  it('no line is longer or shorter than the window is wide, and there are as many as it is high', () => {
    fc.assert(
      fc.property(site, place, size, (view, ui, at) => {
        const lines = shown(view, ui, at);
        expect(lines).toHaveLength(at.rows);
        for (const line of lines) expect(line).toHaveLength(at.columns);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('the first line says of what and when it is, the last which key is next', () => {
    fc.assert(
      fc.property(site, place, size, (view, ui, at) => {
        const lines = shown(view, ui, at);
        expect(lines[0]).toMatch(/^ kmon eu-us +14:32:08 /);
        expect(lines.at(-1)).toMatch(/ (Esc|Enter|x|\?|q|Tab) [a-z]/);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('the overview names what is wrong, with whom, since when, and how much', () => {
    fc.assert(
      fc.property(size, at => {
        const screen = shown(views.incident(), {}, at).join('\n');
        for (const part of ['▲ CRIT', 'mm2-source', 'target limits', '11m', '≤ 1.21M', 'x fix'])
          expect(screen).toContain(part);
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});

it('in a pane of 100×15 under the log of a deployment, a cause, its flow and the worst groups are there', () => {
  const lines = shown(views.incident(), {}, { columns: 100, rows: 15 });
  const screen = lines.join('\n');
  expect(lines.find(line => line.includes('FLOWS'))).toMatch(/FLOWS .*lag.*trend.*tasks/);
  expect(screen).toMatch(/mm2-source .*≤ 1.21M/);
  expect(screen).toMatch(/billing .*88.2k/);
  expect(screen).toContain('x fix');
});

describe('names from outside', () => {
  /** Keys of a view whose text may come from outside of kmon. */
  const outside = new Set(
    'clientId host instance member owner connector group topic name address detail worker coordinatorHost context'
      .concat(' sentence consequence falsifier threshold title where text')
      .split(' '),
  );

  /** The view with `tail` behind every such text. */
  function infest<T>(value: T, tail: string, key = ''): T {
    if (typeof value === 'string') return (outside.has(key) ? value + tail : value) as T;
    if (Array.isArray(value)) return value.map((one: unknown) => infest(one, tail, key)) as T;
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
      return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, infest<unknown>(v, tail, k)])) as T;
  }

  const harmful = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u0590-\u08ff]/u;

  it.each([
    ['wide', '日本語한국어ａｂ'],
    ['combining', 'e\u0301\u0301\u0327 \u0300x'],
    ['control', '\u001b[2J\u001b]0;x\u0007\r\n\t\b\u009b31m'],
    ['bidi', '\u202egnirts\u202c \u2067x\u2069 \u200f'],
    ['right to left', 'שלום עולם مرحبا'],
    ['emoji', '👩‍💻🇩🇪❤️'],
    ['invisible', '\u200b\u200d\ufeff\u00ad'],
    ['broken', '\ud800x\udfff'],
  ])(
    'with %s characters do no harm, wherever they are shown',
    (_, tail) => {
      fc.assert(
        fc.property(site, place, size, (view, ui, at) => {
          const look = theme(0);
          for (const line of frame({ view: infest(view, tail), ui: { ...initialUi, ...ui }, size: at })) {
            const painted = look.paint(line, at.columns);
            expect(painted).not.toMatch(harmful);
            const wide = Array.from(painted).filter(glyph =>
              /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff01-\uff60]/.test(glyph),
            );
            expect(Array.from(painted).length + wide.length).toBe(at.columns);
          }
        }),
        { numRuns: 40 },
      );
    },
    60_000,
  );

  it('reach the screen at all in this test', () => {
    const screen = frame({
      view: infest(views.incident(), '~!~'),
      ui: initialUi,
      size: { columns: 300, rows: 60 },
    });
    expect(screen.map(plainText).join('\n').split('~!~').length).toBeGreaterThan(10);
  });
});

describe('a window that is dragged', { timeout: 90_000 }, () => {
  let terminal: TrueTerminal | undefined;
  afterEach(async () => {
    await terminal?.close();
    terminal = undefined;
  });

  it('shows what belongs there in the end, however many sizes it had on the way', async () => {
    const open = (terminal = await openTerminal(views.incident(), { columns: 120, rows: 40 }));
    const sizes = fc.sample(fc.array(size, { minLength: 1, maxLength: 6 }), { numRuns: 8, seed: 7 });
    for (const [turn, way] of [
      ...sizes,
      [{ columns: 300, rows: 100 }],
      [{ columns: 100, rows: 15 }],
    ].entries()) {
      const view = { ...views.incident(), at: views.now + turn * 1000 };
      for (const { columns, rows } of way) {
        open.term.resize(columns, rows);
        Object.assign(open.output, { columns, rows });
        open.output.emit('resize');
        // Between two of them a tick may come, and a frame be drawn or not.
        if (rows % 2 === 0) await open.publish(view);
      }
      await open.publish(view);
      const end = way.at(-1) ?? { columns: 120, rows: 40 };
      expect(open.screen().map(line => line.trimEnd())).toEqual(
        shown(view, {}, end).map(line => line.trimEnd()),
      );
    }
  });
});
