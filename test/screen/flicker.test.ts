import xterm from '@xterm/headless';
import { afterEach, expect, it } from 'vitest';
import type { View } from '../../source/session/view.js';
import { openTerminal, screenOf, type TrueTerminal } from '../support/true-terminal.js';
import * as views from '../support/views.js';

let terminal: TrueTerminal | undefined;
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});

const chunkSize = 4096;

/** A site a few seconds on: every number has changed, and so has every line. */
function later(view: View, tick: number): View {
  const at = view.at + tick * 5000;
  const flows = view.snapshot.flows.map(flow => ({
    ...flow,
    lag: {
      value: {
        low: 900_000 + tick * 7000,
        high: 1_000_000 + tick * 7919,
        method: 'bounded' as const,
        rested: false,
      },
      at,
    },
    poll: { ...flow.poll, now: { value: 700 + tick * 13, at } },
  }));
  const groups = view.snapshot.groups.map((group, i) => ({
    ...group,
    lag: { value: 1000 * i + tick * 311, at },
  }));
  return { ...view, at, snapshot: { ...view.snapshot, at, flows, groups } };
}

/**
 * What tmux and slow lines show: the output arrives in pieces of at most 4 KB, and each piece is drawn. A row that is
 * blank neither before nor after a change must not be blank in between; two may be, where a piece ends in them.
 */
it('leaves no more than two rows blank in any 4 KB piece of output, over ticks, keys and resizes', async () => {
  const open = await openTerminal(views.incident(), { columns: 200, rows: 50 });
  terminal = open;
  const { output } = open;
  const changes: { from: number; to: number; columns: number; rows: number }[] = [];
  const started = output.written.length;
  const change = async (what: () => Promise<void>): Promise<void> => {
    const from = output.written.length;
    await what();
    changes.push({ from, to: output.written.length, columns: output.columns, rows: output.rows });
  };
  for (let tick = 1; tick <= 4; tick++) await change(() => open.publish(later(views.incident(), tick)));
  await change(() => open.press('\r'));
  await change(() => open.press('\u001b'));
  for (const [columns, rows] of [
    [120, 40],
    [80, 24],
    [200, 50],
    [120, 24],
  ] as const) {
    await change(() => open.resize(columns, rows));
    await change(() => open.publish(later(views.incident(), columns + rows)));
  }

  const replay = new xterm.Terminal({ cols: 200, rows: 50, allowProposedApi: true, convertEol: true });
  const write = (text: string): Promise<void> => new Promise(resolve => replay.write(text, resolve));
  const isBlank = (): readonly boolean[] => screenOf(replay).map(line => line.trim() === '');
  await write(output.written.slice(0, started).join(''));
  let pieces = 0;
  for (const { from, to, columns, rows } of changes) {
    replay.resize(columns, rows);
    const text = output.written.slice(from, to).join('');
    const states = [isBlank()];
    for (let at = 0; at < text.length; at += chunkSize) {
      await write(text.slice(at, at + chunkSize));
      states.push(isBlank());
    }
    const [before, after] = [states[0] ?? [], states.at(-1) ?? []];
    for (const state of states.slice(1, -1)) {
      const blanked = state.filter((blank, y) => blank && !before[y] && !after[y]).length;
      expect(blanked).toBeLessThanOrEqual(2);
      pieces++;
    }
  }
  replay.dispose();
  expect(pieces).toBeGreaterThan(5);
}, 90_000);

it('never clears the whole screen while it runs', async () => {
  terminal = await openTerminal(views.incident(), { columns: 120, rows: 40 });
  const start = terminal.output.written.length;
  for (let tick = 1; tick <= 3; tick++) await terminal.publish(later(views.incident(), tick));
  await terminal.resize(80, 24);
  const written = terminal.output.written.slice(start).join('');
  // Erase in Display, in any of its forms.
  expect(written.split('\u001b[').filter(rest => /^[0-3]?J/.test(rest))).toEqual([]);
}, 60_000);
