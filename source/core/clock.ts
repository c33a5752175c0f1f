/** Milliseconds since the Unix epoch. */
export type Millis = number;

/**
 * Whatever waits takes a Clock, so that tests and replay own time.
 * Only this file and `terminal/` may touch the system's clock and timers.
 */
export type Clock = {
  /** The present, in milliseconds since the Unix epoch. */
  now(): Millis;
  /** Resolves after `ms`, or at once when `signal` aborts; it never rejects. */
  sleep(ms: number, signal?: Waker): Promise<void>;
};

/** What of an AbortSignal a clock listens to. */
export type Waker = Pick<AbortSignal, 'aborted'> & {
  addEventListener(type: 'abort', heard: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', heard: () => void): void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(0, ms));
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** The next turn of the event loop, which takes no time: what was begun in this one, such as a request, is on its way then. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => void setImmediate(resolve));
}

/** CPU time that this process has used so far, on all its threads, ms. */
export function cpuUsed(): Millis {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** One reason for all: an abort without one makes a DOMException with its stack, several a request. */
const over = new Error('it is over');

/**
 * A controller that aborts with `parent` until it is released. Unlike `AbortSignal.any` it leaves nothing behind on a
 * parent that lives as long as the program (measured on Node 20: 100 bytes a call, 80 MB a day at ten questions a second).
 */
export function follow(parent: AbortSignal | undefined): {
  readonly signal: AbortSignal;
  abort(): void;
  release(): void;
} {
  const own = new AbortController();
  const abort = (): void => own.abort(over);
  if (parent?.aborted) abort();
  else parent?.addEventListener('abort', abort, { once: true });
  return { signal: own.signal, abort, release: () => parent?.removeEventListener('abort', abort) };
}

const rung = Symbol('rung');

/** Wakes the one sleeper that listens. An AbortController for each request, with its events, is a fortieth of what a sweep costs. */
class Alarm implements Waker {
  aborted = false;
  private heard: (() => void) | undefined;

  addEventListener(_: 'abort', heard: () => void): void {
    this.heard = heard;
  }

  removeEventListener(): void {
    this.heard = undefined;
  }

  readonly ring = (): void => {
    this.aborted = true;
    this.heard?.();
  };
}

/** Waits for `job` for at most `ms`, and no longer than until `parent` aborts; returns `late()` when it does not finish in time. */
export async function atMost<T>(
  clock: Clock,
  ms: number,
  job: Promise<T>,
  late: () => T,
  parent?: AbortSignal,
): Promise<T> {
  const alarm = new Alarm();
  const { ring } = alarm;
  if (parent?.aborted) ring();
  else parent?.addEventListener('abort', ring, { once: true });
  try {
    const first = await Promise.race([job, clock.sleep(ms, alarm).then((): typeof rung => rung)]);
    if (first !== rung) return first;
    job.catch(() => undefined);
    return late();
  } finally {
    ring();
    parent?.removeEventListener('abort', ring);
  }
}

/**
 * The same for work that can be told to stop: where it is late, the signal that it was given aborts, so that it can drop what it holds
 * open.
 */
export async function within<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  late: () => T,
  parent?: AbortSignal,
): Promise<T> {
  // Of one question one listener is on the parent, to which all of a sweep listen.
  const own = follow(parent);
  const dropped = (): T => {
    own.abort();
    return late();
  };
  try {
    return await atMost(clock, ms, work(own.signal), dropped, own.signal);
  } finally {
    own.release();
  }
}
