import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { isKnown, valueOf } from '../../source/core/known.js';
import type {
  CommittedSeen,
  GroupsDescribed,
  GroupsListed,
  GroupType,
  MemberSeen,
  Observation,
  OffsetsSeen,
  PluginsSeen,
  ShareOffsetsSeen,
} from '../../source/core/observation.js';
import { SiteModel } from '../../source/model/site-model.js';
import type { FlowView, GroupView, Snapshot } from '../../source/model/snapshot.js';
import { plain } from '../support/plain.js';
import { column, description, site, SiteStream, SiteTruth } from '../support/site-stream.js';

const dead = failure('timeout', 'broker 2 (us-2:9092)');

function modelOf(observations: Iterable<Observation>): SiteModel {
  const model = new SiteModel(site);
  for (const o of observations) model.fold(o);
  return model;
}

function metadata(at: number, topics: readonly string[], brokers = [1, 2], topicId?: string): Observation {
  return {
    kind: 'cluster',
    cluster: 'us',
    asked: at,
    answered: at,
    answer: {
      ok: {
        clusterId: 'id-us',
        controller: 1,
        brokers: brokers.map(id => ({ id, host: `us-${id}`, port: 9092 })),
        topics: topics.map(topic => ({
          topic,
          ...(topicId !== undefined && { topicId }),
          internal: false,
          leader: Float64Array.from([1, -1, NaN]),
          replicas: Float64Array.from([3, 3, NaN]),
          inSync: Float64Array.from([3, 2, NaN]),
        })),
      },
    },
  };
}

function listed(
  at: number,
  broker: number,
  groups: readonly string[],
  type: GroupType = 'classic',
): GroupsListed {
  const answer = { ok: groups.map(group => ({ group, type, protocolType: 'consumer', state: 'Stable' })) };
  return { kind: 'groups', cluster: 'us', broker, asked: at, answered: at, answer };
}

function committed(at: number, group: string, offsets: readonly (number | undefined)[]): CommittedSeen {
  const answer = { ok: [column('orders', offsets)] };
  const groups = [{ group, answer }];
  return { kind: 'committed', cluster: 'us', broker: 1, asked: at, answered: at, groups, failures: [dead] };
}

/** Starts of share partitions, and how many records are not done with there. */
function counted(at: number, starts: readonly number[], lag: readonly number[]): ShareOffsetsSeen {
  const answer = { ok: [{ ...column('orders', starts), lag: Float64Array.from(lag) }] };
  return { ...committed(at, 'audit', []), kind: 'share-offsets', groups: [{ group: 'audit', answer }] };
}

function ends(at: number, offsets: readonly (number | undefined)[], asked = at): OffsetsSeen {
  const topics = [column('orders', offsets)];
  return {
    kind: 'offsets',
    cluster: 'us',
    broker: 1,
    which: 'log-end',
    asked,
    answered: at,
    topics,
    failures: [dead],
  };
}

function described(
  at: number,
  group: string,
  members: readonly MemberSeen[],
  protocolType = 'consumer',
): GroupsDescribed {
  const answer = { ok: { ...description(group, members), protocolType } };
  return {
    kind: 'described',
    cluster: 'us',
    broker: 1,
    asked: at,
    answered: at,
    groups: [{ group, answer }],
  };
}

function group(snapshot: Snapshot): GroupView {
  const first = snapshot.groups[0];
  if (first === undefined) throw new Error('no group');
  return first;
}

describe('the lag of a group', () => {
  const start = [metadata(0, ['orders']), listed(0, 1, ['billing'])];

  it('is end − committed, summed over its partitions', () => {
    const model = modelOf([...start, committed(1, 'billing', [90, 40]), ends(2, [100, 45])]);
    expect(group(model.snapshot(3))).toMatchObject({ lag: { value: 15, at: 2 }, unknownPartitions: 0 });
  });

  it('waits for an end that was asked after the commit was answered', () => {
    const model = modelOf([...start, committed(10, 'billing', [90]), ends(12, [100], 9)]);
    expect(group(model.snapshot(13)).lag).toMatchObject({
      unknown: { kind: 'early', detail: 'its log ends were not read yet' },
    });
  });

  it('is none, and not unknown, of a group that commits nothing', () => {
    const model = modelOf([...start, committed(1, 'billing', [])]);
    expect(group(model.snapshot(2)).lag).toMatchObject({
      unknown: { kind: 'absent', detail: 'no committed offsets' },
    });
  });

  it('is not known of a group whose commits could not be read once, which is not a group without any', () => {
    const refused = failure('unauthorised', 'OffsetFetch of group billing', 'GROUP_AUTHORIZATION_FAILED');
    const unread: CommittedSeen = {
      ...committed(1, 'billing', []),
      groups: [{ group: 'billing', answer: { failed: refused } }],
    };
    expect(group(modelOf([...start, unread]).snapshot(2)).lag).toMatchObject({ unknown: refused });
    const since = modelOf([...start, committed(1, 'billing', []), { ...unread, asked: 5, answered: 5 }]);
    expect(group(since.snapshot(6)).lag).toMatchObject({ unknown: refused });
    since.fold(committed(9, 'billing', []));
    expect(group(since.snapshot(10)).lag).toMatchObject({ unknown: { detail: 'no committed offsets' } });
  });

  it('is 0 where the commit overtook the end', () => {
    const model = modelOf([...start, committed(1, 'billing', [101]), ends(2, [100])]);
    expect(group(model.snapshot(3)).lag).toMatchObject({ value: 0 });
  });

  it('counts a partition whose end is unknown as unknown, not as 0', () => {
    const model = modelOf([
      ...start,
      committed(1, 'billing', [90, 40]),
      ends(2, [100, 45]),
      committed(6, 'billing', [95, 42]),
      ends(7, [110, undefined]),
    ]);
    const view = group(model.snapshot(8));
    expect(view).toMatchObject({ lag: { value: 15 }, unknownPartitions: 1 });
    expect(view.partitions[1]?.lag).toEqual({ unknown: dead, since: 7, last: { value: 5, at: 2 } });
    expect(view.lagSeries.at(8)).toBeNaN();
  });

  it('turns unknown, with what it was, when its coordinator does not answer', () => {
    const down: GroupsListed = { ...listed(9, 1, []), answer: { failed: dead } };
    const model = modelOf([...start, committed(1, 'billing', [90]), ends(2, [100]), down]);
    const view = group(model.snapshot(10));
    expect(view.lag).toEqual({ unknown: dead, since: 9, last: { value: 10, at: 2 } });
    expect(view.state).toMatchObject({ unknown: dead, last: { value: 'Stable' } });
    expect(view.unknownPartitions).toBe(1);
  });

  it('forgets a partition whose commit expired', () => {
    const model = modelOf([
      ...start,
      committed(1, 'billing', [90, 40]),
      ends(2, [100, 45]),
      { ...committed(5, 'billing', [90]) },
      ends(6, [100, 45]),
    ]);
    expect(group(model.snapshot(7))).toMatchObject({ lag: { value: 10 }, unknownPartitions: 0 });
    expect(group(model.snapshot(7)).partitions).toHaveLength(1);
  });

  it('is unsupported for a share group, in a sentence', () => {
    const model = modelOf([metadata(0, ['orders']), listed(0, 1, ['audit'], 'share')]);
    expect(group(model.snapshot(1)).lag).toMatchObject({
      unknown: { kind: 'unsupported', detail: expect.stringContaining('share group') as string },
    });
  });

  it('of a share group is the distance from its start offsets to the end, from above', () => {
    const model = modelOf([
      metadata(0, ['orders']),
      listed(0, 1, ['audit'], 'share'),
      { ...committed(1, 'audit', []) },
      { ...committed(1, 'audit', [90]), kind: 'share-offsets' },
      ends(2, [100]),
    ]);
    expect(group(model.snapshot(3))).toMatchObject({ lag: { value: 10 }, lagMethod: 'share-start' });
  });

  it('of a share group is what its coordinator counts, where it does: some records are acknowledged behind the first that is not', () => {
    const model = modelOf([
      metadata(0, ['orders'], [1, 2]),
      listed(0, 1, ['audit'], 'share'),
      counted(1, [90, 40], [3, 0]),
      ends(2, [100, 45]),
    ]);
    expect(group(model.snapshot(3))).toMatchObject({ lag: { value: 3 }, lagMethod: 'share-count' });
    for (const o of [counted(4, [90, 40], [3, NaN]), ends(5, [100, 45])]) model.fold(o);
    expect(group(model.snapshot(6))).toMatchObject({ lag: { value: 8 }, lagMethod: 'share-start' });
  });

  it('begins anew with a topic that was deleted and made again: no rewind, no lag of the old one', () => {
    const model = modelOf([
      metadata(0, ['orders'], [1, 2], 'first'),
      listed(0, 1, ['billing']),
      committed(1, 'billing', [3_000_000]),
      ends(2, [3_000_100]),
      metadata(5, ['orders'], [1, 2], 'second'),
    ]);
    expect(group(model.snapshot(5)).partitions).toEqual([]);
    for (const o of [committed(6, 'billing', [2]), ends(7, [5])]) model.fold(o);
    expect(group(model.snapshot(8)).partitions).toMatchObject([{ lag: { value: 3 }, rewinds: [] }]);
  });

  it('says how many records retention removed before they were read, and not 0 while no log start is known', () => {
    const model = modelOf([...start, committed(1, 'billing', [90, 40]), ends(2, [100, 45])]);
    expect(group(model.snapshot(3)).lost).toHaveProperty('unknown');
    for (const o of [{ ...ends(4, [95, 10]), which: 'log-start' as const }, ends(5, [100, 45])])
      model.fold(o);
    const view = group(model.snapshot(6));
    expect(view.lost).toMatchObject({ value: 5 });
    expect(view.partitions.map(p => p.lost)).toMatchObject([{ value: 5 }, { value: 0 }]);
  });

  it('is told in time too: a bound where the first unread record is older than what was seen', () => {
    const model = modelOf([...start, committed(1, 'billing', [90]), ends(2, [100])]);
    expect(group(model.snapshot(2)).timeLag).toHaveProperty('unknown');
    for (const o of [committed(10_001, 'billing', [95]), ends(10_002, [200])]) model.fold(o);
    expect(group(model.snapshot(10_003)).timeLag).toMatchObject({ value: { ms: 10_000, bound: true } });
    for (const o of [committed(20_001, 'billing', [150]), ends(20_002, [200])]) model.fold(o);
    expect(group(model.snapshot(20_003)).timeLag).toMatchObject({ value: { ms: 15_000, bound: false } });
  });

  it('notes when a commit went back, and counts no negative consumption', () => {
    const model = modelOf([
      ...start,
      committed(0, 'billing', [90]),
      committed(5_000, 'billing', [30]),
      committed(10_000, 'billing', [40]),
      ends(10_001, [100]),
    ]);
    const view = group(model.snapshot(10_002));
    expect(view.partitions[0]?.rewinds).toEqual([5_000]);
    expect(view.consume).toMatchObject({ value: 1 });
  });

  it('says how fast it grows and that it does not drain', () => {
    const polls = Array.from({ length: 6 }, (_, i) => [
      committed(i * 5_000, 'billing', [1_000 + 500 * i]),
      ends(i * 5_000 + 10, [1_000 + 1_500 * i]),
    ]).flat();
    const view = group(modelOf([...start, ...polls]).snapshot(26_000));
    expect(view.lagSlope).toMatchObject({ value: expect.closeTo(200, 6) as number });
    expect(view.consume).toMatchObject({ value: expect.closeTo(100, 6) as number });
    expect(view.drain).toMatchObject({ unknown: { kind: 'unsupported' } });
  });

  it('stays what it was in a snapshot that was taken before, even where rows are looked at only later', () => {
    const model = modelOf([...start, committed(1, 'billing', [90, 40]), ends(2, [100, 45])]);
    const before = group(model.snapshot(3));
    for (const o of [committed(6, 'billing', [95]), ends(7, [125])]) model.fold(o);
    expect(before.partitions.map(p => [p.committed, p.end, p.lag])).toMatchObject([
      [{ value: 90 }, { value: 100 }, { value: 10, at: 2 }],
      [{ value: 40 }, { value: 45 }, { value: 5, at: 2 }],
    ]);
    expect(group(model.snapshot(8)).partitions).toMatchObject([
      { committed: { value: 95 }, lag: { value: 30 } },
    ]);
  });

  it('is told by member and owner', () => {
    const member: MemberSeen = {
      member: 'm-1',
      clientId: 'app',
      host: '/10.0.0.7',
      assignment: [{ topic: 'orders', partitions: Int32Array.from([0]) }],
    };
    const model = modelOf([
      ...start,
      described(1, 'billing', [member]),
      committed(1, 'billing', [90, 40]),
      ends(2, [100, 45]),
    ]);
    const view = group(model.snapshot(3));
    expect(view.members).toMatchObject({ value: [{ clientId: 'app', partitions: 1, lag: { value: 10 } }] });
    expect(view.partitions.map(p => p.owner)).toEqual(['app@10.0.0.7', undefined]);
  });

  it('is summed by member, unless that of one of its partitions is not known', () => {
    const member = (clientId: string, topic: string, partitions: readonly number[]): MemberSeen => ({
      member: `${clientId}-4f2c`,
      clientId,
      host: '/10.0.0.7',
      assignment: [{ topic, partitions: Int32Array.from(partitions) }],
    });
    const members = [
      member('both', 'orders', [0, 1]),
      member('one', 'orders', [1, 7]),
      member('none', 'audit', [0]),
    ];
    const model = modelOf([...start, described(1, 'billing', members), committed(1, 'billing', [90, 40])]);
    const lags = (at: number): unknown[] =>
      valueOf(group(model.snapshot(at)).members)?.map(({ lag }) =>
        isKnown(lag) ? lag.value : lag.unknown.kind,
      ) ?? [];

    model.fold(ends(2, [100, undefined]));
    expect(lags(3)).toEqual(['timeout', 'timeout', 'absent']);
    model.fold(ends(4, [100, 45]));
    expect(lags(5)).toEqual([15, 5, 'absent']);
  });
});

describe('a group that is deleted', () => {
  const start = [metadata(0, ['orders']), listed(0, 1, ['billing']), listed(0, 2, [])];

  it('goes when its coordinator and all other brokers list it no more', () => {
    const model = modelOf([...start, listed(5, 1, [])]);
    expect(model.snapshot(6).groups).toHaveLength(1);
    model.fold(listed(5, 2, []));
    expect(model.snapshot(6).groups).toEqual([]);
  });

  it('is kept, with its history, when another broker coordinates it now', () => {
    const model = modelOf([
      ...start,
      committed(1, 'billing', [90]),
      ends(2, [100]),
      listed(5, 1, []),
      listed(6, 2, ['billing']),
    ]);
    expect(group(model.snapshot(7))).toMatchObject({ coordinator: 2, lag: { value: 10 } });
  });

  it('stays while a broker that may have it does not answer', () => {
    const down: GroupsListed = { ...listed(6, 2, []), answer: { failed: dead } };
    const model = modelOf([...start, listed(5, 1, []), down, listed(10, 1, [])]);
    expect(model.snapshot(11).groups).toHaveLength(1);
  });

  it('loses the partitions of a deleted topic', () => {
    const model = modelOf([...start, committed(1, 'billing', [90]), ends(2, [100]), metadata(9, ['other'])]);
    expect(group(model.snapshot(10)).partitions).toEqual([]);
  });
});

describe('a cluster', () => {
  it('counts leaderless and under-replicated partitions, and those that are not known apart', () => {
    const { clusters } = modelOf([metadata(0, ['orders', 'other'])]).snapshot(1);
    expect(clusters[1]?.partitions).toMatchObject({
      value: { total: 6, leaderless: 2, underReplicated: 2, unknown: 2 },
    });
  });

  it('keeps what it knew, marked, when metadata cannot be read', () => {
    const failed: Observation = {
      kind: 'cluster',
      cluster: 'us',
      asked: 5,
      answered: 6,
      answer: { failed: dead },
    };
    const { clusters } = modelOf([metadata(0, ['orders']), failed]).snapshot(7);
    expect(clusters[1]?.brokers).toMatchObject({
      unknown: dead,
      since: 6,
      last: { value: [{ id: 1 }, { id: 2 }] },
    });
  });

  it('says which broker does not answer, and that groups may be missing', () => {
    const down: GroupsListed = { ...listed(5, 2, []), answer: { failed: dead } };
    const { clusters } = modelOf([metadata(0, ['orders']), listed(4, 1, ['billing']), down]).snapshot(7);
    expect(clusters[1]?.brokers).toMatchObject({
      value: [{ answers: { value: true } }, { answers: { unknown: dead } }],
    });
    expect(clusters[1]?.groupListing).toMatchObject({ unknown: { kind: 'partial' }, last: { value: 1 } });
  });

  it('suspects a user who may see nothing, where everything is empty without an error', () => {
    const model = modelOf([metadata(0, []), listed(1, 1, []), listed(1, 2, [])]);
    expect(model.snapshot(2).clusters[1]?.blind).toMatchObject({ kind: 'unauthorised' });
    model.fold(listed(2, 1, ['billing']));
    expect(model.snapshot(3).clusters[1]?.blind).toBeUndefined();
  });

  it('suspects nobody while a broker could not be asked', () => {
    const down: GroupsListed = { ...listed(1, 2, []), answer: { failed: dead } };
    const model = modelOf([metadata(0, []), listed(1, 1, []), down]);
    expect(model.snapshot(2).clusters[1]?.blind).toBeUndefined();
  });

  it('is unknown, not empty, before anything was asked', () => {
    const { clusters, groups, flows } = new SiteModel(site).snapshot(0);
    expect(clusters[0]).toMatchObject({
      brokers: { unknown: {} },
      partitions: { unknown: {} },
      groupListing: { unknown: {} },
    });
    expect([groups, flows]).toEqual([[], []]);
  });
});

describe('a flow', () => {
  const flowOf = (model: SiteModel, at: number) => {
    const flow = model.snapshot(at).flows[0];
    if (flow === undefined) throw new Error('no flow');
    return flow;
  };

  it('is found from its connector, with its ends, rates and lag', () => {
    const truth = new SiteTruth();
    const model = modelOf(new SiteStream(truth).run(130_000));
    expect(flowOf(model, truth.now)).toMatchObject({
      id: 'us/mm2-source',
      kind: 'mirror-source',
      source: { alias: 'eu', cluster: 'eu' },
      target: { alias: 'us', cluster: 'us' },
      arrival: { now: { value: expect.closeTo(5_000, -1) as number }, method: 'end-offsets' },
      write: { now: { value: expect.closeTo(5_000, -1) as number }, method: 'metrics' },
      lagSlope: { value: expect.closeTo(0, -1) as number },
      flushInterval: { seconds: 60 },
    });
  });

  it('asks for the positions of every mirror, and for the ends of its topics on both sides', () => {
    const truth = new SiteTruth();
    const model = modelOf(new SiteStream(truth).run(5_000));
    expect(model.interests()).toEqual([
      {
        connect: 'us',
        connector: 'mm2-source',
        source: { cluster: 'eu', topics: ['orders'] },
        target: { cluster: 'us', topics: ['eu.orders'] },
      },
    ]);
  });

  it('has an unknown lag, not 0, where no credentials for the source were given', () => {
    const truth = new SiteTruth();
    const model = new SiteModel({ ...site, clusters: [site.clusters[1]] });
    for (const o of new SiteStream(truth).run(30_000)) model.fold(o);
    const flow = flowOf(model, truth.now);
    expect(flow.source).toEqual({ alias: 'eu' });
    expect(flow.lag).toHaveProperty('unknown');
    expect(flow.arrival.now).toHaveProperty('unknown');
  });

  it('tells over how long its rates are means: what Prometheus was asked for, or its own half-minute', () => {
    const truth = new SiteTruth();
    const stream = new SiteStream(truth);
    const model = modelOf(stream.run(30_000));
    const seen = stream.metricsSeen();
    if (seen.kind !== 'metrics' || !('ok' in seen.answer)) throw new Error('no metrics');
    model.fold({ ...seen, answer: { ok: { ...seen.answer.ok, rateWindow: 90 } } });
    const { poll, write, arrival } = flowOf(model, truth.now);
    expect([poll.over, write.over, arrival.over]).toEqual([90_000, 90_000, 30_000]);
    const at = truth.now;
    const failed = failure('refused', 'Prometheus');
    model.fold({ kind: 'metrics', source: 'prometheus', asked: at, answered: at, answer: { failed } });
    expect(flowOf(model, at).write).toMatchObject({ method: 'end-offsets', over: 30_000 });
  });

  it('falls back to the growth of end offsets for writes when metrics stop, and poll is unknown with its last value', () => {
    const truth = new SiteTruth();
    const stream = new SiteStream(truth);
    const model = modelOf(stream.run(30_000));
    const failed = failure('refused', 'Prometheus');
    const at = truth.now;
    model.fold({ kind: 'metrics', source: 'prometheus', asked: at, answered: at, answer: { failed } });
    const flow = flowOf(model, at);
    expect(flow.write.method).toBe('end-offsets');
    expect(flow.poll.now).toMatchObject({
      unknown: failed,
      since: at,
      last: { value: expect.closeTo(5_000, -1) as number },
    });
    expect(flow.inFlight).toMatchObject({ unknown: failed });
    expect(flow.tasks[0]?.throttle).toMatchObject({ unknown: failed, last: { value: 0 } });
  });

  it('does not add up the rates of some of its tasks', () => {
    const truth = new SiteTruth();
    const stream = new SiteStream(truth);
    const model = modelOf(stream.run(30_000));
    const seen = stream.metricsSeen();
    if (seen.kind !== 'metrics' || 'failed' in seen.answer) throw new Error('no metrics');
    const { samples } = seen.answer.ok;
    const some = {
      ...samples,
      'source-record-poll-rate': samples['source-record-poll-rate']?.slice(1) ?? [],
    };
    model.fold({ ...seen, answer: { ok: { ...seen.answer.ok, samples: some } } });
    expect(flowOf(model, truth.now).poll.now).toMatchObject({
      unknown: { kind: 'partial', detail: '1 of 4 tasks report none' },
    });
  });

  it('counts a changed configuration and moved tasks as one restart', () => {
    const truth = new SiteTruth();
    const stream = new SiteStream(truth);
    const model = modelOf(stream.run(30_000));
    truth.config['tasks.max'] = '6';
    for (const o of stream.run(10_000)) model.fold(o);
    truth.taskStates.push('RUNNING', 'RUNNING');
    truth.restart();
    for (const o of stream.run(10_000)) model.fold(o);
    expect(flowOf(model, truth.now)).toMatchObject({
      restarts: { total: 1, lastHour: 1, last: truth.options.startAt + 35_000 },
      tasksMax: { value: 6 },
    });
  });

  it('counts no restart where a task FAILED, and one where it was restarted', () => {
    const truth = new SiteTruth();
    const stream = new SiteStream(truth);
    const model = modelOf(stream.run(30_000));
    truth.taskStates[1] = 'FAILED';
    for (const o of stream.run(60_000)) model.fold(o);
    expect(flowOf(model, truth.now).restarts).toEqual({ total: 0, lastHour: 0 });
    truth.taskStates[1] = 'RUNNING';
    for (const o of stream.run(10_000)) model.fold(o);
    expect(flowOf(model, truth.now).restarts).toMatchObject({ total: 1, lastHour: 1 });
  });

  it('counts the rebalances of its workers’ group, and which worker left', () => {
    const truth = new SiteTruth();
    const stream = new SiteStream(truth);
    const model = modelOf(stream.run(5_000));
    const worker = (host: string): MemberSeen => ({
      member: `connect-${host}`,
      clientId: 'connect-1',
      host: `/${host}`,
      url: `http://${host}:8083/`,
    });
    const at = truth.now;
    model.fold(listed(at, 1, ['connect-mm2']));
    model.fold(described(at, 'connect-mm2', [worker('10.0.3.11'), worker('10.0.3.12')], 'connect'));
    model.fold(described(at + 5_000, 'connect-mm2', [worker('10.0.3.11')], 'connect'));
    expect(flowOf(model, at + 6_000).rebalances).toMatchObject({
      total: 1,
      lastHour: 1,
      recent: [{ at: at + 5_000, what: 'worker 10.0.3.12:8083 left' }],
    });
    const workers = model.snapshot(at + 6_000).groups.find(g => g.group === 'connect-mm2');
    // No newer version would tell more: how far connectors are is told elsewhere.
    expect(workers?.lag).toMatchObject({
      unknown: { kind: 'unsupported', nextStep: expect.stringContaining('their flows') as string },
    });
  });

  it('disappears with its connector', () => {
    const truth = new SiteTruth();
    const model = modelOf(new SiteStream(truth).run(5_000));
    model.fold({
      kind: 'connectors',
      connect: 'us',
      asked: truth.now,
      answered: truth.now,
      answer: { ok: [] },
    });
    expect(model.snapshot(truth.now).flows).toEqual([]);
  });
});

/** The phases that were measured on a real site, replayed from a simulated truth. */
describe('the bounded lag through an incident', () => {
  const truth = new SiteTruth({ partitions: 6, tasks: 2 });
  truth.arrival = 0;
  const stream = new SiteStream(truth);
  const model = new SiteModel(site);
  const run = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 5_000) {
      for (const o of stream.run(5_000)) model.fold(o);
      const flow = model.snapshot(truth.now).flows[0];
      const lag = flow?.lag;
      if (lag === undefined || !('value' in lag)) throw new Error('lag is not known');
      expect(lag.value.low).toBeLessThanOrEqual(truth.lag + 6);
      expect(lag.value.high).toBeGreaterThanOrEqual(truth.lag - 6);
    }
  };
  const lag = () => {
    const known = model.snapshot(truth.now).flows[0]?.lag;
    if (known === undefined || !('value' in known)) throw new Error('lag is not known');
    return known.value;
  };
  const endpointAlone = (): number =>
    truth.end.reduce((sum, end, p) => sum + end - (truth.flushed[p] ?? 0), 0);

  it('is exact from the first quiet moment', () => {
    truth.arrival = 1_500;
    truth.advance(60_000);
    truth.arrival = 0;
    truth.advance(60_000);
    run(60_000);
    expect(lag()).toMatchObject({ low: 0, rested: true });
  });

  it('stays 0 in healthy traffic, while the endpoint alone says tens of thousands', () => {
    truth.arrival = 1_500;
    run(115_000);
    expect(endpointAlone()).toBeGreaterThan(50_000);
    expect(Math.abs(lag().low - truth.lag)).toBeLessThanOrEqual(6);
  });

  it('is the truth while a quota lets the backlog grow', () => {
    truth.quota = 300;
    run(40_000);
    expect(lag().rested).toBe(true);
    expect(Math.abs(lag().low - truth.lag)).toBeLessThanOrEqual(6);
  });

  it('widens when a worker is killed, contains the truth, and bounds the records written twice', () => {
    const repeated = truth.reached.reduce((sum, reached, p) => sum + reached - (truth.flushed[p] ?? 0), 0);
    expect(repeated).toBeGreaterThan(1_000);
    truth.workers = ['10.0.3.11:8083'];
    truth.restart();
    run(60_000);
    const { repeats, restarts } = model.snapshot(truth.now).flows[0] ?? {};
    expect(restarts?.total).toBe(1);
    expect(repeats?.low).toBeLessThanOrEqual(repeated + 6);
    expect(repeats?.high).toBeGreaterThanOrEqual(repeated - 6);
  });

  it('is exact again when the quota is lifted and the flow comes to rest', () => {
    truth.quota = Infinity;
    run(60_000);
    truth.arrival = 0;
    run(120_000);
    expect(lag()).toMatchObject({ low: 0, high: 0, rested: true });
    const { repeats } = model.snapshot(truth.now).flows[0] ?? {};
    expect((repeats?.high ?? 0) - (repeats?.low ?? 0)).toBeLessThanOrEqual(6);
  });
});

/** Without a restart: the lag stays within its bounds, and what is written twice is not put down to one. */
describe('the bounded lag when a producer writes a batch again', () => {
  const flowAt = (model: SiteModel, { now }: SiteTruth): FlowView => {
    const [flow] = model.snapshot(now).flows;
    if (flow === undefined) throw new Error('no flow');
    return flow;
  };
  const rested = (): { truth: SiteTruth; stream: SiteStream; model: SiteModel } => {
    const truth = new SiteTruth({ partitions: 6, tasks: 2 });
    const stream = new SiteStream(truth);
    truth.arrival = 1_500;
    truth.advance(60_000);
    truth.arrival = 0;
    const model = modelOf(stream.run(90_000));
    expect(flowAt(model, truth).lag).toMatchObject({ value: { low: 0, high: 0, rested: true } });
    truth.arrival = 1_500;
    truth.quota = 300;
    for (const o of stream.run(20_000)) model.fold(o);
    return { truth, stream, model };
  };
  const expectTruth = (model: SiteModel, truth: SiteTruth): void => {
    const { lag } = flowAt(model, truth);
    if (!('value' in lag)) throw new Error('lag is not known');
    expect(lag.value.low).toBeLessThanOrEqual(truth.lag + 6);
    expect(lag.value.high).toBeGreaterThanOrEqual(truth.lag - 6);
  };

  it('to a new leader of the target', () => {
    const { truth, stream, model } = rested();
    truth.epoch++;
    truth.advance(3_000);
    truth.repeat(30);
    for (let passed = 0; passed < 60_000; passed += 5_000) {
      for (const o of stream.run(5_000)) model.fold(o);
      expectTruth(model, truth);
    }
    const { repeats, restarts } = flowAt(model, truth);
    expect(restarts.total).toBe(0);
    expect(repeats).toMatchObject({ causes: ['election'] });
    expect(repeats?.low).toBeLessThanOrEqual(180);
    expect(repeats?.high).toBeGreaterThanOrEqual(180);
  });

  it('to the same leader, as soon as its rate of retries cannot be that of an election', () => {
    const { truth, stream, model } = rested();
    truth.repeat(30);
    truth.retryRate = 4;
    for (const o of stream.run(35_000)) model.fold(o);
    expect(flowAt(model, truth).repeats).toMatchObject({ causes: ['retry'] });
    for (let passed = 0; passed < 60_000; passed += 5_000) {
      truth.retryRate = 0;
      for (const o of stream.run(5_000)) model.fold(o);
      expectTruth(model, truth);
    }
  });
});

describe('workers', () => {
  it('on one host are told apart by the tasks that the status and the metrics both name', () => {
    const truth = new SiteTruth({ tasks: 2 });
    truth.workers = ['127.0.0.1:8083', '127.0.0.1:8084'];
    const model = modelOf(new SiteStream(truth, 'none').run(5_000));
    const heap = [
      { value: 300, instance: 'localhost:9405' },
      { value: 100, instance: 'localhost:9404' },
    ];
    const rate = [
      { value: 10, instance: 'localhost:9404', connector: 'mm2-source', task: 0 },
      { value: 10, instance: 'localhost:9405', connector: 'mm2-source', task: 1 },
    ];
    const samples = {
      'source-record-write-rate': rate,
      'jvm-heap-used-bytes': heap,
      'jvm-heap-max-bytes': heap.map(h => ({ ...h, value: 400 })),
      'node-cpu': [{ value: 0.5, instance: '127.0.0.1:9100' }],
    };
    const at = truth.now;
    const answer = { ok: { samples, missing: {}, found: {}, rateWindow: 30 } };
    model.fold({ kind: 'metrics', source: 'p', asked: at, answered: at, answer });
    expect(model.snapshot(at).workers).toMatchObject([
      { id: '127.0.0.1:8083', tasks: 1, connectors: 1, heap: { value: 0.25 }, hostCpu: { value: 0.5 } },
      { id: '127.0.0.1:8084', tasks: 1, connectors: 0, heap: { value: 0.75 }, hostCpu: { value: 0.5 } },
    ]);
  });

  it('that no metrics name are unknown', () => {
    const truth = new SiteTruth();
    const { workers } = modelOf(new SiteStream(truth, 'none').run(5_000)).snapshot(truth.now);
    expect(workers).toHaveLength(2);
    expect(workers[0]).toMatchObject({
      processCpu: { unknown: {} },
      heap: { unknown: {} },
      network: { unknown: {} },
    });
  });
});

describe('folding', () => {
  it('is deterministic: the same observations give the same snapshot, whenever snapshots were taken', () => {
    const truth = new SiteTruth();
    const observations = [...new SiteStream(truth).run(120_000)];
    const quiet = modelOf(observations);
    const watched = new SiteModel(site);
    for (const o of observations) {
      watched.fold(o);
      watched.snapshot(o.answered);
    }
    expect(plain(watched.snapshot(truth.now))).toEqual(plain(quiet.snapshot(truth.now)));
  });
});

describe('the commit period of a group', () => {
  const start = [metadata(0, ['orders']), listed(0, 1, ['billing'])];
  /** Log ends that always grow, and a commit that moves every `every` ms, seen every 10 s. */
  const polled = (every: number, behind: number): SiteModel => {
    const model = modelOf(start);
    for (let at = 10_000; at <= 600_000; at += 10_000) {
      model.fold(committed(at, 'billing', [Math.floor(at / every) * every]));
      model.fold(ends(at + 1, [at + behind]));
    }
    return model;
  };

  it('is the median time between two moves of its commit, and no shorter than between two readings', () => {
    expect(group(polled(60_000, 60_000).snapshot(600_002)).commitPeriod).toMatchObject({ value: 60_000 });
    expect(group(polled(1_000, 60_000).snapshot(600_002)).commitPeriod).toMatchObject({ value: 10_000 });
  });

  it('is unknown where it is never behind, and where it never commits', () => {
    expect(group(polled(10_000, 0).snapshot(600_002)).commitPeriod).toMatchObject({
      unknown: { kind: 'early' },
    });
    expect(group(polled(1_000_000, 60_000).snapshot(600_002)).commitPeriod).toMatchObject({
      unknown: { kind: 'early' },
    });
  });

  it('tells how long its lag must be watched before its trend is said', () => {
    const trend = group(polled(60_000, 60_000).snapshot(600_002)).lagTrend;
    expect(trend).toMatchObject({ value: { rising: false } });
  });
});

describe('a compacted topic', () => {
  const configured = (at: number, policy: string): Observation => ({
    kind: 'topic-configs',
    cluster: 'us',
    broker: 1,
    asked: at,
    answered: at,
    topics: [{ topic: 'orders', answer: { ok: { values: { 'cleanup.policy': policy }, own: [] } } }],
  });
  const starts = (at: number, first: number): Observation => ({
    ...ends(at, [first]),
    which: 'log-start',
  });
  const lostBy = (policy: string): GroupView =>
    group(
      modelOf([
        metadata(0, ['orders']),
        listed(0, 1, ['billing']),
        configured(1, policy),
        committed(2, 'billing', [90]),
        starts(3, 95),
        ends(4, [100]),
      ]).snapshot(5),
    );

  it('loses no records, for compaction removes those that were written anew', () => {
    const compacted = lostBy('compact');
    expect(compacted.lost).toMatchObject({ value: 0 });
    expect(compacted.partitions[0]?.lost).toMatchObject({ unknown: { kind: 'unsupported' } });
  });

  it('of which old records are deleted too loses them, as any other', () => {
    for (const policy of ['delete', 'compact,delete', 'compact, delete']) {
      expect(lostBy(policy).lost).toMatchObject({ value: 5 });
      expect(lostBy(policy).partitions[0]?.lost).toMatchObject({ value: 5 });
    }
  });
});

describe('the plugins of a Connect cluster', () => {
  it('are unknown until they were listed, and kept as what they were when they can not be', () => {
    const model = new SiteModel(site);
    const plugins = (at: number, answer: PluginsSeen['answer']): Observation => ({
      kind: 'plugins',
      connect: 'us',
      asked: at,
      answered: at,
      answer,
    });
    const mirror = { class: 'org.apache.kafka.connect.mirror.MirrorSourceConnector', type: 'source' };
    expect(model.snapshot(0).connects[0]?.plugins).toMatchObject({ unknown: { kind: 'early' } });
    model.fold(plugins(1, { ok: [mirror] }));
    expect(model.snapshot(2).connects[0]?.plugins).toEqual({ value: [mirror], at: 1 });
    model.fold(plugins(3, { failed: dead }));
    expect(model.snapshot(4).connects[0]?.plugins).toEqual({
      unknown: dead,
      since: 3,
      last: { value: [mirror], at: 1 },
    });
  });
});
