import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock, Millis } from '../core/clock.js';
import type { SessionPort } from '../session/view.js';

/** The whole heap is collected when it has grown to so many times of what lived after the last time. */
const grown = 1.2;
/** After a tick: what was published is drawn, and has left the process. */
const afterTick: Millis = 400;
/** A key is pressed at least so long ago: one that repeats comes sooner. */
const afterKey: Millis = 400;

/** All that this process holds, as its garbage collector knows it. */
type Heap = {
  /** Bytes, with those outside of the heap that arrays stand for. */
  held(): number;
  /** Frees whatever is dead, at once. */
  collect(): void;
};

/**
 * Collects the whole heap between two ticks, while nobody waits for a frame. V8 by itself does so later, when something is being
 * made: most often between a key and its frame (docs/decisions/0015-the-heap-is-collected-between-ticks.md).
 */
export class QuietCollection {
  /** Held at the first tick after the last collection: another thread goes on freeing what lay outside for a while. */
  private lived: number | undefined;
  private waits = false;
  private keyAt: Millis = -Infinity;
  private readonly over = new AbortController();
  private readonly unsubscribe: () => void;

  constructor(
    session: Pick<SessionPort, 'subscribe' | 'live'>,
    private readonly clock: Clock,
    private readonly heap: Heap,
  ) {
    let { snapshot } = session.live();
    this.unsubscribe = session.subscribe(() => {
      const live = session.live();
      // Steps of a remedy publish the same snapshot again.
      if (live.snapshot !== snapshot) void this.ticked();
      ({ snapshot } = live);
    });
  }

  /** The user sees something else, by a key. */
  readonly keyed = (): void => {
    this.keyAt = this.clock.now();
  };

  stop(): void {
    this.unsubscribe();
    this.over.abort();
  }

  private async ticked(): Promise<void> {
    const held = this.heap.held();
    this.lived ??= held;
    if (this.waits || held < this.lived * grown) return;
    const { signal } = this.over;
    this.waits = true;
    await this.clock.sleep(afterTick, signal);
    this.waits = false;
    if (signal.aborted || this.clock.now() - this.keyAt < afterKey) return;
    this.heap.collect();
    this.lived = undefined;
  }
}

/** The heap of this process. Where V8 lends nobody its collector, nothing is collected sooner than V8 does. */
export function ownHeap(): Heap {
  // A context has it or not from its beginning: ours began without.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  return {
    held: () => {
      // V8's own count of what lies outside tells what the last collection freed only with the next.
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    },
    collect: () => {
      if (typeof collect === 'function') Reflect.apply(collect, undefined, []);
    },
  };
}
