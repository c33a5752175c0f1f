import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation, OffsetColumn } from '../../source/core/observation.js';
import { failure } from '../../source/core/failure.js';
import { isKnown } from '../../source/core/known.js';
import { SiteModel } from '../../source/model/site-model.js';
import { plain } from '../support/plain.js';
import { site } from '../support/site-stream.js';

const broken = failure('timeout', 'broker 1 (us-1:9092)');
const whole = failure('unauthorised', 'group billing');

/** Offsets of some of four partitions; undefined is a failed one. */
const cells = fc.dictionary(
  fc.constantFrom('0', '1', '2', '3'),
  fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
);

function columnOf(of: Readonly<Record<string, number | undefined>>): OffsetColumn {
  const rows = Object.entries(of);
  return {
    topic: 'orders',
    partition: Int32Array.from(rows, ([p]) => Number(p)),
    offset: Float64Array.from(rows, ([, offset]) => offset ?? NaN),
    failure: Uint8Array.from(rows, ([, offset]) => (offset === undefined ? 1 : 0)),
  };
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('committed'), cells }),
  fc.record({ kind: fc.constant('log-end'), cells }),
  fc.record({ kind: fc.constant('log-end'), cells }),
  fc.record({ kind: fc.constant('log-start'), cells }),
  fc.record({ kind: fc.constantFrom('refused', 'metadata'), cells: fc.constant({}) }),
);

/** What happens to one group, how long after the one before, and whether anyone looks then. */
const history = fc.array(
  fc.record({ step, after: fc.integer({ min: 0, max: 1_500 }), looks: fc.boolean() }),
  {
    maxLength: 40,
  },
);

function observation(
  {
    kind,
    cells: of,
  }: { readonly kind: string; readonly cells: Readonly<Record<string, number | undefined>> },
  at: number,
): Observation {
  const common = { cluster: 'us', broker: 1, asked: at, answered: at };
  const topics = [columnOf(of)];
  switch (kind) {
    case 'committed':
    case 'refused': {
      const answer = kind === 'refused' ? { failed: whole } : { ok: topics };
      return { kind: 'committed', ...common, groups: [{ group: 'billing', answer }], failures: [broken] };
    }
    case 'metadata':
      return metadata(at);
    default:
      return {
        kind: 'offsets',
        which: kind === 'log-start' ? 'log-start' : 'log-end',
        ...common,
        topics,
        failures: [broken],
      };
  }
}

function metadata(at: number): Observation {
  const four = new Float64Array(4).fill(1);
  const topics = [{ topic: 'orders', internal: false, leader: four, replicas: four, inSync: four }];
  const brokers = [{ id: 1, host: 'us-1', port: 9092 }];
  const answer = { ok: { clusterId: 'id-us', controller: 1, brokers, topics } };
  return { kind: 'cluster', cluster: 'us', asked: at, answered: at, answer };
}

function listing(at: number): Observation {
  const answer = {
    ok: [{ group: 'billing', type: 'classic' as const, protocolType: 'consumer', state: 'Stable' }],
  };
  return { kind: 'groups', cluster: 'us', broker: 1, asked: at, answered: at, answer };
}

describe('a group', () => {
  it('is the same whenever anyone looked at it', () => {
    fc.assert(
      fc.property(history, steps => {
        const [quiet, watched] = [new SiteModel(site), new SiteModel(site)];
        let at = 1_000;
        for (const model of [quiet, watched]) {
          model.fold(metadata(at));
          model.fold(listing(at));
        }
        for (const { step: next, after, looks } of steps) {
          at += after;
          const o = observation(next, at);
          quiet.fold(o);
          watched.fold(o);
          if (looks) watched.snapshot(at);
        }
        expect(plain(watched.snapshot(at))).toEqual(plain(quiet.snapshot(at)));
      }),
      { numRuns: 500 },
    );
  });

  it('never has a lag below 0, a negative rate, nor a lag of 0 where no partition’s is known', () => {
    fc.assert(
      fc.property(history, steps => {
        const model = new SiteModel(site);
        model.fold(metadata(1_000));
        model.fold(listing(1_000));
        let at = 1_000;
        for (const { step: next, after } of steps) {
          at += after;
          model.fold(observation(next, at));
          const [group] = model.snapshot(at).groups;
          if (group === undefined) throw new Error('no group');
          const rows = group.partitions.filter(p => 'value' in p.lag);
          for (const p of group.partitions)
            for (const fact of [p.lag, p.consume, p.arrival, p.lost])
              if ('value' in fact) expect(fact.value).toBeGreaterThanOrEqual(0);
          if ('value' in group.consume) expect(group.consume.value).toBeGreaterThanOrEqual(0);
          const read = group.partitions.some(p => String(p.partition) in next.cells);
          if (next.kind === 'log-end' && read && rows.length === 0)
            expect(group.lag).not.toHaveProperty('value');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has the same past, whenever anyone looked at it, and its newest moment is the present', () => {
    fc.assert(
      fc.property(long, steps => {
        const [quiet, watched] = [new SiteModel(site), new SiteModel(site)];
        const end = play(steps, at => watched.snapshot(at), quiet, watched);
        expect(plain(quiet.at(end))).toEqual(plain(quiet.snapshot(end)));
        for (const at of quiet.momentTimes()) expect(plain(watched.at(at))).toEqual(plain(quiet.at(at)));
        expect(watched.momentTimes()).toEqual(quiet.momentTimes());
      }),
      { numRuns: 60 },
    );
  });

  it('never shows in its past what was observed later', () => {
    fc.assert(
      fc.property(long, fc.integer({ min: 0, max: 600_000 }), (steps, until) => {
        const [whole, early] = [new SiteModel(site), new SiteModel(site)];
        const end = play(steps, () => undefined, whole);
        play(steps, () => undefined, {
          fold: o => {
            if (o.answered <= until) early.fold(o);
          },
        });
        const then = whole.at(until);
        for (const at of timesIn(plain(then))) expect(at).toBeLessThanOrEqual(until);
        // The last moment that is kept at `until` is one that could be seen then.
        const moment = whole
          .momentTimes()
          .filter(at => at <= until)
          .at(-1);
        if (moment === undefined || until >= end) return;
        const [was] = early.at(moment).groups;
        const [is] = then.groups;
        const [told, truth] = [is, was].map(g => [
          g?.lag,
          g?.state,
          g?.consume,
          g?.isYoung,
          g?.lagSlope,
          g?.drain,
        ]);
        expect(told).toEqual(truth);
      }),
      { numRuns: 60 },
    );
  });

  it('has all in its past that it has in the present, and so have its topic and its broker', () => {
    const model = new SiteModel(site);
    const committed = { kind: 'committed', cells: { 0: 5, 1: undefined } };
    const steps = Array.from({ length: 10 }, (_, i) => ({
      step: i % 2 === 0 ? committed : { kind: 'log-end', cells: { 0: 7, 1: 9 } },
      after: 20_000,
      looks: false,
    }));
    const now = model.snapshot(play(steps, () => undefined, model));
    expect(model.momentTimes().length).toBeGreaterThan(3);
    for (const at of model.momentTimes().slice(1)) {
      const then = model.at(at);
      expect(fieldsOf(then.groups[0])).toEqual(fieldsOf(now.groups[0]));
      expect(fieldsOf(then.groups[0]?.partitions[0])).toEqual(fieldsOf(now.groups[0]?.partitions[0]));
      expect(fieldsOf(then.groups[0]?.rebalances)).toEqual(fieldsOf(now.groups[0]?.rebalances));
      expect(fieldsOf(then.topics[0])).toEqual(fieldsOf(now.topics[0]));
      expect(fieldsOf(then.topics[0]?.partitions[0])).toEqual(fieldsOf(now.topics[0]?.partitions[0]));
      const [was, is] = [then, now].map(s => s.clusters.find(c => c.name === 'us')?.brokers);
      if (was === undefined || is === undefined || !isKnown(was) || !isKnown(is))
        throw new Error('no broker');
      expect(fieldsOf(was.value[0])).toEqual(fieldsOf(is.value[0]));
      expect(then.topics[0]).toMatchObject({
        partitionCount: 4,
        leaderless: 0,
        readers: { groups: ['us/billing'] },
      });
      expect(then.topics[0]?.arrival).toMatchObject({ unknown: { kind: 'absent' } });
      expect(was.value[0]).toMatchObject({ leaders: 4, bytes: { unknown: { kind: 'absent' } } });
    }
  });

  it('has no 0 in its past where nothing was known, and no number below 0', () => {
    fc.assert(
      fc.property(long, steps => {
        const model = new SiteModel(site);
        play(steps, () => undefined, model);
        for (const at of model.momentTimes()) {
          const [group] = model.at(at).groups;
          for (const p of group?.partitions ?? []) {
            if ('value' in p.lag) expect(p.lag.value).toBeGreaterThanOrEqual(0);
            for (const fact of [p.committed, p.end, p.consume, p.arrival])
              expect(fact).not.toHaveProperty('value');
          }
          if (group && 'value' in group.consume) expect(group.consume.value).toBeGreaterThanOrEqual(0);
          if (group?.partitions.every(p => !('value' in p.lag)) && group.lagSeries.length === 0)
            expect(group.lag).not.toHaveProperty('value');
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** What is there under each name, as far as its kind goes; a getter that threw would be seen. */
function fieldsOf(of: object | undefined): string[] {
  return Object.entries(plain(of ?? {}) ?? {})
    .flatMap(([key, value]) => (value === undefined ? [] : [key]))
    .sort();
}

/** As above, over minutes. */
const long = fc.array(fc.record({ step, after: fc.integer({ min: 0, max: 30_000 }), looks: fc.boolean() }), {
  maxLength: 40,
});

/** Folds it into each model; returns when it ended. */
function play(
  steps: readonly {
    readonly step: Parameters<typeof observation>[0];
    readonly after: number;
    readonly looks: boolean;
  }[],
  look: (at: number) => void,
  ...models: readonly Pick<SiteModel, 'fold'>[]
): number {
  let at = 1_000;
  for (const model of models) {
    model.fold(metadata(at));
    model.fold(listing(at));
  }
  for (const { step: next, after, looks } of steps) {
    at += after;
    const o = observation(next, at);
    for (const model of models) model.fold(o);
    if (looks) look(at);
  }
  return at;
}

/** Every time that a snapshot names: of facts, and of samples. */
function timesIn(value: unknown): number[] {
  if (Array.isArray(value)) {
    const [at, sample] = value as readonly unknown[];
    if (value.length === 2 && typeof at === 'number' && typeof sample === 'number') return [at];
    return value.flatMap(timesIn);
  }
  if (typeof value !== 'object' || value === null) return [];
  // Lags of two partitions look like a time with its value.
  const told = Object.entries(value).filter(([key]) => key !== 'partitionLags');
  return told.flatMap(([key, of]) =>
    (key === 'at' || key === 'since') && typeof of === 'number' ? [of] : timesIn(of),
  );
}
