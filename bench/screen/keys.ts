import { setTimeout as sleep } from 'node:timers/promises';
import { mostFramesASecond } from '../../source/screen/frame-rate.js';
import type { Frame, Painted } from './painted.js';
import type { Pty } from './pty.js';

/** Ink draws at most so often, and a frame of it lasts so long, ms. */
export const frameTime = 1_000 / mostFramesASecond;

/** Milliseconds from a key to the painted frame that shows it. */
export type Latency = {
  readonly median: number;
  readonly p95: number;
  readonly most: number;
  readonly keys: number;
};

/** How far a screen was behind while a key was held: in frames of `frameTime`. */
export type Trail = { readonly p95: number; readonly most: number; readonly frames: number };

/** The name beside the cursor: what a key moves, and nothing else does. */
export function atCursor({ lines }: Pick<Frame, 'lines'>): string {
  for (const line of lines) {
    const found = /›\s*([\w./-]+)/.exec(plain(line))?.[1];
    if (found !== undefined) return found;
  }
  return '';
}

export function plain(line: string): string {
  return line.replace(/\u001b\[[\d;]*m/g, '');
}

/** Presses keys, each when `moment` says, and waits until the cursor has moved; j and k in turn, or j alone. */
export async function isolatedKeys(
  pty: Pty,
  painted: Painted,
  count: number,
  moment: () => Promise<void>,
  way: 'to and fro' | 'down' = 'to and fro',
): Promise<{ readonly latency: Latency; readonly frames: readonly Frame[] }> {
  const taken: number[] = [];
  const frames: Frame[] = [];
  let before = atCursor({ lines: painted.text() });
  for (let i = 0; i < count; i++) {
    await moment();
    const moved = painted.until(frame => atCursor(frame) !== before);
    const pressed = performance.now();
    pty.write(way === 'down' || i % 2 === 0 ? 'j' : 'k');
    const frame = await moved;
    taken.push(frame.at - pressed);
    before = atCursor(frame);
    frames.push(frame);
  }
  return { latency: latencyOf(taken), frames };
}

/** Holds j down at 30/s, and sees at which key each frame was; `rowOf` counts the rows of the list. */
export async function heldKey(
  pty: Pty,
  painted: Painted,
  seconds: number,
  rowOf: (name: string) => number,
): Promise<{ readonly trail: Trail; readonly frames: readonly Frame[] }> {
  const from = rowOf(atCursor({ lines: painted.text() }));
  const pressed: number[] = [];
  const frames: Frame[] = [];
  const stop = painted.onFrame(frame => {
    if (atCursor(frame) !== atCursor(frames.at(-1) ?? { lines: [] })) frames.push(frame);
  });
  const started = performance.now();
  for (let i = 0; i < seconds * 30; i++) {
    await sleep(Math.max(0, started + (i * 1_000) / 30 - performance.now()));
    pressed.push(performance.now());
    pty.write('j');
  }
  await sleep(1_000);
  stop();
  return {
    trail: trailOf(
      frames.map(frame => ({ at: frame.at, keys: rowOf(atCursor(frame)) - from })),
      pressed,
    ),
    frames,
  };
}

/** How old was, when each frame was there, the first key that it did not show yet? */
function trailOf(
  frames: readonly { readonly at: number; readonly keys: number }[],
  pressed: readonly number[],
): Trail {
  const behind = frames.map(({ at, keys }) => Math.max(0, at - (pressed[keys] ?? Infinity)) / frameTime);
  return { p95: quantile(behind, 0.95), most: Math.max(...behind), frames: frames.length };
}

export function latencyOf(taken: readonly number[]): Latency {
  return {
    median: quantile(taken, 0.5),
    p95: quantile(taken, 0.95),
    most: Math.max(...taken),
    keys: taken.length,
  };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
