import { describe, expect, it } from 'vitest';
import type { Offer, Plan } from '../../source/remedy/plan.js';
import { frame } from '../../source/screen/frame.js';
import { press } from '../../source/screen/keymap.js';
import { plainText } from '../../source/screen/row.js';
import { initialUi, type Size, type Ui } from '../../source/screen/ui.js';
import type { View } from '../../source/session/view.js';
import * as views from '../support/views.js';

/** A dialog with more to read than the terminal has lines. */

const small: Size = { columns: 80, rows: 24 };

const long: Plan = {
  ...views.notCuring,
  id: 'plan-long',
  risk: { level: 'high', text: 'nothing limits its clients then: a flood reaches the brokers whole' },
  expect: Array.from({ length: 9 }, (_, i) => `expectation ${i} of what follows`),
  byHand: Array.from({ length: 6 }, (_, i) => `kafka-consumer-groups.sh --describe --group number-${i}`),
};
const manyLines: Plan = {
  ...long,
  id: 'plan-lines',
  changes: Array.from({ length: 60 }, (_, i) => ({ key: `orders/${i}`, from: String(7 + i), to: '900' })),
};

const showing = (plan: Plan): View => views.incident({ remedy: { phase: 'plan', plan } });
const lines = (view: View, ui: Ui, size = small): readonly string[] =>
  frame({ view, ui, size }).map(plainText);
const after = (view: View, keys: readonly string[], size = small, from: Ui = initialUi): Ui =>
  keys.reduce((ui, key) => press({ view, ui, size }, key).ui, from);

describe('a plan that is longer than the screen', () => {
  it.each([
    ['of one line', long, /tasks\.max +4 → 6/],
    ['of sixty', manyLines, /orders\/0 +7 → 900/],
  ])(
    'shows at 80x24 the change %s, the risk, the warning and the word to type, wherever it is scrolled to',
    (_, plan, change) => {
      const view = showing(plan);
      for (let down = 0; down < 12; down++) {
        const shown = lines(view, after(view, Array<string>(down).fill('page-down'))).join('\n');
        expect(shown).toMatch(change);
        expect(shown).toContain('THIS WILL NOT CURE IT');
        expect(shown).toContain('risk     high: nothing limits its clients then');
        expect(shown).toContain('type  mm2-source  to apply');
      }
    },
  );

  it('shows at 40x10 the change, how large the risk is, and what is typed', () => {
    const view = showing({ ...long, changes: [{ key: 'producer_byte_rate', from: '150000', to: '225000' }] });
    const shown = lines(view, after(view, Array.from('mm2-sour')), { columns: 40, rows: 10 }).join('\n');
    expect(shown).toMatch(/change +producer_byte_rate +│/);
    expect(shown).toContain('150000 → 225000   (+50 %)');
    expect(shown).toContain('risk     high: nothing limits its');
    expect(shown).toContain('type mm2-source: mm2-sour▌');
  });

  it('shows at 100x15 the change and how large the risk is', () => {
    const shown = lines(showing(long), initialUi, { columns: 100, rows: 15 }).join('\n');
    expect(shown).toContain('risk     high: nothing limits its clients then');
    expect(shown).not.toContain('lines below');
  });

  it('shows a long name to type, and what was typed of it to its end', () => {
    const confirm = 'prod.payments.settlement-events.reconciliation.v2';
    const view = showing({ ...long, confirm });
    const shown = lines(view, after(view, Array.from(confirm))).join('\n');
    expect(shown).toContain(`type ${confirm}: `);
    expect(shown).toMatch(new RegExp(`│ ${confirm}▌ {2}Enter applies it`));
  });

  it.each([
    [80, 24],
    [60, 15],
    [40, 10],
    [120, 40],
  ])('can be read to its end, line by line, at %dx%d', (columns, rows) => {
    const size = { columns, rows };
    const view = showing(manyLines);
    const seen = new Set<string>();
    let ui: Ui = initialUi;
    for (let i = 0; i < 400; i++) {
      for (const line of lines(view, ui, size)) seen.add(line);
      ui = after(view, ['down'], size, ui);
    }
    const text = [...seen].join('\n');
    for (const { key } of manyLines.changes) expect(text).toContain(`${key} `);
    for (let i = 0; i < 9; i++) expect(text).toContain(`expectation ${i}`);
    expect(text).toContain('number-5');
  });

  it('keeps the word that is typed while it is scrolled', () => {
    const view = showing(long);
    const ui = after(view, ['m', 'm', '2', 'page-down', '-', 'down', 's', 'up', 'end', 'home', 'o']);
    expect(ui.typed).toEqual({ plan: 'plan-long', text: 'mm2-so' });
    expect(lines(view, ui).join('\n')).toContain('to leave:  mm2-so▌');
  });

  it('begins at its top when it is another plan', () => {
    const view = showing(long);
    const read = after(view, ['end']);
    expect(read.read.line).toBeGreaterThan(0);
    expect(lines(showing(manyLines), read)).toEqual(lines(showing(manyLines), initialUi));
  });

  it('has no key to scroll where all of it is seen', () => {
    const view = showing(views.plan);
    const large = { columns: 120, rows: 40 };
    expect(after(view, ['page-down'], large)).toEqual(initialUi);
    expect(lines(view, initialUi, large).at(-1)).not.toContain('read on');
    expect(lines(showing(long), initialUi).at(-1)).toContain('read on');
  });
});

describe('a menu that is longer than the screen', () => {
  const offers = Array.from({ length: 30 }, (_, i): Offer => ({
    action: `a${i}`,
    title: `Remedy number ${i}.`,
    target: views.plan.target,
    ...(i > 20 && {
      disabled: 'this can not be done now, for a reason that takes more than one line to tell',
    }),
  }));
  const view = views.incident({ remedy: { phase: 'offers', subject: 'mm2-source', offers } });

  it('always shows what is under the cursor', () => {
    for (let i = 0; i < offers.length; i++) {
      const ui = { ...initialUi, offer: i };
      expect(lines(view, ui).join('\n')).toContain(`› Remedy number ${i}.`);
    }
  });
});

describe('the steps of a long change', () => {
  it('show what was done last, and say where the rest is', () => {
    const steps = Array.from({ length: 12 }, (_, i) => ({
      at: views.now,
      state: 'watching' as const,
      text: `look ${i}`,
    }));
    const view = views.incident({
      remedy: { phase: 'ended', plan: manyLines, steps: [...views.steps.slice(0, 4), ...steps], undo: true },
    });
    const shown = lines(view, initialUi).join('\n');
    expect(shown).toContain('look 11');
    expect(shown).toContain('verified   6 of 6 tasks run');
    expect(shown).toContain('orders/0');
    expect(shown).toMatch(/more lines: view 7 shows them/);
    expect(shown).toContain('plans the undo');
  });
});

describe('a line of a diff', () => {
  const shown = (key: string, from: string, to: string): string =>
    lines(showing({ ...views.plan, changes: [{ key, from, to }] }), initialUi).join('\n');

  it('says by how much a quantity grows', () => {
    expect(shown('tasks.max', '4', '6')).toContain('tasks.max  4 → 6   (+50 %)');
  });

  it('does not take the id of a broker for a quantity', () => {
    expect(shown('leader of orders/3', '1', '2')).not.toContain('%)');
  });
});
