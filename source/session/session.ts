import type { Clock, Millis } from '../core/clock.js';
import type { Observation } from '../core/observation.js';
import type { Diagnosis } from '../diagnose/finding.js';
import type { MachineLimits } from '../diagnose/machine-limits.js';
import type { Snapshot } from '../model/snapshot.js';
import { FramePace } from './frame-pace.js';
import type { EndpointView, Intent, SessionPort, View } from './view.js';
import { Hindsight, type PastPort } from './hindsight.js';
import { Memory, type MemoryPort } from './memory.js';
import { obey } from './obey.js';
import { RemedyDesk, type GatePort } from './remedy-desk.js';

/** What the session folds into and reads from: `model/site-model.ts`. */
export type ModelPort = PastPort & {
  fold(observation: Observation): void;
  snapshot(at: number): Snapshot;
};

/** What watches the outside: `observe/observer.ts`. */
export type ObserverPort = {
  endpoints(): readonly EndpointView[];
  cost(): { readonly requests: number; readonly seconds: number };
  refresh(): void;
};

export type SessionOptions = {
  readonly context: string;
  readonly mode: 'read-only' | 'read-write';
  /** Between two ticks, ms. */
  readonly interval: number;
  readonly clock: Clock;
  /** CPU that the process has used so far, ms; without it frames are never made less often than asked for. */
  readonly cpu?: () => Millis;
  readonly signal: AbortSignal;
  readonly model: ModelPort;
  readonly judge: (snapshot: Snapshot) => Diagnosis;
  /** What of it is drawn beside what it judges. */
  readonly limits: MachineLimits;
  readonly gate: (snapshot: () => Snapshot) => GatePort;
  /** What is remembered between runs; without it marks and favourites end with this one. */
  readonly memory?: MemoryPort;
  /** Starts watching; `emit` takes every observation, `changed` says that an endpoint's state is another. */
  readonly observe: (emit: (o: Observation) => void, changed: () => void) => ObserverPort;
};

/** While endpoints are asked for the first time the frame fills as answers come, at most this often (ms). */
const firstFrames = 200;

/**
 * The loop: observations are folded as they come; once a tick everything is judged and published as one object.
 * Between ticks it publishes only what cannot wait: the first answers, an endpoint that fell or came back, and the
 * steps of a change.
 */
export function startSession(options: SessionOptions): SessionPort {
  const { clock, model } = options;
  const startedAt = clock.now();
  const listeners = new Set<() => void>();
  /** What remedies are held against: of this tick already while it is judged. */
  let newest = model.snapshot(startedAt);
  const pace = new FramePace(options.interval);
  let hurried = false;
  let isComplete = false;

  const observer = options.observe(
    o => {
      model.fold(o);
      // A sweep has hundreds of observations: once everything has answered, none is asked about again.
      isComplete ||= complete();
      if (!isComplete) hurry();
    },
    () => hurry(),
  );
  /** Whether every endpoint has answered once, or failed to. */
  const complete = (): boolean => observer.endpoints().every(e => e.status.is !== 'asking');
  const desk = new RemedyDesk(
    options.gate(() => newest),
    options.signal,
    () => publish(live.snapshot, live, live.at),
  );
  const hindsight = new Hindsight(model);
  const memory = new Memory(options.memory, () => publish(live.snapshot, live, live.at));

  const assemble = (snapshot: Snapshot, { findings, past, unjudged }: Diagnosis, at: number): View => ({
    site: { context: options.context, mode: options.mode },
    at,
    startedAt,
    snapshot,
    findings,
    past,
    unjudged,
    endpoints: observer.endpoints(),
    cost: observer.cost(),
    interval: options.interval,
    limits: options.limits,
    ...(pace.isStretched && { stretched: pace.interval }),
    remedy: desk.view(),
    changes: desk.changes(),
    earlier: desk.earlier(),
    memory: memory.view(),
  });
  // Judged too, as every tick is: a replay, which knows ticks alone, must show the same.
  let live: View = assemble(newest, options.judge(newest), startedAt);
  let view: View = live;

  function stopped(): boolean {
    return options.signal.aborted;
  }

  function publish(snapshot: Snapshot, diagnosis: Diagnosis, at: number): void {
    live = assemble(snapshot, diagnosis, at);
    hindsight.tick(live);
    show();
  }

  function show(): void {
    view = hindsight.shown(live);
    for (const listener of listeners) listener();
  }

  function tick(): void {
    const at = clock.now();
    const snapshot = model.snapshot(at);
    newest = snapshot;
    const diagnosis = options.judge(snapshot);
    desk.tick(snapshot, diagnosis.findings);
    publish(snapshot, diagnosis, at);
    memory.tick(at);
  }

  function hurry(): void {
    if (hurried) return;
    hurried = true;
    void clock.sleep(firstFrames, options.signal).then(() => {
      hurried = false;
      if (!stopped()) tick();
    });
  }

  void desk.lookBack();
  memory.tick(startedAt);
  void (async () => {
    for (;;) {
      await clock.sleep(pace.interval, options.signal);
      if (stopped()) return;
      const before = options.cpu?.();
      tick();
      if (options.cpu === undefined || before === undefined) continue;
      // What was published is drawn before anything that waits goes on.
      await clock.sleep(0, options.signal);
      pace.took(options.cpu() - before);
    }
  })();

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    view: () => view,
    live: () => live,
    intend(intent: Intent) {
      const refresh = (): void => observer.refresh();
      obey(intent, { live, at: clock.now(), hindsight, memory, desk, refresh, show });
    },
  };
}
