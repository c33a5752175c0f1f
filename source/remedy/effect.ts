import type { Clock, Millis } from '../core/clock.js';
import { count } from '../core/units.js';
import type { FlowView, Snapshot } from '../model/snapshot.js';
import type { ReadonlySeries } from '../model/series.js';
import type { Effect } from './action.js';
import type { Step, Target } from './plan.js';
import { flowOf } from './subject.js';

/** How long before a change is drawn, how long after it is watched at least, and how often that is told. */
const before: Millis = 60_000;
const watch: Millis = 60_000;
const tell: Millis = 10_000;
/** What counts as "before": a fault that is a minute old must not be averaged with the health before it, or its cure looks like a fall. */
const settled: Millis = 20_000;
/** Between two looks for the newest value. */
const step: Millis = 5_000;

/** Rates of flows are means of so long where it is not told (`model/flow.ts`). */
const rateWindow: Millis = 30_000;

/** What was expected to move, as it was in the time up to a change. */
export type Baseline = {
  readonly mean: number;
  /** A value each span of `tell`, oldest first. */
  readonly line: readonly number[];
};

export function baseline(effect: Effect, snapshot: Snapshot, at: Millis): Baseline {
  const spans = Array.from({ length: before / tell }, (_, i) => at - before + i * tell);
  return {
    mean: standing(effect, snapshot, at),
    line: spans.map(from => effect.mean(snapshot, from, from + tell)),
  };
}

/**
 * Tells every few seconds after a change what it was expected to move, and in the end whether that moved. It judges by what
 * was measured alone: without measurements the effect is not known.
 *
 *     verified ─ acts ─►├─ over ─►│ clear: from here on a value holds only what was after the change
 *
 * Judged is the mean of the newest of these, 20 to 30 s of them: bursts, as a quota makes them, carry one value far off.
 * That nothing moved is said a window later only, for what takes long looks the same until then.
 */
export async function* watchEffect(
  effect: Effect,
  snapshot: () => Snapshot,
  from: Baseline,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Step, void, undefined> {
  const { what, expected, acts = 0 } = effect;
  const line = [...from.line];
  const begun = clock.now();
  const over = effect.over?.(snapshot());
  const clear = begun + acts + (over ?? 0);
  const least = Math.max(begun + watch, clear + 2 * tell);
  const most = over === undefined ? least : Math.max(least, clear + watch, clear + over);
  const since: number[] = [];
  for (let last = false; !last;) {
    await clock.sleep(tell, signal);
    if (signal.aborted) return;
    const at = clock.now();
    const look = effect.mean(snapshot(), at - tell, at);
    line.push(look);
    if (at - tell >= clear && Number.isFinite(look)) since.push(look);
    const after =
      at < least ? look : over === undefined ? standing(effect, snapshot(), at) : meanOfAll(since.slice(-3));
    const verdict = at < least ? undefined : judged(from.mean, after);
    last = at >= most || (at >= least && verdict !== 'no change');
    const known = Number.isFinite(from.mean) && Number.isFinite(after);
    const told = Number.isNaN(after)
      ? `${what} is not known`
      : `${what} ${count(from.mean)} → ${count(after)}`;
    yield {
      at,
      state: last ? 'done' : 'watching',
      text: told + (last ? ending(verdict, expected) : meanwhile(verdict, at < clear)),
      ...(known && { effect: { what, before: from.mean, after, expected, line: [...line] } }),
    };
  }
}

function ending(verdict: Verdict | undefined, expected: string): string {
  return `${verdict === undefined ? '' : `: ${verdict}`}; expected: ${expected}`;
}

function meanwhile(verdict: Verdict | undefined, isMixed: boolean): string {
  if (isMixed) return ', still with the time before the change';
  return verdict === undefined ? '' : ': too early to tell, kmon looks on';
}

/**
 * What it stands at: the mean of the last `settled`, or the newest value where each is a mean already. A mean of half-minute means holds
 * what was 50 s ago, and the health before a fault with it.
 */
function standing(effect: Effect, snapshot: Snapshot, at: Millis): number {
  if (effect.over === undefined) return effect.mean(snapshot, at - settled, at);
  for (let to = at; to > at - settled; to -= step) {
    const value = effect.mean(snapshot, to - step, to);
    if (Number.isFinite(value)) return value;
  }
  return NaN;
}

/** Records/s that the connector writes. */
export function writeEffect(target: Target, expected: string): Effect {
  return flowEffect(snapshot => flowOf(snapshot, target), expected);
}

/** The same of the flow that is found in a snapshot. */
export function flowEffect(find: (snapshot: Snapshot) => FlowView | undefined, expected: string): Effect {
  return {
    what: 'write/s',
    expected,
    over: snapshot => find(snapshot)?.write.over ?? rateWindow,
    mean: (snapshot, from, to) => meanOf(find(snapshot)?.write.series, from, to),
  };
}

/** What has no history: its value in the snapshot of the moment. */
export function momentEffect(
  what: string,
  expected: string,
  value: (snapshot: Snapshot) => number | undefined,
): Effect {
  return { what, expected, mean: snapshot => value(snapshot) ?? NaN };
}

/** Mean of a series between two times; NaN where nothing was measured. */
export function meanOf(series: ReadonlySeries | undefined, from: Millis, to: Millis): number {
  return meanOfAll(series?.since(from, to).values ?? []);
}

function meanOfAll(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? NaN;
  return values.length === 0 ? NaN : sum / values.length;
}

type Verdict = 'it rose' | 'it fell' | 'no change';

/** Within a tenth it is noise; undefined where either is not known. */
function judged(from: number, after: number): Verdict | undefined {
  if (Number.isNaN(from) || Number.isNaN(after)) return undefined;
  if (after > from * 1.1) return 'it rose';
  if (after < from * 0.9) return 'it fell';
  return 'no change';
}
