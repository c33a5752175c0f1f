import { afterEach, describe, expect, it } from 'vitest';
import { frame } from '../../source/screen/frame.js';
import { theme } from '../../source/screen/theme.js';
import { initialUi } from '../../source/screen/ui.js';
import type { View } from '../../source/session/view.js';
import { openTerminal, type TrueTerminal } from '../support/true-terminal.js';
import * as views from '../support/views.js';

const size = { columns: 120, rows: 40 };

let terminal: TrueTerminal | undefined;
afterEach(async () => {
  terminal?.output.resume();
  await terminal?.close();
  terminal = undefined;
});

/** Every number of it is another one with each tick. */
function later(tick: number): View {
  const view = views.incident();
  const at = view.at + tick * 2000;
  const groups = view.snapshot.groups.map((group, i) => ({
    ...group,
    lag: { value: 1000 * i + tick * 311, at },
  }));
  return { ...view, at, snapshot: { ...view.snapshot, at, groups } };
}

const drawn = (view: View): readonly string[] =>
  frame({ view, ui: initialUi, size }).map(row => theme(0).paint(row, size.columns).trimEnd());

const framesIn = (written: readonly string[]): number => written.join('').split('\u001b[?2026l').length - 1;

describe('a terminal that takes nothing for a while', () => {
  it('gets none of the frames that were made meanwhile, and then the present one', async () => {
    const open = (terminal = await openTerminal(views.incident(), size));
    open.output.stall();
    await open.publish(later(1));
    const owed = open.output.writableLength;
    expect(owed).toBeGreaterThan(0);
    for (let tick = 2; tick <= 20; tick++) await open.publish(later(tick));
    expect(open.output.writableLength).toBe(owed);

    const before = open.output.written.length;
    open.output.resume();
    await open.settle();
    expect(framesIn(open.output.written.slice(before))).toBe(2);
    expect(open.screen().map(line => line.trimEnd())).toEqual(drawn(later(20)));
  });

  it('does not keep keys from acting', async () => {
    const open = (terminal = await openTerminal(views.incident(), size));
    open.output.stall();
    await open.publish(later(1));
    await open.press('3', 'j', 'r');
    expect(open.session.intents).toEqual([{ type: 'refresh' }]);
    open.output.resume();
    await open.settle();
    expect(open.screen()[1]).toContain('sorted by lag');
  });

  it('does not keep anyone from leaving', async () => {
    const open = (terminal = await openTerminal(views.incident(), size));
    open.output.stall();
    await open.publish(later(1));
    await open.press('q');
    expect(await open.ended).toBe(0);
  });

  it('is drawn right when it was given another size meanwhile', async () => {
    const open = (terminal = await openTerminal(views.incident(), size));
    open.output.stall();
    await open.publish(later(1));
    await open.resize(80, 24);
    open.output.resume();
    await open.settle();
    const wanted = frame({ view: later(1), ui: initialUi, size: { columns: 80, rows: 24 } });
    expect(open.screen().map(line => line.trimEnd())).toEqual(
      wanted.map(row => theme(0).paint(row, 80).trimEnd()),
    );
  });
});
