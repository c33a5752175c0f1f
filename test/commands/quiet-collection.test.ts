import { afterEach, describe, expect, it, vi } from 'vitest';
import { ownHeap, QuietCollection } from '../../source/commands/quiet-collection.js';
import type { SessionPort } from '../../source/session/view.js';
import { FakeClock } from '../support/fake-clock.js';
import { view } from '../support/views.js';

const clock = new FakeClock();
const listeners = new Set<() => void>();
let live = view();
const session: Pick<SessionPort, 'subscribe' | 'live'> = {
  live: () => live,
  subscribe: listener => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** 100 bytes live, and what was made since. */
class Counted {
  garbage = 0;
  collections = 0;

  held(): number {
    return 100 + this.garbage;
  }

  collect(): void {
    this.collections++;
    this.garbage = 0;
  }
}

function begun(): { readonly heap: Counted; readonly quiet: QuietCollection } {
  const heap = new Counted();
  const quiet = new QuietCollection(session, clock, heap);
  stops.push(() => quiet.stop());
  return { heap, quiet };
}

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A tick, or a step of a remedy, which has the snapshot of before. */
function publish(isTick = true): void {
  live = isTick ? { ...live, snapshot: { ...live.snapshot } } : { ...live };
  for (const listener of listeners) listener();
}

describe('collecting between ticks', () => {
  it('waits until it has grown by a fifth over what lives, and until the frame is drawn', async () => {
    const { heap } = begun();
    publish();
    heap.garbage = 15;
    publish();
    await clock.advance(2_000);
    expect(heap.collections).toBe(0);

    heap.garbage = 50;
    publish();
    await clock.advance(300);
    expect(heap.collections).toBe(0);
    await clock.advance(200);
    expect(heap.collections).toBe(1);
  });

  it('is done once for ticks that follow each other at once', async () => {
    const { heap } = begun();
    publish();
    heap.garbage = 50;
    publish();
    await clock.advance(200);
    publish();
    await clock.advance(2_000);
    expect(heap.collections).toBe(1);
  });

  it('leaves it to the next tick where keys are pressed', async () => {
    const { heap, quiet } = begun();
    publish();
    heap.garbage = 50;
    publish();
    await clock.advance(200);
    quiet.keyed();
    await clock.advance(1_800);
    expect(heap.collections).toBe(0);

    publish();
    await clock.advance(500);
    expect(heap.collections).toBe(1);
  });

  it('is not for what is published between ticks, nor after the end', async () => {
    const { heap, quiet } = begun();
    publish();
    heap.garbage = 50;
    publish(false);
    await clock.advance(2_000);
    publish();
    quiet.stop();
    await clock.advance(2_000);
    expect(heap.collections).toBe(0);
    expect(listeners.size).toBe(0);
    expect(clock.waiting).toBe(0);
  });
});

/** Apart: what a function made lives on where it made it. */
const made: Float64Array[] = [];
const make = (): void => void made.push(new Float64Array(4_000_000));

describe('the heap of this process', () => {
  it('is freed of what is dead, also outside of it', async () => {
    const heap = ownHeap();
    const before = heap.held();
    make();
    expect(heap.held() - before).toBeGreaterThan(32_000_000);
    made.length = 0;
    heap.collect();
    await vi.waitFor(() => {
      expect(heap.held() - before).toBeLessThan(8_000_000);
    });
  });
});
