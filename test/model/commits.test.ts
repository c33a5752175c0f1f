import { describe, expect, it } from 'vitest';
import type { Observation } from '../../source/core/observation.js';
import { RemovalPace } from '../../source/model/removal-pace.js';
import { SiteModel } from '../../source/model/site-model.js';
import type { GroupView } from '../../source/model/snapshot.js';
import { column, description, site } from '../support/site-stream.js';

const minute = 60_000;

function committed(at: number, offsets: readonly number[]): Observation {
  const groups = [{ group: 'billing', answer: { ok: [column('orders', offsets)] } }];
  return { kind: 'committed', cluster: 'us', broker: 1, asked: at, answered: at, groups, failures: [] };
}

function offsets(at: number, which: 'log-end' | 'log-start', values: readonly number[]): Observation {
  const topics = [column('orders', values)];
  return { kind: 'offsets', cluster: 'us', broker: 1, which, asked: at, answered: at, topics, failures: [] };
}

function described(at: number, state = 'Stable'): Observation {
  const owner = {
    member: 'm',
    clientId: 'billing-1',
    host: '/10.0.0.1',
    assignment: [{ topic: 'orders', partitions: Int32Array.of(0) }],
  };
  const answer = { ok: description('billing', state === 'Empty' ? [] : [owner], state) };
  const groups = [{ group: 'billing', answer }];
  return { kind: 'described', cluster: 'us', broker: 1, asked: at, answered: at, groups };
}

function modelOf(...observations: readonly Observation[]): SiteModel {
  const model = new SiteModel(site);
  const listed = { group: 'billing', type: 'classic', protocolType: 'consumer', state: 'Stable' } as const;
  const common = { cluster: 'us', broker: 1, asked: 0, answered: 0 };
  model.fold({ kind: 'groups', ...common, answer: { ok: [listed] } });
  for (const o of [described(0), ...observations]) model.fold(o);
  return model;
}

function billing(model: SiteModel, at: number): GroupView {
  const [group] = model.snapshot(at).groups;
  if (group === undefined) throw new Error('no group');
  return group;
}

describe('commits that stand still', () => {
  const stuck = modelOf(
    committed(1, [100, 50]),
    offsets(2, 'log-end', [200, 50]),
    committed(10_000, [110, 50]),
    offsets(10_001, 'log-end', [900, 50]),
  );

  it('are stopped after five minutes, where something waits', () => {
    expect(billing(stuck, 10_000 + 5 * minute - 1).commits).not.toHaveProperty('stopped');
    expect(billing(stuck, 10_000 + 5 * minute).commits.stopped).toEqual({
      after: 5 * minute,
      partitions: 1,
      owned: 1,
      lag: 790,
      since: 10_000,
      bound: false,
      members: 1,
    });
  });

  it('that stood so when kmon first looked did so at least since then', () => {
    expect(billing(stuck, 10_001).partitions.map(p => p.unmoved)).toMatchObject([
      { value: { since: 10_000, bound: false } },
      { value: { since: 1, bound: true } },
    ]);
  });
});

describe('a rewind', () => {
  it('says how many records are read again, of which partition, and when they were passed', () => {
    const model = modelOf(committed(0, [500, 9]), committed(5_000, [420, 9]));
    const rewind = {
      kind: 'rewind',
      at: 5_000,
      partition: 0,
      from: 500,
      to: 420,
      records: 80,
      state: 'Stable',
    };
    expect(billing(model, 5_000).partitions.map(p => p.events)).toEqual([[rewind], []]);
    expect(billing(model, 5_000).commits.rewinds).toEqual({ count: 1, records: 80, open: 1, last: 5_000 });
    model.fold(committed(10_000, [499, 9]));
    expect(billing(model, 10_000).commits.rewinds).toMatchObject({ open: 1 });
    model.fold(committed(15_000, [510, 9]));
    expect(billing(model, 15_000).commits.rewinds).toEqual({ count: 1, records: 80, open: 0, last: 5_000 });
    expect(billing(model, 15_000).partitions[0]?.events).toEqual([{ ...rewind, recovered: 15_000 }]);
  });

  it('of a group without members is an operator’s, and says so', () => {
    const model = modelOf(committed(0, [500]), described(1, 'Empty'), committed(5_000, [0]));
    expect(billing(model, 5_000).partitions[0]?.events).toMatchObject([{ records: 500, state: 'Empty' }]);
  });
});

describe('a jump', () => {
  const steady = [
    committed(0, [0]),
    offsets(1, 'log-end', [50_000]),
    committed(10_000, [1_000]),
    offsets(10_001, 'log-end', [51_000]),
  ];

  it('to the end, faster than was ever read, skipped the records between', () => {
    const model = modelOf(...steady, committed(20_000, [51_200]));
    expect(billing(model, 20_000).commits.jumps).toEqual({
      count: 1,
      records: 49_200,
      open: 0,
      last: 20_000,
    });
  });

  it('is none where it goes on as it did, or falls short of the end', () => {
    expect(billing(modelOf(...steady, committed(20_000, [3_500])), 20_000).commits.jumps.count).toBe(0);
    expect(billing(modelOf(...steady, committed(20_000, [40_000])), 20_000).commits.jumps.count).toBe(0);
  });

  it('is none over what it had read before it was rewound', () => {
    const jumpsTo = (end: number): { readonly count: number; readonly records: number } => {
      const model = modelOf(
        committed(0, [40_000]),
        offsets(1, 'log-end', [end]),
        committed(10_000, [41_000]),
        offsets(10_001, 'log-end', [end]),
        committed(20_000, [2_000]),
        offsets(20_001, 'log-end', [end]),
        committed(30_000, [end]),
      );
      return billing(model, 30_000).commits.jumps;
    };
    expect(jumpsTo(41_500).count).toBe(0);
    expect(jumpsTo(190_000).count).toBe(1);
    expect(jumpsTo(190_000).records).toBeLessThanOrEqual(149_000);
  });

  it('is none of a group at the end that reads a burst as it comes: nothing lay there to be passed over', () => {
    const model = modelOf(
      committed(0, [0]),
      offsets(1, 'log-end', [1_000]),
      committed(10_000, [1_000]),
      offsets(10_001, 'log-end', [1_000]),
      offsets(12_001, 'log-end', [3_000]),
      committed(12_500, [3_000]),
    );
    expect(billing(model, 12_500).commits.jumps.count).toBe(0);
  });
});

describe('records that retention removed unread', () => {
  it('are counted once, with the time, as the log start goes on', () => {
    const model = modelOf(
      committed(0, [100]),
      offsets(1, 'log-end', [1_000]),
      offsets(2, 'log-start', [150]),
      committed(5_000, [100]),
      committed(10_000, [100]),
      offsets(60_000, 'log-start', [180]),
      committed(65_000, [100]),
    );
    const events = billing(model, 65_000).partitions[0]?.events;
    expect(events).toMatchObject([
      { kind: 'overrun', at: 5_000, from: 100, to: 150, records: 50 },
      { kind: 'overrun', at: 65_000, from: 150, to: 180, records: 30 },
    ]);
    for (const o of [committed(70_000, [180]), offsets(70_001, 'log-end', [1_000])]) model.fold(o);
    expect(billing(model, 70_000)).toMatchObject({
      lost: { value: 0 },
      commits: { overruns: { records: 80 } },
    });
  });

  it('are not told of a commit that was read before the log start and has moved on since', () => {
    const model = modelOf(committed(0, [100]), offsets(2, 'log-start', [150]), committed(5_000, [160]));
    expect(billing(model, 5_000).commits.overruns.count).toBe(0);
  });
});

describe('the time to loss', () => {
  const steps = [100, 700, 1_300, 1_900].map((start, i) => offsets(i * minute + 1, 'log-start', [start]));

  it('is what is left before the commit, at the pace at which retention gains on it', () => {
    const commits = [0, 1, 2, 3].map(i => committed(i * minute, [2_500]));
    const model = modelOf(...commits.flatMap((c, i) => [c, steps[i] ?? c]));
    const [partition] = billing(model, 3 * minute).partitions;
    expect(partition).toMatchObject({ start: { value: 1_900 }, removal: { value: 10 } });
    expect(partition?.timeToLoss).toMatchObject({ value: 60_000 });
    expect(billing(model, 3 * minute).timeToLoss).toMatchObject({ value: 60_000 });
  });

  it('is none where the group is as fast, and not known before the log start moved a few times', () => {
    const fast = [0, 1, 2, 3].map(i => committed(i * minute, [2_500 + i * 1_200]));
    const model = modelOf(...fast.flatMap((c, i) => [c, steps[i] ?? c]));
    expect(billing(model, 3 * minute).timeToLoss).toMatchObject({ unknown: { kind: 'unsupported' } });
    const early = modelOf(committed(0, [2_500]), ...steps.slice(0, 2), committed(minute, [2_500]));
    expect(billing(early, minute).timeToLoss).toMatchObject({ unknown: { kind: 'early' } });
  });
});

describe('the pace of removal', () => {
  it('is told from leaps, the first reading being none', () => {
    const pace = new RemovalPace();
    expect(pace.push(0, 0, 100, NaN)).toBeNaN();
    expect(pace.push(0, 60_000, 400, 100)).toBeNaN();
    expect(pace.push(0, 120_000, 1_000, 400)).toBeNaN();
    expect(pace.push(0, 180_000, 1_600, 1_000)).toBe(10);
  });

  it('slows down where the leaps stay away, and begins anew where the log does', () => {
    const pace = new RemovalPace();
    const starts = [0, 600, 1_200, 1_800];
    starts.forEach((start, i) => pace.push(0, i * minute, start, starts[i - 1] ?? NaN));
    expect(pace.push(0, 4 * minute, 1_800, 1_800)).toBe(10);
    expect(pace.push(0, 11 * minute, 1_800, 1_800)).toBe(2);
    expect(pace.push(0, 12 * minute, 0, 1_800)).toBeNaN();
  });
});
