import { follow, type Clock, type Millis } from '../core/clock.js';
import type { EndpointStatus } from '../core/endpoint.js';
import type { Failure } from '../core/failure.js';

/** One pass over an endpoint: it emits what it sees and says what made it fail as a whole, if anything did. */
export type Pass = (beat: {
  readonly signal: AbortSignal;
  /** Says on the first frame what is being asked. */
  readonly asking: (what: string) => void;
}) => Promise<Failure | undefined>;

export type Beat = {
  readonly state: () => EndpointStatus;
  /** Ends the present wait: asks again now. */
  readonly poke: () => void;
};

const longestWait = 30_000;

/**
 * Runs `pass` again and again, never two at a time: `interval` ms from start to start while it succeeds, and with a
 * doubling wait up to 30 s while it fails, so that a dead endpoint costs nothing and delays nobody else.
 */
export function startBeat(options: {
  readonly interval: () => number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly pass: Pass;
  readonly changed: () => void;
}): Beat {
  const { clock, signal } = options;
  let state: EndpointStatus = { is: 'asking', what: 'connecting', since: clock.now() };
  let bell = follow(signal);

  const set = (next: EndpointStatus): void => {
    const news = next.is !== state.is || next.is === 'asking';
    state = next;
    if (news) options.changed();
  };

  const once = async (failures: number): Promise<number> => {
    const started = clock.now();
    const failed = await options.pass({
      signal,
      asking: what => {
        if (state.is === 'asking') set({ ...state, what });
      },
    });
    const now = clock.now();
    const failuresNow = failed === undefined ? 0 : failures + 1;
    const wait = Math.max(
      Math.min(
        options.interval() * 2 ** Math.max(0, failuresNow - 1),
        Math.max(longestWait, options.interval()),
      ) -
        (now - started),
      options.interval() / 2,
    );
    if (failed === undefined) set({ is: 'live', lastAnswer: now });
    else set(failing(state, failed, now, now + wait));
    bell = follow(signal);
    await clock.sleep(wait, bell.signal);
    bell.release();
    return failuresNow;
  };

  void (async () => {
    // The caller gets its handle before the first pass runs.
    await Promise.resolve();
    let failures = 0;
    while (!signal.aborted) failures = await once(failures);
  })();

  return { state: () => state, poke: () => bell.abort() };
}

function failing(before: EndpointStatus, failed: Failure, now: Millis, nextTry: Millis): EndpointStatus {
  const lastAnswer =
    before.is === 'live' ? before.lastAnswer : before.is === 'failing' ? before.lastAnswer : undefined;
  return {
    is: 'failing',
    failure: failed,
    since: before.is === 'failing' ? before.since : now,
    nextTry,
    ...(lastAnswer !== undefined && { lastAnswer }),
  };
}
