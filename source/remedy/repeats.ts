import type { Millis } from '../core/clock.js';
import { valueOf } from '../core/known.js';
import { count, duration } from '../core/units.js';
import type { FlowView } from '../model/snapshot.js';

/**
 * Records that a restart of all tasks may write twice: write/s × time since the last flush, at most a whole interval.
 * Tasks that can flush before they stop repeat almost nothing; those with full buffers can not.
 */
export function repeats(flow: FlowView, at: Millis): string {
  const write = valueOf(flow.write.now);
  const { seconds, observed } = flow.flushInterval;
  const interval = `${observed ? '' : 'assumed '}flush interval of ${duration(seconds * 1000)}`;
  if (write === undefined) return `not known, since write/s is not; at most what one ${interval} writes`;
  const most = write * seconds;
  if (flow.lastFlush === undefined) {
    return `at most ${count(most)} (${count(write)}/s × the ${interval}; no flush was seen yet)`;
  }
  const since = Math.min(seconds, Math.max(0, (at - flow.lastFlush) / 1000));
  return (
    `up to ${count(write * since)} (${count(write)}/s × ${duration(since * 1000)} since the last flush; ` +
    `${count(most)} just before the next one)`
  );
}
