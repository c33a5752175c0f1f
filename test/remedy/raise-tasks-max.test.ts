import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { seen, unknown } from '../../source/core/known.js';
import type { FlowView } from '../../source/model/snapshot.js';
import type { ConnectorInput } from '../../source/remedy/connector-action.js';
import { raiseTasksMax } from '../../source/remedy/actions/raise-tasks-max.js';
import { isRefusal, type Plan, type Refusal } from '../../source/remedy/plan.js';
import { healthyFlow, noLoad, now } from '../support/views.js';

const notMeasured = unknown<number>(failure('absent', 'prometheus'), now);

/** Four tasks on twelve partitions that write 1,060/s of the 2,000/s that arrive. */
function overloaded(over: Partial<FlowView> = {}): FlowView {
  const flow = healthyFlow();
  return {
    ...flow,
    write: { ...flow.write, now: seen(1060, now) },
    poll: { ...flow.poll, now: seen(1060, now) },
    arrival: { ...flow.arrival, now: seen(2000, now) },
    lag: seen({ low: 60_000, high: 61_000, method: 'bounded', rested: false }, now),
    lagSlope: seen(940, now),
    ...over,
  };
}

function input(over: Partial<ConnectorInput> = {}, partitions = 12, tasks = 4): ConnectorInput {
  return {
    id: 'tasks-max-1',
    at: now,
    target: { kind: 'connector', connect: 'us', connector: 'mm2-source' },
    url: 'http://worker-1.us:8083',
    version: '4.3.1',
    clusterId: 'cluster-us',
    config: key => (key === 'tasks.max' ? String(tasks) : undefined),
    status: { state: 'RUNNING', worker: 'worker-1.us:8083', tasks: [] },
    tasks: Array.from({ length: Math.min(tasks, partitions) }, (_, task) => ({
      task,
      partitions: Array.from({ length: partitions }, (__, p) => `orders-${p}`).filter(
        (__, p) => p % tasks === task,
      ),
    })),
    flow: overloaded(),
    workers: [worker(0.3)],
    argument: '',
    ...over,
  };
}

function worker(cpu: number, host = cpu): ConnectorInput['workers'][number] {
  const series = healthyFlow().write.series;
  return {
    id: 'us/worker-1.us:8083',
    connect: 'us',
    tasks: 4,
    connectors: 3,
    processCpu: seen(cpu, now),
    hostCpu: seen(host, now),
    hostMemory: seen(0.5, now),
    heap: seen(0.5, now),
    load: { ...noLoad, cpu: series, heap: series },
    heapBytes: seen(760_000_000, 0),
    gcShare: seen(0.01, 0),
    network: seen(1e6, now),
    rebalances: seen(1, now),
  };
}

function plan(over: Partial<ConnectorInput> = {}, partitions = 12, tasks = 4): Plan {
  const draft = raiseTasksMax.plan(input(over, partitions, tasks));
  if (!('plan' in draft)) throw new Error(draft.reason);
  return draft.plan;
}

function refusal(over: Partial<ConnectorInput> = {}, partitions = 12, tasks = 4): Refusal {
  const draft = raiseTasksMax.plan(input(over, partitions, tasks));
  if ('plan' in draft) throw new Error('it was planned');
  return draft;
}

describe('how far tasks.max is raised', () => {
  it.each([
    [4, 12, 6],
    [1, 12, 2],
    [3, 12, 5],
    [8, 12, 12],
    [11, 12, 12],
    [4, 5, 5],
  ])('%i tasks of %i partitions: to %i', (tasks, partitions, to) => {
    expect(plan({}, partitions, tasks).changes).toEqual([
      { key: 'tasks.max', from: String(tasks), to: String(to) },
    ]);
  });

  it('is always more than now, and never more than there are partitions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }), (tasks, partitions) => {
        const draft = raiseTasksMax.plan(input({}, partitions, tasks));
        if (isRefusal('plan' in draft ? draft.plan : draft)) return tasks >= partitions;
        const to = 'plan' in draft ? Number(draft.plan.changes[0]?.to) : NaN;
        return to > tasks && to <= partitions && 'plan' in draft && draft.verified.startsWith(`${to} `);
      }),
    );
  });

  it.each([
    [12, 12],
    [20, 12],
  ])('%i tasks of %i partitions: refused, with what to look at instead', (tasks, partitions) => {
    const { reason, instead } = refusal({}, partitions, tasks);
    expect(reason).toContain('each of the 12 partitions');
    expect(instead.length).toBeGreaterThan(0);
  });

  it('is refused where the number of partitions is not known', () => {
    const flow = overloaded({ partitions: [] });
    expect(refusal({ tasks: [{ task: 0 }], flow }).reason).toMatch(/not known/);
  });
});

describe('what the plan says of its cure', () => {
  it('cures, where nothing throttles and buffers and CPU are free', () => {
    expect(plan().cure.verdict).toBe('cures');
  });

  it.each<[string, Partial<FlowView>, RegExp]>([
    ['a quota of the target', { throttle: seen(162, now) }, /throttles it by 162ms: a quota/],
    ['full buffers', { bufferUsed: seen(0.94, now) }, /buffers are 94% full/],
    ['waiting for buffer', { waitRatio: seen(0.97, now) }, /wait 97% of their time/],
    ['records that stay in the producer', { inFlight: seen(124_000, now) }, /stay 2m in the producer/],
    ['a quota of the source', { fetchThrottle: seen(80, now) }, /source throttles fetches by 80ms/],
    ['slow fetches', { fetchLatency: seen(400, now) }, /fetches take 400ms/],
  ])('will not cure %s, and says first that nothing will change', (_, flow, reason) => {
    const made = plan({ flow: overloaded(flow) });
    expect(made.cure.verdict).toBe('will-not-cure');
    expect(made.cure.reason).toMatch(reason);
    expect(made.expect[1]).toBe('write/s stays near 1.06k: the limit is elsewhere');
  });

  it('does not blame the waiting fetches of one task while another works without a pause', () => {
    const { tasks } = healthyFlow();
    const busy = tasks.map((task, i) => ({ ...task, inFlight: seen(i === 0 ? 490 : 20, now) }));
    const { cure } = plan({ flow: overloaded({ fetchLatency: seen(480, now), tasks: busy }) });
    expect(cure.verdict).toBe('cures');
  });

  it('may cure, where the host is busy with other work than the worker', () => {
    const { cure } = plan({ workers: [worker(0.1, 0.96)] });
    expect(cure.verdict).toBe('may-cure');
    expect(cure.reason).toContain('96% busy, mostly with other work');
  });

  it('will not cure a hot partition, which has one task however many there are', () => {
    const { partitions } = healthyFlow();
    const hot = partitions.map((p, i) => ({
      ...p,
      lag: seen({ low: i === 0 ? 9_000 : 100, high: 9_100, method: 'bounded' as const, rested: true }, now),
    }));
    const { cure } = plan({ flow: overloaded({ partitions: hot }) });
    expect(cure.verdict).toBe('will-not-cure');
    expect(cure.reason).toContain('a partition is read by one task');
  });

  it('will not cure workers without CPU', () => {
    expect(plan({ workers: [worker(0.93)] }).cure).toMatchObject({ verdict: 'will-not-cure' });
  });

  it('may cure where it was not measured what else could be the limit', () => {
    expect(plan({ flow: overloaded({ throttle: notMeasured, bufferUsed: notMeasured }) }).cure).toEqual({
      verdict: 'may-cure',
      reason: 'not measured: throttle time, producer buffers; the limit may be elsewhere',
    });
  });

  it('may cure where tasks keep up', () => {
    expect(plan({ flow: healthyFlow() }).cure.verdict).toBe('may-cure');
  });
});

describe('what the plan expects', () => {
  it('shows its arithmetic', () => {
    expect(plan().expect).toEqual([
      'tasks 4 → 6, at most 2 partitions each instead of 3',
      'write/s 1.06k → up to 1.59k (1.06k ÷ 4 tasks × 6), if load spreads evenly',
      'still below the 2.00k/s that arrive: lag goes on growing, by 410/s',
    ]);
  });

  it('says when the backlog is gone', () => {
    const flow = overloaded({ arrival: { ...healthyFlow().arrival, now: seen(1400, now) } });
    expect(plan({ flow }).expect[2]).toBe('lag 61.0k drains in about 5m, arrival staying at 1.40k/s');
  });

  it('does not know what it does not know', () => {
    const flow = overloaded({ write: { ...healthyFlow().write, now: notMeasured } });
    expect(plan({ flow }).expect[1]).toBe('write/s is not known, so neither is what it will be');
    expect(plan({ flow }).repeats).toMatch(/^not known/);
  });

  it('counts the repeats from the last flush on', () => {
    expect(plan().repeats).toBe(
      'up to 24.4k (1.06k/s × 23s since the last flush; 63.6k just before the next one)',
    );
    const { lastFlush, ...unflushed } = overloaded();
    expect(lastFlush).toBe(now - 23_000);
    expect(plan({ flow: unflushed }).repeats).toMatch(/^at most 63\.6k .*no flush was seen yet/);
  });
});

describe('the commands to do it by hand', () => {
  it('read first, and change the one key', () => {
    expect(plan().byHand).toEqual([
      `curl -sS 'http://worker-1.us:8083/connectors/mm2-source/config'`,
      `curl -sS -X PATCH -H 'Content-Type: application/json' -d '{"tasks.max":"6"}' 'http://worker-1.us:8083/connectors/mm2-source/config'`,
    ]);
  });

  it('read, change and put back the whole before Connect 3.8', () => {
    expect(plan({ version: '3.7.0' }).byHand[1]).toBe(
      `curl -sS 'http://worker-1.us:8083/connectors/mm2-source/config' | ` +
        `jq '. + {"tasks.max":"6"} | with_entries(select(.value != null))' | ` +
        `curl -sS -X PUT -H 'Content-Type: application/json' -d @- 'http://worker-1.us:8083/connectors/mm2-source/config'`,
    );
  });
});
