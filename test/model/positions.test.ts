import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PartitionPosition } from '../../source/model/positions.js';

const flush = 60_000;

/** One partition in truth: what producers appended, what reached the target, what Connect flushed. */
class Truth {
  now = 1_000_000;
  end: number;
  reached: number;
  flushed: number;
  target: number;
  repeated = 0;

  constructor(start: number, target: number) {
    this.end = this.reached = this.flushed = start;
    this.target = target;
  }

  produce(n: number): void {
    this.end += n;
  }

  replicate(n: number): void {
    const written = Math.min(n, this.end - this.reached);
    this.reached += written;
    this.target += written;
  }

  flush(): void {
    this.flushed = this.reached;
  }

  restart(): void {
    this.repeated += this.reached - this.flushed;
    this.reached = this.flushed;
  }
}

type Action =
  | { readonly do: 'produce' | 'replicate'; readonly records: number }
  | { readonly do: 'flush' | 'drain' | 'restart' | 'hidden-restart' }
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
  hidden: fc.constant<Action>({ do: 'hidden-restart' }),
};
const visible = [act.produce, act.replicate, act.poll, act.quietPoll, act.flush, act.drain, act.restart];

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
  for (const action of actions) {
    truth.now += 1_000;
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
        position.observeT(truth.now + 10, truth.now + 20, truth.target, flush);
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

  it('contains the true number of records that restarts wrote twice', () => {
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
        .constantFrom('flush', 'flush', 'flush', 'drain', 'restart')
        .map(what => ({ what, kind: 'N' as const })),
      records.map(n => ({ what: 'move', kind: 'N' as const, n })),
      records.map(n => ({ what: 'move', kind: 'N' as const, n })),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 200, size: 'max' }), starts, (steps, start) => {
        const truth = new Truth(start.source, start.target);
        const position = new PartitionPosition();
        const open: { [K in 'N' | 'T' | 'S']?: { readonly asked: number; value?: number } | undefined } = {};
        const value = { N: () => truth.flushed - 1, T: () => truth.target, S: () => truth.end };
        const answer = (kind: 'N' | 'T' | 'S', asked: number, offset: number): void => {
          if (kind === 'N') position.observeN(asked, truth.now, offset);
          else if (kind === 'T') position.observeT(asked, truth.now, offset, flush);
          else position.observeS(asked, truth.now, offset);
        };
        for (const { what, kind, ...rest } of steps) {
          truth.now += 10;
          const question = open[kind];
          if (what === 'ask') open[kind] ??= { asked: truth.now };
          else if (what === 'read' && question) question.value ??= value[kind]();
          else if (what === 'answer' && question?.value !== undefined) {
            answer(kind, question.asked, question.value);
            open[kind] = undefined;
          } else if (what === 'flush') truth.flush();
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
          answer(kind, truth.now, value[kind]());
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
    expect(position.repeats).toEqual({ low: 500, high: 500 });
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
