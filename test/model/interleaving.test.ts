import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation, OffsetColumn } from '../../source/core/observation.js';
import { failure } from '../../source/core/failure.js';
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
});
