import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PartitionPosition } from '../../source/model/positions.js';

const flush = 60_000;

/** The latest that a producer sends again what a dead leader did not acknowledge: a request's time-out, and some more. */
const retryWithin = 45_000;

/** One partition in truth: what producers appended, what reached the target, what Connect flushed. */
class Truth {
  now = 1_000_000;
  end: number;
  reached: number;
  flushed: number;
  target: number;
  repeated = 0;
  /** Leader epoch of the target's partition. */
  epoch = 0;
  /** The last records that reached the target, if nobody acknowledged them: until they are sent again nothing else is. */
  private unacknowledged = 0;
  private retryBy = Infinity;

  constructor(start: number, target: number) {
    this.end = this.reached = this.flushed = start;
    this.target = target;
  }

  produce(n: number): void {
    this.end += n;
  }

  replicate(n: number): void {
    if (this.unacknowledged > 0) return;
    const written = Math.min(n, this.end - this.reached);
    this.reached += written;
    this.target += written;
  }

  flush(): void {
    this.flushed = this.reached - this.unacknowledged;
  }

  restart(): void {
    this.repeated += this.reached - this.flushed;
    this.reached = this.flushed;
    this.unacknowledged = 0;
  }

  /** The leader dies when it has appended a batch of `n`, and before it says so; its follower has the batch and leads. */
  elect(n: number): void {
    const before = this.reached;
    if (this.unacknowledged === 0) this.replicate(n);
    else if (n % 2 === 0) this.append();
    this.unacknowledged += this.reached - before;
    this.epoch++;
    this.retryBy = this.now + retryWithin;
  }

  /** The producer sends the batch again, and hears of it. */
  retry(): void {
    this.append();
    this.unacknowledged = 0;
  }

  private append(): void {
    this.target += this.unacknowledged;
    this.repeated += this.unacknowledged;
  }

  pass(ms: number): void {
    this.now += ms;
    if (this.now >= this.retryBy) this.retry();
  }
}

type Action =
  | { readonly do: 'produce' | 'replicate' | 'elect'; readonly records: number }
  | { readonly do: 'flush' | 'drain' | 'restart' | 'hidden-restart' | 'retry' | 'pause' }
  | { readonly do: 'poll'; readonly between: readonly [number, number, number, number] };

const records = fc.nat({ max: 500 });
const act = {
  produce: records.map((n): Action => ({ do: 'produce', records: n })),
  replicate: records.map((n): Action => ({ do: 'replicate', records: n })),
  poll: fc.tuple(records, records, records, records).map((between): Action => ({ do: 'poll', between })),
  quietPoll: fc.constant<Action>({ do: 'poll', between: [0, 0, 0, 0] }),
  flush: fc.constant<Action>({ do: 'flush' }),
  drain: fc.constant<Action>({ do: 'drain' }),
  restart: fc.constant<Action>({ do: 'restart' }),
  elect: fc.nat({ max: 40 }).map((n): Action => ({ do: 'elect', records: n })),
  retry: fc.constant<Action>({ do: 'retry' }),
  pause: fc.constant<Action>({ do: 'pause' }),
  hidden: fc.constant<Action>({ do: 'hidden-restart' }),
};
const visible = [
  act.produce,
  act.replicate,
  act.poll,
  act.quietPoll,
  act.flush,
  act.drain,
  act.restart,
  act.elect,
  act.retry,
  act.pause,
];

/** Plays a history; `check` runs after every poll with what the reading of it says and what is true. */
function play(
  actions: readonly Action[],
  start: { readonly source: number; readonly target: number },
  check: (at: {
    readonly truth: Truth;
    readonly position: PartitionPosition;
    readonly lag: number;
    readonly sinceHidden: number;
  }) => void,
): void {
  const truth = new Truth(start.source, start.target);
  const position = new PartitionPosition();
  let hiddenAt = -Infinity;
  position.observeT(truth.now, truth.now, truth.target, flush, truth.epoch);
  for (const action of actions) {
    truth.pass(1_000);
    switch (action.do) {
      case 'produce':
        truth.produce(action.records);
        break;
      case 'replicate':
        truth.replicate(action.records);
        break;
      case 'drain':
        truth.replicate(Infinity);
        break;
      case 'flush':
        truth.flush();
        break;
      case 'elect':
        truth.elect(action.records);
        break;
      case 'retry':
        truth.retry();
        break;
      case 'pause':
        truth.pass(30_000);
        break;
      case 'restart':
        truth.restart();
        position.restarted(truth.now);
        break;
      case 'hidden-restart':
        if (truth.reached > truth.flushed) hiddenAt = truth.now;
        truth.restart();
        break;
      case 'poll': {
        const [a, b, c, d] = action.between;
        position.observeN(truth.now, truth.now + 10, truth.flushed - 1);
        truth.produce(a);
        truth.replicate(b);
        position.observeT(truth.now + 10, truth.now + 20, truth.target, flush, truth.epoch);
        const reachedAtTarget = truth.reached;
        truth.produce(c);
        truth.replicate(d);
        position.observeS(truth.now + 20, truth.now + 30, truth.end);
        truth.now += 30;
        check({ truth, position, lag: truth.end - reachedAtTarget, sinceHidden: truth.now - hiddenAt });
      }
    }
  }
}

const starts = fc.record({ source: fc.integer({ min: 1, max: 1_000 }), target: fc.nat({ max: 1_000 }) });
const histories = fc.array(fc.oneof(...visible), { minLength: 20, maxLength: 200, size: 'max' });

describe('the bounded position of a source partition', () => {
  it('contains the true lag at every poll, whatever happened', () => {
    fc.assert(
      fc.property(histories, starts, (actions, start) =>
        play(actions, start, ({ position, lag }) => {
          const bounds = position.bounds();
          expect(bounds).toBeDefined();
          expect(bounds?.low).toBeLessThanOrEqual(lag);
          expect(bounds?.high).toBeGreaterThanOrEqual(lag);
        }),
      ),
    );
  });

  it('knows the lag exactly once the flow was seen at rest, until the next restart', () => {
    let rested = 0;
    fc.assert(
      fc.property(histories, starts, (actions, start) =>
        play(actions, start, ({ position, lag }) => {
          const bounds = position.bounds();
          if (!bounds?.rested) return;
          rested++;
          expect(bounds.low).toBe(lag);
        }),
      ),
    );
    expect(rested).toBeGreaterThan(100);
  });

  it('contains the true number of records that restarts and elections wrote twice', () => {
    let counted = 0;
    fc.assert(
      fc.property(histories, starts, (actions, start) => {
        let repeatedBefore: number | undefined;
        play(actions, start, ({ truth, position }) => {
          repeatedBefore ??= truth.repeated;
          if (position.repeats === undefined) return;
          const repeated = truth.repeated - repeatedBefore;
          counted++;
          expect(position.repeats.low).toBeLessThanOrEqual(repeated);
          expect(position.repeats.high).toBeGreaterThanOrEqual(repeated);
        });
      }),
    );
    expect(counted).toBeGreaterThan(100);
  });

  it('finds the truth again within three flush intervals of a restart that nobody saw', () => {
    const hidden = fc.array(fc.oneof(...visible, act.hidden, act.quietPoll), {
      minLength: 200,
      maxLength: 500,
    });
    fc.assert(
      fc.property(hidden, starts, (actions, start) =>
        play(actions, start, ({ position, lag, sinceHidden }) => {
          const bounds = position.bounds();
          if (sinceHidden <= 4 * flush || bounds === undefined) return;
          expect(bounds.high).toBeGreaterThanOrEqual(lag);
        }),
      ),
      { numRuns: 50 },
    );
  });

  it('is not misled by answers that overtake each other, nor by one that was asked for before a restart', () => {
    const kinds = ['N', 'T', 'S'] as const;
    const step = fc.oneof(
      fc
        .constantFrom('ask', 'read', 'answer')
        .chain(what => fc.constantFrom(...kinds).map(kind => ({ what, kind }))),
      fc
        .constantFrom('flush', 'flush', 'flush', 'drain', 'restart', 'elect', 'retry')
        .map(what => ({ what, kind: 'N' as const })),
      records.map(n => ({ what: 'move', kind: 'N' as const, n })),
      records.map(n => ({ what: 'move', kind: 'N' as const, n })),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 200, size: 'max' }), starts, (steps, start) => {
        const truth = new Truth(start.source, start.target);
        const position = new PartitionPosition();
        position.observeT(truth.now, truth.now, truth.target, flush, truth.epoch);
        type Read = { readonly offset: number; readonly epoch: number };
        const open: { [K in 'N' | 'T' | 'S']?: { readonly asked: number; read?: Read } | undefined } = {};
        const value = { N: () => truth.flushed - 1, T: () => truth.target, S: () => truth.end };
        const read = (kind: 'N' | 'T' | 'S'): Read => ({ offset: value[kind](), epoch: truth.epoch });
        const answer = (kind: 'N' | 'T' | 'S', asked: number, { offset, epoch }: Read): void => {
          if (kind === 'N') position.observeN(asked, truth.now, offset);
          else if (kind === 'T') position.observeT(asked, truth.now, offset, flush, epoch);
          else position.observeS(asked, truth.now, offset);
        };
        for (const { what, kind, ...rest } of steps) {
          truth.now += 10;
          const question = open[kind];
          if (what === 'ask') open[kind] ??= { asked: truth.now };
          else if (what === 'read' && question) question.read ??= read(kind);
          else if (what === 'answer' && question?.read !== undefined) {
            answer(kind, question.asked, question.read);
            open[kind] = undefined;
          } else if (what === 'flush') truth.flush();
          else if (what === 'elect') truth.elect(20);
          else if (what === 'retry') truth.retry();
          else if (what === 'drain') truth.replicate(Infinity);
          else if (what === 'restart') {
            truth.restart();
            position.restarted(truth.now);
          } else if ('n' in rest) {
            truth.produce(rest.n);
            truth.replicate(rest.n >> 1);
          }
        }
        for (const kind of kinds) {
          truth.now += 10;
          answer(kind, truth.now, read(kind));
        }
        const bounds = position.bounds();
        const lag = truth.end - truth.reached;
        expect(bounds?.low).toBeLessThanOrEqual(lag);
        expect(bounds?.high).toBeGreaterThanOrEqual(lag);
        if (bounds?.rested) expect(bounds.low).toBe(lag);
      }),
      { numRuns: 300 },
    );
  });

  it('pairs the flushed position only with a target end that was asked for afterwards', () => {
    const position = new PartitionPosition();
    position.observeN(10, 50, 149);
    position.observeT(0, 60, 100, flush);
    position.observeS(70, 80, 200);
    position.observeT(90, 100, 200, flush);
    position.observeS(110, 120, 300);
    expect(position.bounds()?.high).toBeGreaterThanOrEqual(100);
  });

  it('takes no lower bound from a source end that was asked for before the target answered', () => {
    const position = new PartitionPosition();
    position.observeN(0, 0, 99);
    position.observeT(10, 50, 150, flush);
    position.observeS(0, 60, 100);
    position.observeT(70, 80, 200, flush);
    position.observeS(90, 95, 300);
    expect(position.bounds()?.low).toBeLessThanOrEqual(100);
  });

  it('takes no upper bound from a target end that was asked for before the restart was seen', () => {
    const position = new PartitionPosition();
    position.observeN(0, 0, 99);
    position.restarted(20);
    position.observeT(10, 30, 120, flush);
    position.observeT(40, 50, 150, flush);
    position.observeS(60, 70, 200);
    expect(position.bounds()?.high).toBeGreaterThanOrEqual(100);
  });

  it('does not take an answer that was overtaken for a fall', () => {
    const position = new PartitionPosition();
    position.observeN(0, 0, 99);
    position.observeT(0, 50, 100, flush);
    position.observeS(60, 70, 100);
    position.observeT(10, 80, 95, flush);
    expect(position.bounds()?.rested).toBe(true);
  });

  it('does not count as lag what was written long after the target was read', () => {
    const position = new PartitionPosition();
    position.observeN(0, 0, 99);
    position.observeT(0, 0, 100, flush);
    position.observeS(0, 0, 100);
    position.observeS(4_000, 4_010, 20_100);
    expect(position.bounds()).toMatchObject({ low: 0, high: 0 });
  });

  it('lets the upper end rise by what a producer may write again after an election, and by no more', () => {
    const position = new PartitionPosition();
    const at = (now: number, n: number, t: number, s: number, epoch: number): void => {
      position.observeN(now, now, n);
      position.observeT(now, now, t, flush, epoch);
      position.observeS(now, now, s);
    };
    at(0, 99, 100, 100, 4);
    at(5_000, 99, 110, 150, 4);
    at(10_000, 99, 120, 150, 4);
    expect(position.bounds()).toMatchObject({ low: 30, high: 30, rested: true });
    // The new leader has all 130, of which 10 were not acknowledged; then they come again, and no task restarted.
    at(15_000, 99, 130, 150, 5);
    expect(position.bounds()).toMatchObject({ low: 20, high: 40, rested: false });
    at(40_000, 99, 140, 150, 5);
    expect(position.bounds()).toMatchObject({ low: 10, high: 30 });
    expect(position.repeats).toEqual({ low: 0, high: 20, at: 15_000, causes: ['election'] });
    at(75_000, 149, 160, 150, 5);
    expect(position.bounds()).toMatchObject({ low: 0, high: 0, rested: true });
    expect(position.repeats).toEqual({ low: 10, high: 10, at: 15_000, causes: ['election'] });
  });

  it('stays exact through an election while nothing is written', () => {
    const position = new PartitionPosition();
    for (const [now, epoch] of [
      [0, 4],
      [5_000, 4],
      [10_000, 4],
      [15_000, 5],
    ] as const) {
      position.observeN(now, now, 99);
      position.observeT(now, now, 100, flush, epoch);
      position.observeS(now, now, 100);
    }
    expect(position.bounds()).toMatchObject({ low: 0, high: 0, rested: true });
  });

  it('opens the upper end where a producer was seen to send again without an election', () => {
    const position = new PartitionPosition();
    const at = (now: number, n: number, t: number, s: number): void => {
      position.observeN(now, now, n);
      position.observeT(now, now, t, flush, 4);
      position.observeS(now, now, s);
    };
    at(0, 99, 100, 100);
    position.mayHaveRepeated(1_000);
    at(5_000, 99, 140, 120);
    expect(position.bounds()).toMatchObject({ low: 0, high: 20, rested: false });
  });

  it('does not believe a broker that does not know yet that it leads no more', () => {
    const position = new PartitionPosition();
    position.observeN(0, 0, 99);
    position.observeT(0, 0, 100, flush, 4);
    position.observeS(0, 0, 100, 2);
    position.observeT(5_000, 5_000, 300, flush, 5);
    position.observeS(5_000, 5_000, 300, 3);
    // Both were stopped for a while, and answer what was true before.
    position.observeN(6_000, 6_000, 249);
    position.observeT(6_010, 6_010, 100, flush, 4);
    position.observeS(6_020, 6_020, 100, 2);
    expect(position.bounds()).toMatchObject({ method: 'bounded', low: 0 });
    position.observeT(7_000, 7_000, 340, flush, 5);
    position.observeS(7_010, 7_010, 360, 3);
    expect(position.bounds()).toMatchObject({ low: 20, high: 110 });
  });

  it('begins anew with a topic whose epochs do', () => {
    const position = new PartitionPosition();
    position.observeT(0, 0, 100, flush, 4);
    position.observeT(60_000, 60_000, 10, flush, 0);
    position.observeN(61_000, 61_000, 9);
    position.observeT(61_000, 61_000, 15, flush, 0);
    position.observeS(61_000, 61_000, 15);
    expect(position.bounds()).toMatchObject({ method: 'bounded', low: 0, high: 5 });
  });

  it('makes a pair of a target end with the source end that came next, not with a later one', () => {
    const position = new PartitionPosition();
    position.observeN(0, 0, 99);
    position.observeT(0, 0, 100, flush);
    position.observeS(5, 5, 100);
    position.observeT(2_000, 2_000, 150, flush);
    position.observeS(2_005, 2_005, 160);
    position.observeS(2_400, 2_400, 180);
    expect(position.bounds()).toMatchObject({ low: 10, high: 10 });
    expect(position.difference).toMatchObject({ records: 10, at: 2_005 });
  });

  it('takes what arrived between two ends that were read far apart for no lag that is sure', () => {
    const position = new PartitionPosition();
    position.observeN(0, 0, 99);
    position.observeT(0, 0, 100, flush);
    position.observeS(5, 5, 100);
    position.targetLost();
    position.observeS(7_000, 7_000, 400);
    position.observeT(8_000, 8_000, 430, flush);
    position.observeS(8_700, 8_700, 480);
    expect(position.bounds()).toMatchObject({ method: 'bounded', low: 0, high: 50, rested: false });
    position.observeT(9_000, 9_000, 480, flush);
    position.observeS(9_005, 9_005, 500);
    expect(position.bounds()).toMatchObject({ low: 20, high: 20, rested: true });
  });

  it('keeps the lower end and opens the upper one when tasks restarted', () => {
    const position = new PartitionPosition();
    const at = (now: number, n: number, t: number, s: number): void => {
      position.observeN(now, now, n);
      position.observeT(now, now, t, flush);
      position.observeS(now, now, s);
    };
    at(0, 99, 100, 100);
    at(5_000, 99, 600, 600);
    expect(position.bounds()).toMatchObject({ low: 0, rested: true });
    position.restarted(6_000);
    expect(position.bounds()).toEqual({ low: 0, high: 500, method: 'bounded', rested: false });
    at(11_000, 99, 1_100, 700);
    expect(position.bounds()).toMatchObject({ low: 0, high: 600 });
    at(70_000, 699, 1_200, 700);
    expect(position.bounds()).toMatchObject({ low: 0, high: 0, rested: true });
    expect(position.repeats).toEqual({ low: 500, high: 500, at: 6_000, causes: ['restart'] });
  });

  it.each([
    ['source', [99, 100, 40]],
    ['target', [99, 40, 120]],
    ['flushed position', [39, 110, 120]],
  ] as const)('begins anew when the %s goes back', (_, [n, t, s]) => {
    const position = new PartitionPosition();
    position.observeN(0, 0, 99);
    position.observeT(0, 0, 100, flush);
    position.observeS(0, 0, 100);
    position.observeN(5_000, 5_000, n);
    position.observeT(5_000, 5_000, t, flush);
    position.observeS(5_000, 5_000, s);
    expect(position.bounds()?.rested ?? false).toBe(false);
    expect(position.repeats).toBeUndefined();
  });

  it('falls back to the flushed position where the target gets records from elsewhere', () => {
    const position = new PartitionPosition();
    for (let i = 0; i < 6; i++) {
      const now = i * 5_000;
      position.observeN(now, now, 999);
      position.observeT(now, now, 1_000 + 50 * i, flush);
      position.observeS(now, now, 1_000);
    }
    expect(position.bounds()).toEqual({ low: 0, high: 0, method: 'flushed', rested: false });
  });

  it('uses the flushed position alone where records are not copied one for one', () => {
    const position = new PartitionPosition('other');
    position.observeN(0, 0, 99);
    position.observeT(0, 0, 5_000, flush);
    position.observeS(0, 0, 250);
    expect(position.bounds()).toEqual({ low: 0, high: 150, method: 'flushed', rested: false });
  });

  it('believes an unknown transform after two flushes without contradiction', () => {
    const position = new PartitionPosition('unproven');
    const methods = [99, 299, 499].map((n, i) => {
      const now = i * 60_000;
      position.observeN(now, now, n);
      position.observeT(now, now, n + 1, flush);
      position.observeS(now, now, n + 1);
      return position.bounds()?.method;
    });
    expect(methods).toEqual(['flushed', 'flushed', 'bounded']);
  });

  it('does not believe one that drops records', () => {
    const position = new PartitionPosition('unproven');
    for (const [i, n] of [99, 299, 499, 699].entries()) {
      const now = i * 60_000;
      position.observeN(now, now, n);
      position.observeT(now, now, (n + 1) * 0.9, flush);
      position.observeS(now, now, n + 1);
    }
    expect(position.bounds()).toMatchObject({ method: 'flushed', high: 0 });
  });

  it('is bounded by the log start while nothing was flushed, and unknown without it', () => {
    const position = new PartitionPosition();
    position.observeS(0, 0, 250);
    expect(position.bounds()).toBeUndefined();
    position.observeStart(100);
    expect(position.bounds()).toMatchObject({ low: 0, high: 150 });
  });

  it('falls back to the flushed position while the target does not answer', () => {
    const position = new PartitionPosition();
    position.observeN(0, 0, 99);
    position.observeT(0, 0, 100, flush);
    position.observeS(0, 0, 120);
    position.targetLost();
    position.observeS(5_000, 5_000, 400);
    expect(position.bounds()).toMatchObject({ method: 'flushed', low: 0, high: 300 });
  });
});
