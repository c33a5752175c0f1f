import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { seen, unknown } from '../../source/core/known.js';
import type { AclSeen, QuotaSeen } from '../../source/core/observation.js';
import type { Finding } from '../../source/diagnose/finding.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { flowLimits } from '../../source/diagnose/rules/flow-limits.js';
import { flowRunning } from '../../source/diagnose/rules/flow-running.js';
import type { Step } from '../../source/diagnose/tree.js';
import { wayOf } from '../../source/diagnose/tree.js';
import { Series } from '../../source/model/series.js';
import type { ClusterView, FlowView, Snapshot, TopicView, WorkerView } from '../../source/model/snapshot.js';
import { changed } from '../support/changed.js';
import { SiteStream, SiteTruth, type TruthOptions } from '../support/site-stream.js';
import { Watch } from '../support/watch.js';
import { noLoad, worker } from '../support/views.js';

/** What kmon knows of a site after a minute of health and a minute of what happens to it. */
function after(happens: Partial<SiteTruth>, options: Partial<TruthOptions> = {}): Snapshot {
  const truth = new SiteTruth(options);
  const watch = new Watch(new SiteStream(truth)).run(60_000);
  Object.assign(truth, happens);
  watch.run(60_000);
  return watch.model.snapshot(truth.now);
}

/** Full buffers, and nothing yet that says why. */
const held = after({ quota: 700 });
const calm = { throttle: seen(0, held.at) };
const overload = after({ arrival: 6_000 }, { perTask: 1_000 });
const slowSource = after({ sourceLimit: 1_500, sourceIsThrottled: false, fetchLatency: 350 });
const silent = after({ sourceLimit: 0, sourceIsThrottled: false });

type Change = {
  readonly flow?: Partial<FlowView>;
  readonly topics?: Partial<TopicView>;
  readonly cluster?: Partial<ClusterView>;
  readonly worker?: Partial<WorkerView>;
};

/** The same with some facts changed: of its flow, of the topics of both clusters, of both clusters, of a worker. */
function but(snapshot: Snapshot, { flow, topics, cluster, worker: own }: Change): Snapshot {
  return {
    ...snapshot,
    flows: snapshot.flows.map(f => ({ ...f, ...flow })),
    topics: snapshot.topics.map(t => changed(t, topics ?? {})),
    clusters: snapshot.clusters.map(c => ({ ...c, ...cluster })),
    ...(own && {
      workers: [worker('10.0.3.11:8083', { connect: 'us', load: noLoad, ...own })],
    }),
  };
}

function found(snapshot: Snapshot): Finding {
  const [finding] = flowLimits.judge(snapshot, defaultLimits).flatMap(j => j.finding ?? []);
  if (finding === undefined) throw new Error('nothing was found');
  return finding;
}

/** Ids of the questions on the way. */
function way({ tree }: Finding): readonly string[] {
  return wayOf(tree?.steps ?? []).map(step => step.id);
}

function step(finding: Finding, id: string): Step {
  const all = (steps: readonly Step[]): readonly Step[] => steps.flatMap(s => [s, ...all(s.steps)]);
  const one = all(finding.tree?.steps ?? []).find(s => s.id === id);
  if (one === undefined) throw new Error(`the tree does not ask ${id}`);
  return one;
}

function quotas(...set: readonly QuotaSeen[]): Partial<ClusterView> {
  return { quotas: seen(set, held.at) };
}

const asMm2 = {
  clients: {
    reads: { user: 'mm2-user', clientIds: ['eu->us|mm2-source-0|replication-consumer'] },
    writes: { user: 'mm2-user', clientIds: ['connector-producer-mm2-source-0'] },
  },
};

describe('the tree', () => {
  it('keeps every question with its answer and its numbers, and lights one way', () => {
    const finding = found(held);
    expect(finding.tree?.verdict).toBe('target-limited');
    expect(way(finding)).toEqual(['behind', 'held-back', 'target-quota']);
    expect(step(finding, 'not-running')).toMatchObject({ answer: 'no', taken: false });
    expect(step(finding, 'held-back').because).toContain('throttle 180ms');
    expect(step(finding, 'source-slow').taken).toBe(false);
  });

  it('answers unknown where nothing is measured, and does not go there', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth, 'none')).run(60_000);
    truth.quota = 700;
    watch.run(60_000);
    expect(way(watch.finding)).toEqual(['behind', 'unmeasured']);
    expect(step(watch.finding, 'held-back').answer).toBe('unknown');
  });

  it('names a quota that is set where nothing measures whether it is the limit', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth, 'none')).run(60_000);
    truth.quota = 700;
    watch.run(60_000);
    const set = quotas({ entity: { user: 'mm2-user' }, limits: { producer_byte_rate: 300_000 } });
    const finding = found(but(watch.model.snapshot(truth.now), { flow: asMm2, cluster: set }));
    expect(finding.verdict).toBe('undetermined');
    expect(finding.evidence.map(e => e.threshold).join()).toContain('user mm2-user');
  });

  it('lets the measurement win: poll 0 while write goes on is a limited target, not a silent source', () => {
    const none = new Series(20);
    for (let at = held.at - 60_000; at <= held.at; at += 5_000) none.push(at, 0);
    const poll = { now: seen(0, held.at), method: 'metrics' as const, series: none };
    const finding = found(but(held, { flow: { poll } }));
    expect(finding.verdict).toBe('target-limited');
    expect(step(finding, 'silent')).toMatchObject({ answer: 'yes', taken: false });
  });
});

describe('writes that are held back', () => {
  it('by the quota of its user, which is named with its level and what is behind it', () => {
    const finding = found(
      but(held, {
        flow: asMm2,
        cluster: quotas(
          { entity: { user: null }, limits: { producer_byte_rate: 1_000_000 } },
          { entity: { user: 'mm2-user' }, limits: { producer_byte_rate: 300_000 } },
        ),
      }),
    );
    expect(finding.sentence).toMatch(
      /^target limits writes: produce quota of user mm2-user \(.*a broker\), throttled/,
    );
    const quota = finding.evidence.find(e => e.what === 'quota of its producers');
    expect(quota?.threshold).toContain('shared by all 4 tasks; behind it default user');
    expect(finding.byHand.join('\n')).toContain('--entity-type users --entity-name mm2-user');
  });

  it('by a quota of its client id, which each task has to itself', () => {
    const entity = { clientId: 'connector-producer-mm2-source-0' };
    const set = quotas({ entity, limits: { producer_byte_rate: 200_000 } });
    const { evidence } = found(but(held, { flow: asMm2, cluster: set }));
    expect(evidence.find(e => e.what === 'quota of its producers')?.threshold).toContain(
      'each task has it to itself',
    );
  });

  it('says that quotas are not known where the user may not see them, and is still sure of the throttling', () => {
    const denied = failure('unauthorised', 'DescribeClientQuotas of us');
    const finding = found(but(held, { cluster: { quotas: unknown(denied, held.at) } }));
    expect(step(finding, 'target-quota').because).toContain('not known: DescribeClientQuotas of us');
    expect(finding.raise).toContain('quotas of the target');
    expect(finding.confidence).toBe('high');
  });

  it('says that none was set when they were read last: that is once a minute', () => {
    const finding = found(but(held, { flow: asMm2, cluster: quotas() }));
    expect(step(finding, 'target-quota').because).toMatch(/none was set for it .* ago/);
  });

  it('takes the quota that is set for the likely cause where no throttle time is measured, and nothing else was found', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth, 'no-producer')).run(60_000);
    truth.quota = 700;
    watch.run(60_000);
    const set = { entity: { user: 'mm2-user' }, limits: { producer_byte_rate: 300_000 } };
    const snapshot = watch.model.snapshot(truth.now);
    const finding = found(but(snapshot, { flow: asMm2, cluster: quotas(set) }));
    expect(way(finding)).toEqual(['behind', 'held-back', 'target-quota-set']);
    expect(finding.sentence).toMatch(
      /^target limits writes: most likely the produce quota of user mm2-user \(.*a broker\), throttle time not measured$/,
    );
    expect(finding.remedies[0]).toMatchObject({ action: 'raise-quota', cures: true });
    expect(finding.confidence).not.toBe('high');
    const none = found(but(snapshot, { flow: asMm2, cluster: quotas() }));
    expect(way(none)).toEqual(['behind', 'held-back']);
    expect(step(none, 'target-quota-set').because).toMatch(/none was set for it/);
  });

  it('needs no guess where the throttle time is measured: a quota that throttles nobody is no cause', () => {
    const set = { entity: { user: 'mm2-user' }, limits: { producer_byte_rate: 300_000 } };
    const finding = found(
      but(held, { flow: { ...asMm2, throttle: seen(0, held.at) }, cluster: quotas(set) }),
    );
    expect(step(finding, 'target-quota-set').answer).toBe('no');
    expect(finding.remedies.map(remedy => remedy.action)).not.toContain('raise-quota');
  });

  it('does not guess a quota where the configuration hides the user', () => {
    const set = quotas({ entity: { user: 'mm2-user' }, limits: { producer_byte_rate: 300_000 } });
    expect(step(found(but(held, { cluster: set })), 'target-quota').because).toContain(
      'does not tell as whom',
    );
  });

  it('by brokers: too few replicas in sync', () => {
    const finding = found(but(held, { flow: calm, topics: { underMinInSync: seen(4, held.at) } }));
    expect(way(finding)).toEqual(['behind', 'held-back', 'target-brokers']);
    expect(finding.sentence).toBe('target limits writes: 4 partitions under min.insync.replicas');
  });

  it('by a broker that does not answer', () => {
    const us = held.clusters.flatMap(c => ('value' in c.brokers ? c.brokers.value : []))[0];
    if (us === undefined) throw new Error('no broker is known');
    const answers = unknown<true>(failure('timeout', 'ListOffsets of broker 1'), held.at);
    const finding = found(
      but(held, { flow: calm, cluster: { brokers: seen([{ ...us, answers }], held.at) } }),
    );
    expect(finding.sentence).toContain('broker 1 does not answer');
  });

  it('by slow answers', () => {
    const finding = found(but(held, { flow: { ...calm, requestLatency: seen(480, held.at) } }));
    expect(way(finding)).toEqual(['behind', 'held-back', 'target-slow']);
    expect(finding.sentence).toBe('target limits writes: its brokers answer in 480ms');
  });

  it('by the network of a host, where it is busy and requests are slow', () => {
    const slow = { ...calm, requestLatency: seen(480, held.at) };
    const busy = { network: seen(230_000_000, held.at) };
    expect(way(found(but(held, { flow: slow, worker: busy })))).toContain('target-network');
    expect(way(found(but(held, { flow: calm, worker: busy })))).not.toContain('target-network');
  });

  it('by a worker without CPU, which is not the target’s fault', () => {
    const finding = found(but(held, { flow: calm, worker: { processCpu: seen(0.97, held.at) } }));
    expect(finding.verdict).toBe('worker-limited');
    expect(finding.sentence).toContain('97%');
  });

  it('by a small buffer of its own, with the line that mends it', () => {
    const finding = found(but(held, { flow: { ...calm, bufferBytes: seen(1_048_576, held.at) } }));
    expect(finding.verdict).toBe('producer-limited');
    expect(finding.advice[0]?.lines).toEqual(['producer.override.buffer.memory=33554432']);
  });

  it('by small batches in many requests', () => {
    const small = { batchBytes: seen(900, held.at), requests: seen(2_400, held.at) };
    const finding = found(but(held, { flow: { ...calm, ...small } }));
    expect(finding.verdict).toBe('producer-limited');
    expect(finding.advice[0]?.lines).toContain('producer.override.linger.ms=20');
  });

  describe('with the versions that the brokers of the target speak', () => {
    const us = held.clusters.flatMap(c =>
      c.name === 'us' && 'value' in c.brokers ? c.brokers.value : [],
    )[0];
    if (us === undefined) throw new Error('no broker is known');
    const speaking = (...newest: readonly (readonly [produce: number, fetch: number])[]): Change => {
      const brokers = newest.map((versions, i) => {
        const [key, oldest] = [Int32Array.of(0, 1), Int32Array.of(0, 4)];
        return { ...us, id: i + 1, apis: seen({ key, oldest, newest: Int32Array.from(versions) }, held.at) };
      });
      return { flow: calm, cluster: { brokers: seen(brokers, held.at) } };
    };

    it('shows them where all are the same, which is no cause', () => {
      const finding = found(but(held, speaking([13, 18], [13, 18], [13, 18])));
      expect(step(finding, 'target-versions')).toMatchObject({
        answer: 'no',
        because: '3 of 3 brokers: Produce 0–13, Fetch 4–18',
      });
      expect(way(finding)).toEqual(['behind', 'held-back']);
    });

    it('names a rolling upgrade where nothing else explains it', () => {
      const finding = found(but(held, speaking([11, 17], [11, 17], [13, 18])));
      expect(way(finding)).toEqual(['behind', 'held-back', 'target-versions']);
      expect(step(finding, 'target-versions').because).toBe(
        'brokers 1, 2: Produce 0–11, Fetch 4–17; broker 3: Produce 0–13, Fetch 4–18',
      );
      expect(finding.sentence).toContain('its brokers run different releases');
      expect(finding.byHand.join()).toContain('kafka-broker-api-versions.sh');
    });

    it('lets what explains more come first', () => {
      const mixed = speaking([11, 17], [13, 18]);
      const finding = found(but(held, { ...mixed, flow: { requestLatency: seen(480, held.at), ...calm } }));
      expect(way(finding)).toEqual(['behind', 'held-back', 'target-slow']);
      expect(step(finding, 'target-versions')).toMatchObject({ answer: 'yes', taken: false });
    });

    it('is unknown where they were not read', () => {
      expect(step(found(but(held, { flow: calm })), 'target-versions')).toMatchObject({
        answer: 'unknown',
        because: 'what its brokers speak was not read yet',
      });
    });
  });

  it('by what nothing tells, which stays with the target', () => {
    const finding = found(but(held, { flow: calm }));
    expect(way(finding)).toEqual(['behind', 'held-back']);
    expect(finding.sentence).toBe('target limits writes: producers wait for it with full buffers');
  });
});

describe('a source that gives too little', () => {
  it('by a quota of the user that reads', () => {
    const finding = found(
      but(after({ sourceLimit: 1_500 }), {
        flow: asMm2,
        cluster: quotas({ entity: { user: 'mm2-user' }, limits: { consumer_byte_rate: 500_000 } }),
      }),
    );
    expect(way(finding)).toEqual(['behind', 'starved', 'source-quota']);
    expect(finding.sentence).toContain('fetch quota of user mm2-user');
  });

  it('by slow fetches', () => {
    expect(way(found(slowSource))).toEqual(['behind', 'starved', 'source-slow']);
  });

  describe('by batches that come slowly, where fetches are not measured', () => {
    const unmeasured = unknown<number>(failure('absent', 'fetch latency of mm2-source'), slowSource.at);
    const blind = { fetchThrottle: unmeasured, fetchLatency: unmeasured };
    const batch = (fastest: number, slowest: number): Partial<FlowView> => ({
      ...blind,
      pollBatch: seen({ fastest, slowest, longest: 980 }, slowSource.at),
    });

    it('to every task, though records lie there', () => {
      const finding = found(but(slowSource, { flow: batch(320, 610) }));
      expect(way(finding)).toEqual(['behind', 'starved', 'poll-batch']);
      expect(finding.sentence).toBe('source limits reads: even its fastest task waits 320ms for a batch');
      expect(step(finding, 'poll-batch').because).toMatch(
        /^a batch takes 320ms, of the slowest task 610ms, longest poll 980ms; certain lag \d+[sm]$/,
      );
      const compared = finding.evidence.find(e => e.setting === 'poll-batch-time');
      expect(compared).toMatchObject({ measured: 320, limit: 100, unit: 'ms', holds: true });
      expect(compared?.origin).toContain('poll time-out');
    });

    it('but not to some tasks alone: those may have nothing to read', () => {
      const finding = found(but(slowSource, { flow: batch(3, 610) }));
      expect(way(finding)).toEqual(['behind', 'starved']);
    });

    it('which is less sure, and says so, where it is not measured', () => {
      const pollBatch = unknown<never>(failure('absent', 'poll-batch time of mm2-source'), slowSource.at);
      const finding = found(but(slowSource, { flow: { ...blind, pollBatch } }));
      expect(step(finding, 'poll-batch')).toMatchObject({ answer: 'unknown', taken: false });
      expect(step(finding, 'poll-batch').because).toContain('poll-batch time not known');
      expect(finding.raise).toContain('poll-batch time');
    });
  });

  it('by silence: tasks are RUNNING and poll nothing', () => {
    expect(way(found(silent))).toEqual(['behind', 'starved', 'silent']);
  });

  const acl = (topic: string): AclSeen => ({
    on: 'topic',
    name: topic,
    pattern: 'literal',
    principal: 'User:mm2-user',
    host: '*',
    operation: 'Read',
    permission: 'allow',
  });

  it('by a missing ACL, where its tasks are silent and no ACL lets its user read', () => {
    const acls = (...all: readonly AclSeen[]) => ({ acls: seen({ acls: all, left: 0 }, held.at) });
    const finding = found(but(silent, { flow: asMm2, cluster: acls(acl('payments')) }));
    expect(way(finding)).toEqual(['behind', 'starved', 'source-denied']);
    expect(finding.sentence).toContain('no ACL lets user mm2-user read orders');
    expect(way(found(but(silent, { flow: asMm2, cluster: acls(acl('orders')) })))).toContain('silent');
  });

  it('by a topic that was deleted and made anew', () => {
    const finding = found(but(silent, { topics: { recreated: silent.at - 120_000 } }));
    expect(way(finding)).toContain('source-missing');
    expect(finding.sentence).toContain('topic orders was deleted and made anew');
  });

  it('by partitions without a leader, though then no rate is known', () => {
    const gone = unknown<number>(failure('partial', 'arrival rate of mm2-source'), held.at);
    const arrival = { now: gone, method: 'end-offsets' as const, series: new Series(1) };
    const partitions = (held.flows[0]?.partitions ?? []).map((p, i) => (i < 2 ? { ...p, leader: -1 } : p));
    const finding = found(but(held, { flow: { arrival, partitions } }));
    expect(way(finding)).toEqual(['unreadable', 'leaderless']);
    expect(finding).toMatchObject({ severity: 'critical', verdict: 'source-limited' });
    expect(finding.sentence).toContain('2 of 8 partitions have no leader: orders/0');
  });

  it('by topics that are not there, where nothing is polled', () => {
    const gone = unknown<number>(failure('early', 'arrival rate of mm2-source'), held.at);
    const idle = { now: gone, method: 'end-offsets' as const, series: new Series(1) };
    const finding = found({
      ...but(held, { flow: { arrival: idle, poll: { ...idle, method: 'metrics' } } }),
      topics: [],
    });
    expect(way(finding)).toEqual(['unreadable', 'topic-missing']);
    expect(finding.sentence).toContain('orders');
  });
});

describe('records that are polled and not written', () => {
  const filtered = (() => {
    const truth = new SiteTruth();
    truth.drops = 0.2;
    truth.config = {
      ...truth.config,
      transforms: 'keep',
      'transforms.keep.type': 'org.apache.kafka.connect.transforms.Filter',
    };
    const watch = new Watch(new SiteStream(truth)).run(240_000);
    return watch.model.snapshot(truth.now);
  })();

  it('are a transform’s, which is no lag and only said for information', () => {
    const finding = found(filtered);
    expect(way(finding)).toEqual(['behind', 'dropped', 'filtered']);
    expect(finding).toMatchObject({ verdict: 'records-dropped', severity: 'info' });
    expect(finding.sentence).toMatch(/^(9\d\d|1\.0\dk)\/s are polled and not written: transforms=keep$/);
  });

  it('are lost where errors.tolerance skips them', () => {
    const finding = found(but(filtered, { flow: { skipped: seen(60_000, filtered.at) } }));
    expect(way(finding)).toEqual(['behind', 'dropped', 'skipped']);
    expect(finding).toMatchObject({ severity: 'critical', consequence: 'skipped records are lost' });
    expect(finding.advice[0]?.lines).toContain('errors.tolerance=none');
  });

  it('are none where tasks were started anew over full buffers: what was in flight is polled again', () => {
    const [poll, write, inFlight] = [new Series(60), new Series(60), new Series(60)];
    const { at } = overload;
    for (let age = 240_000; age >= 0; age -= 5_000) {
      const limited = age > 120_000;
      poll.push(at - age, limited ? 1_000 : 2_000);
      write.push(at - age, limited ? 350 : 2_000);
      inFlight.push(at - age, limited ? 2_000 + 0.65 * (240_000 - age) : 2_000);
    }
    const rate = (series: Series) => ({ now: seen(2_000, at), method: 'metrics' as const, series });
    const restarted = {
      poll: rate(poll),
      write: rate(write),
      inFlightSeries: inFlight,
      lagSlope: seen(400, at),
    };
    const finding = found(but(overload, { flow: restarted }));
    const account = step(finding, 'dropped');
    expect(account.answer).toBe('no');
    expect(account.because).toMatch(/^0% of what was polled/);
    expect(way(finding)).toEqual(['behind', 'overloaded', 'few-tasks']);
  });
});

describe('offsets that hold no records', () => {
  it('are no lag: tasks wait, poll what they write, and nothing is behind for certain', () => {
    const flow = { lag: seen({ low: 0, high: 40_000, method: 'flushed' as const, rested: false }, held.at) };
    const idle = (held.flows[0]?.tasks ?? []).map(t => ({ ...t, inFlight: seen(30, held.at) }));
    const rate = (now: number) => ({
      now: seen(now, held.at),
      method: 'metrics' as const,
      series: new Series(1),
    });
    const markers = {
      ...flow,
      ...calm,
      tasks: idle,
      inFlight: seen(120, held.at),
      bufferUsed: seen(0.01, held.at),
      waitRatio: seen(0, held.at),
      poll: rate(4_400),
      write: rate(4_400),
      lagSlope: seen(600, held.at),
    };
    expect(flowLimits.judge(but(held, { flow: markers }), defaultLimits)[0]?.finding).toBeUndefined();
  });
});

describe('more than its tasks carry', () => {
  it('by too few tasks', () => {
    expect(way(found(overload))).toEqual(['behind', 'overloaded', 'few-tasks']);
  });

  it('by a worker out of CPU', () => {
    const finding = found(but(overload, { worker: { processCpu: seen(0.97, overload.at) } }));
    expect(way(finding)).toEqual(['behind', 'overloaded', 'cpu']);
    expect(finding.remedies[0]?.cures).toBe(false);
  });

  it('by garbage collection: a heap that stays full, and the time it takes', () => {
    const full = { heap: seen(0.97, overload.at), gcShare: seen(0.22, overload.at) };
    expect(way(found(but(overload, { worker: full })))).toContain('heap');
    expect(way(found(but(overload, { worker: { ...full, gcShare: seen(0.01, overload.at) } })))).toContain(
      'few-tasks',
    );
  });

  it('by the network of a host', () => {
    const busy = { network: seen(230_000_000, overload.at) };
    const slow = { fetchLatency: seen(400, overload.at) };
    expect(way(found(but(overload, { worker: busy, flow: slow })))).toContain('network');
  });

  it('by the memory of a host, where each partition has its task', () => {
    const even = after({ arrival: 6_000 }, { perTask: 1_000, partitions: 4 });
    expect(way(found(even))).toEqual(['behind', 'overloaded']);
    expect(way(found(but(even, { worker: { hostMemory: seen(0.95, even.at) } })))).toContain('memory');
  });
});

describe('a flow that does not run', () => {
  const running = held.flows[0];
  if (running === undefined) throw new Error('no flow was discovered');
  const judge = (flow: Partial<FlowView>): Finding | undefined =>
    flowRunning.judge(but(held, { flow }), defaultLimits)[0]?.finding;
  const tasks = (state: string): Partial<FlowView> => ({ tasks: running.tasks.map(t => ({ ...t, state })) });
  const lost = (waitsUntil: number): FlowView['rebalances'] => ({
    ...running.rebalances,
    recent: [
      {
        at: held.at - 60_000,
        what: 'worker left',
        reason: 'worker-lost',
        joined: [],
        left: ['w'],
        times: 1,
        waitsUntil,
      },
    ],
  });

  it.each([
    ['FAILED', 'failed', 'critical'],
    ['PAUSED', 'stopped', 'warning'],
    ['STOPPED', 'stopped', 'warning'],
    ['UNASSIGNED', 'unassigned', 'warning'],
  ])('%s', (state, leaf, severity) => {
    const finding = judge(tasks(state));
    expect(finding && way(finding)).toEqual(['not-running', leaf]);
    expect(finding?.severity).toBe(severity);
  });

  it('is excused while Connect waits for a lost worker, and critical when it waited long enough', () => {
    const waiting = judge({ ...tasks('UNASSIGNED'), rebalances: lost(held.at + 200_000) });
    expect(waiting).toMatchObject({ severity: 'warning' });
    expect(waiting?.consequence).toContain('Connect keeps them for the lost worker, 3m');
    const over = judge({ ...tasks('UNASSIGNED'), rebalances: lost(held.at - 10_000) });
    expect(over).toMatchObject({ severity: 'critical' });
  });

  it('has no task where no topic matches', () => {
    const finding = judge({ tasks: [] });
    expect(finding && way(finding)).toEqual(['not-running', 'no-task']);
  });
});
