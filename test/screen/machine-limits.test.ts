import { beforeAll, describe, expect, it } from 'vitest';
import { frame } from '../../source/screen/frame.js';
import { initialUi, type Ui } from '../../source/screen/ui.js';
import type { View } from '../../source/session/view.js';
import { textOf } from '../support/screens.js';
import * as views from '../support/views.js';

beforeAll(() => {
  process.env['TZ'] = 'UTC';
});

/** The worker's host is at 55 % of its CPU. */
const strict: View = {
  ...views.healthy(),
  limits: {
    worker: { cpu: 0.5, memory: 0.95, heap: 0.7 },
    broker: { cpu: 0.85, memory: 0.95, heap: 0.7 },
  },
};
const size = { columns: 120, rows: 24 };

function isWarning(view: View, ui: Partial<Ui>, text: string): boolean {
  const rows = frame({ view, ui: { ...initialUi, ...ui }, size });
  const [line] = rows.filter(one => one.segments.some(s => s.text.includes('10.0.3.11')));
  return line?.segments.some(s => s.as === 'warning' && s.text.includes(text)) ?? false;
}

describe('the limits of machines', () => {
  it('stand in the titles of the list, those of workers and brokers where they are others', () => {
    const title = (view: View): string =>
      textOf(view, size, { at: 'machines' }).find(one => one.includes('MACHINES')) ?? '';
    expect(title(views.healthy())).toMatch(/cpu {2}│=85% .*heap │=90% .*mem {2}│=90% /);
    expect(title(strict)).toMatch(/cpu │=50\/85% .*heap │=70% .*mem {2}│=95% /);
  });

  it('are marked in the bars, and what is beyond is looked at', () => {
    const bars = (view: View): string[] =>
      textOf(view, size, { at: 'machine' }).filter(one => /^ (cpu, host|heap) /.test(one));
    expect(bars(views.healthy())).toEqual([
      expect.stringMatching(/55% {2}█+░+│░+ /),
      expect.stringMatching(/71% {2}█+░+│░+ /),
    ]);
    expect(bars(strict)).toEqual([
      expect.stringMatching(/55% {2}█+┼█░+ /),
      expect.stringMatching(/71% {2}█+│░+ /),
    ]);
    for (const [ui, text] of [
      [{ at: 'machines' }, '55%'],
      [{}, '71%'],
    ] as const)
      expect([views.healthy(), strict].map(view => isWarning(view, ui, text))).toEqual([false, true]);
  });
});
