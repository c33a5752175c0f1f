import type { Millis } from '../../core/clock.js';
import { smoothed } from './smoothed.js';
import type { MirroredPartition, SiteState, TaskState } from './state.js';

/** `max.poll.records`: the most that a task takes at once. */
const batch = 500;

/** A full buffer shows so much of it as used: the rest is in pieces smaller than a batch (measured: 31.6 of 33.5 MB). */
const usable = 0.943;
/** What a record takes of the buffer, over its own size: batches are reserved whole (measured: 1.2 to 1.4). */
const overhead = 1.25;

/**
 * One step of a task, as Connect runs it: poll a batch, hand its records to the producer one by one, poll again. A
 * producer whose buffer is full blocks the task, and with it the poll.
 */
export function runTask(state: SiteState, task: TaskState, ms: Millis): void {
  const own = partitionsOfTask(state, task);
  for (const p of own) p.ready = p.sent;
  if (task.phase !== 'running' || state.paused) return;
  const full = (state.setting.perTask * ms) / 1000 + task.owed;
  let left = Math.floor(full);
  task.owed = full - left;
  let isBlocked = false;
  while (left > 0 && !isBlocked) {
    if (task.sent === task.polled && poll(task, own) === 0) break;
    const sent = send(state, task, own, left);
    left -= sent;
    isBlocked = sent === 0;
  }
  task.wait = smoothed(task.wait, isBlocked ? left / full : 0, ms);
}

function poll(task: TaskState, own: readonly MirroredPartition[]): number {
  let room = batch;
  for (let i = 0; i < own.length && room > 0; i++) {
    const p = own[(task.turn + i) % own.length];
    if (p === undefined) continue;
    const taken = Math.min(room, p.end - p.polled);
    p.polled += taken;
    room -= taken;
  }
  task.turn = (task.turn + 1) % Math.max(1, own.length);
  const taken = batch - room;
  if (taken > 0) {
    task.polled += taken;
    task.batches.push(task.polled);
  }
  return taken;
}

function send(state: SiteState, task: TaskState, own: readonly MirroredPartition[], most: number): number {
  let room = state.bufferBytes * usable - bufferedBytes(state, task);
  let left = most;
  for (const p of own) {
    const size = p.recordBytes * overhead;
    const sent = Math.max(0, Math.min(left, p.polled - p.sent, Math.floor(room / size)));
    p.sent += sent;
    task.sent += sent;
    left -= sent;
    room -= sent * size;
  }
  return most - left;
}

/** What a task's producer holds of its buffer. */
export function bufferedBytes(state: SiteState, task: TaskState): number {
  const own = partitionsOfTask(state, task);
  return own.reduce((sum, p) => sum + (p.sent - p.acked) * p.recordBytes * overhead, 0);
}

/** `source-record-active-count`: batches that were polled and are not acknowledged as a whole. */
export function inFlight(task: TaskState): number {
  return task.polled - task.written;
}

export function partitionsOfTask(state: SiteState, task: TaskState): readonly MirroredPartition[] {
  return task.assigned.flatMap(index => state.partitions[index] ?? []);
}
