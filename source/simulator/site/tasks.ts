import type { Millis } from '../../core/clock.js';
import { bufferedBytes, partitionsOfTask } from './replicate.js';
import type { MirroredPartition, SiteState, TaskState } from './state.js';

/** How long a stop may take before Connect cancels the task (`task.shutdown.graceful.timeout.ms`). */
const graceful: Millis = 5_000;
/** From a new configuration to tasks that run (measured). */
const newTasksAfter: Millis = 6_500;
/** Until the group misses a killed worker (`session.timeout.ms`). */
const missedAfter: Millis = 10_000;

/** Deals the partitions round-robin to so many tasks, as MirrorSourceConnector does, and starts them. */
export function deal(state: SiteState, wanted: number): void {
  const count = Math.max(1, Math.min(wanted, state.partitions.length));
  for (const p of state.partitions) rewind(p);
  state.tasks = Array.from({ length: count }, (_, task) =>
    newTask(
      task,
      workerFor(state, task),
      state.partitions.flatMap((_, i) => (i % count === task ? [i] : [])),
      state.now,
    ),
  );
  state.next = undefined;
  state.generation++;
}

/** A new configuration: the tasks stop and others take over, as many as it asks for. */
export function reconfigure(state: SiteState, tasksMax: number): void {
  state.next = { tasks: tasksMax, at: state.now + newTasksAfter };
  for (const task of state.tasks)
    if (task.phase === 'running') Object.assign(task, { phase: 'stopping', since: state.now });
}

/** One task starts anew where it is, and writes again what was not flushed. */
export function restartTask(state: SiteState, id: number): void {
  const task = state.tasks.find(t => t.task === id);
  if (task === undefined || task.phase === 'lost') return;
  if (bufferedBytes(state, task) === 0) for (const p of partitionsOfTask(state, task)) commit(p);
  move(state, task, task.worker);
}

/** `kill -9` of a worker: its tasks are gone with what they held, and nobody knows. */
export function loseWorker(state: SiteState, index: number): void {
  const worker = state.workers[index];
  if (worker === undefined || worker.lostAt !== undefined) return;
  worker.lostAt = state.now;
  worker.backAt = undefined;
  for (const task of state.tasks)
    if (task.worker === index) Object.assign(task, { phase: 'lost', since: state.now });
  state.generation++;
}

/** A worker starts again: once it has joined, its share of the tasks moves to it. */
export function returnWorker(state: SiteState, index: number): void {
  const worker = state.workers[index];
  if (worker?.lostAt === undefined) return;
  worker.lostAt = undefined;
  worker.backAt = state.now;
}

export function superviseTasks(state: SiteState): void {
  const { now, setting } = state;
  for (const task of state.tasks) {
    if (task.phase === 'stopping') stop(state, task);
    if (task.phase === 'lost' && now - task.since >= missedAfter) task.phase = 'unassigned';
    if (task.phase === 'unassigned' && now - task.since >= missedAfter + setting.rebalanceDelay)
      move(state, task, workerFor(state, task.task));
  }
  for (const [index, worker] of state.workers.entries()) {
    if (worker.backAt === undefined || now - worker.backAt < setting.rebalanceDelay) continue;
    worker.backAt = undefined;
    for (const task of state.tasks)
      if (task.task % state.workers.length === index && task.phase === 'running') {
        for (const p of partitionsOfTask(state, task)) commit(p);
        move(state, task, index);
      }
  }
  if (state.next !== undefined && now >= state.next.at) {
    deal(state, state.next.tasks);
    rebalanced(state);
  }
}

/** `offset.flush.interval.ms` has passed: the positions of what is acknowledged are stored. */
export function flush(state: SiteState): void {
  if (state.now - state.flushedAt < state.setting.flushEvery) return;
  state.flushedAt = state.now;
  for (const task of state.tasks)
    if (task.phase === 'running') for (const p of partitionsOfTask(state, task)) p.flushed = p.acked;
}

/** A task that could hand over everything commits; one whose producer is stuck is cancelled, and commits nothing. */
function stop(state: SiteState, task: TaskState): void {
  const own = partitionsOfTask(state, task);
  const isDone = bufferedBytes(state, task) === 0;
  if (!isDone && state.now - task.since < graceful) return;
  if (isDone) for (const p of own) commit(p);
  task.phase = 'unassigned';
  task.since = Infinity;
}

/** The last commit of a task that stops: the answers to its last requests come after it. */
function commit(p: MirroredPartition): void {
  p.flushed = Math.max(p.flushed, p.acked - p.fresh);
}

/** A task that starts goes on behind what was flushed, and writes again what had been written since. */
function rewind(p: MirroredPartition): void {
  p.polled = p.sent = p.ready = p.acked = p.flushed;
  p.fresh = 0;
}

function move(state: SiteState, task: TaskState, worker: number): void {
  for (const p of partitionsOfTask(state, task)) rewind(p);
  Object.assign(task, newTask(task.task, worker, task.assigned, state.now));
  rebalanced(state);
}

function rebalanced(state: SiteState): void {
  state.generation++;
  for (const worker of state.workers) if (worker.lostAt === undefined) worker.rebalances++;
}

function newTask(task: number, worker: number, assigned: number[], now: Millis): TaskState {
  return {
    task,
    worker,
    phase: 'running',
    since: now,
    assigned,
    owed: 0,
    turn: 0,
    polled: 0,
    sent: 0,
    acked: 0,
    batches: [],
    written: 0,
    throttle: 0,
    wait: 0,
  };
}

/** The workers that live take tasks in turn. */
function workerFor(state: SiteState, task: number): number {
  const alive = state.workers.flatMap((w, i) =>
    w.lostAt === undefined && w.backAt === undefined ? [i] : [],
  );
  return alive[task % alive.length] ?? 0;
}
