import type { Millis } from '../../core/clock.js';
import { partitionsOfTask } from './replicate.js';
import { smoothed } from './smoothed.js';
import type { MirroredPartition, SiteState, TaskState } from './state.js';

/** `batch.size`: what a request carries for one partition when records wait. */
const batchBytes = 16_384;

type Lane = { readonly task: TaskState; readonly partition: MirroredPartition; readonly waiting: number };

/**
 * What the target's brokers take from the producers in one step. A throttled broker answers at once and mutes the
 * channel until the client is within its quota again: so throttle time, not latency, tells of a quota.
 */
export function write(state: SiteState, ms: Millis): void {
  for (const p of state.partitions) p.fresh = 0;
  const throttled = new Map<TaskState, number>();
  for (const [key, lanes] of pools(state)) {
    const limit = Math.min(state.quota?.bytesPerSecond ?? Infinity, state.setting.brokerBytes);
    const credit = Math.min(limit, (state.credit[key] ?? 0) + (limit * ms) / 1000);
    const waiting = lanes.reduce((sum, lane) => sum + lane.waiting * lane.partition.recordBytes, 0);
    const share = waiting > credit ? credit / waiting : 1;
    let spent = 0;
    for (const { task, partition, waiting: records } of lanes) {
      const taken = Math.floor(records * share);
      acknowledge(task, partition, taken);
      spent += taken * partition.recordBytes;
    }
    state.credit[key] = credit - spent;
    if (share < 1 && state.quota !== undefined)
      for (const [task, time] of throttleTimes(lanes, state.quota.bytesPerSecond))
        throttled.set(task, Math.max(time, throttled.get(task) ?? 0));
  }
  for (const task of state.tasks) task.throttle = smoothed(task.throttle, throttled.get(task) ?? 0, ms);
}

/** Those who share a limit: a broker's, or what one client has on it. */
function pools(state: SiteState): ReadonlyMap<string, readonly Lane[]> {
  const found = new Map<string, Lane[]>();
  for (const task of state.tasks) {
    if (task.phase !== 'running' && task.phase !== 'stopping') continue;
    for (const partition of partitionsOfTask(state, task)) {
      if (partition.leader < 0) continue;
      const key =
        state.quota?.of === 'client' ? `${partition.leader}/${task.task}` : String(partition.leader);
      const lanes = found.get(key) ?? [];
      lanes.push({ task, partition, waiting: partition.ready - partition.acked });
      found.set(key, lanes);
    }
  }
  return found;
}

function acknowledge(task: TaskState, partition: MirroredPartition, records: number): void {
  partition.acked += records;
  partition.fresh = records;
  partition.targetEnd += records;
  task.acked += records;
  let whole = 0;
  while ((task.batches[whole] ?? Infinity) <= task.acked) whole++;
  if (whole > 0) task.written = task.batches.splice(0, whole)[whole - 1] ?? task.written;
}

/** ms until a request of each task is within the quota: what it carries, and what the others send meanwhile. */
function throttleTimes(lanes: readonly Lane[], quota: number): ReadonlyMap<TaskState, number> {
  const bytes = new Map<TaskState, number>();
  for (const { task, partition, waiting } of lanes)
    bytes.set(task, (bytes.get(task) ?? 0) + Math.min(batchBytes, waiting * partition.recordBytes));
  const all = [...bytes.values()].reduce((a, b) => a + b, 0);
  return new Map([...bytes.keys()].map(task => [task, (all / quota) * 1000]));
}
