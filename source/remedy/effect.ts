import type { Clock, Millis } from '../core/clock.js';
import { count } from '../core/units.js';
import type { FlowView } from '../model/snapshot.js';
import type { Step } from './plan.js';

/** How long before a change its rate is averaged, how long after it is watched, and how often that is told. */
const before: Millis = 60_000;
const watch: Millis = 60_000;
const tell: Millis = 10_000;
/** The end of the watch that counts as "after": rates over 30 s lag behind a change. */
const settled: Millis = 20_000;

/** Mean write/s in the time up to `at`; NaN where nothing was measured. */
export function baseline(flow: FlowView | undefined, at: Millis): number {
  return mean(flow, at - before, at);
}

/**
 * Tells write/s every few seconds after a change, and in the end whether it rose. It judges by what was measured alone:
 * without measurements the effect is not known.
 */
export async function* watchEffect(
  flowNow: () => FlowView | undefined,
  from: number,
  expected: string,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Step, void, undefined> {
  const end = clock.now() + watch;
  for (let at = clock.now(); at < end;) {
    await clock.sleep(tell, signal);
    if (signal.aborted) return;
    at = clock.now();
    const last = at >= end;
    const after = mean(flowNow(), at - (last ? settled : tell), at);
    const known = Number.isFinite(from) && Number.isFinite(after);
    yield {
      at,
      state: last ? 'done' : 'watching',
      text: last ? `${told(from, after)}${judged(from, after)}; expected: ${expected}` : told(from, after),
      ...(known && { effect: { what: 'write/s', before: from, after, expected } }),
    };
  }
}

function told(from: number, after: number): string {
  if (Number.isNaN(after)) return 'write/s is not known';
  return `write/s ${count(from)} → ${count(after)}`;
}

/** Within a tenth it is noise. */
function judged(from: number, after: number): string {
  if (Number.isNaN(from) || Number.isNaN(after)) return '';
  if (after > from * 1.1) return ': it rose';
  if (after < from * 0.9) return ': it fell';
  return ': no change';
}

function mean(flow: FlowView | undefined, from: Millis, to: Millis): number {
  const values = flow?.write.series.since(from, to).values ?? [];
  return values.length === 0 ? NaN : values.reduce((a, b) => a + b, 0) / values.length;
}
