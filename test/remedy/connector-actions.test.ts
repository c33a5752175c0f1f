import { afterEach, describe, expect, it } from 'vitest';
import { seen } from '../../source/core/known.js';
import type { FlowView } from '../../source/model/snapshot.js';
import { isRefusal } from '../../source/remedy/plan.js';
import { now } from '../support/views.js';
import { planned, refusedPlan, startBench, states, type Bench, type BenchSetup } from './bench.js';

/** Each action on a connector, over a simulated Connect: what it sends, that it is verified, and that it is taken back. */

const benches: Bench[] = [];
const never = new AbortController().signal;

async function bench(setup: BenchSetup = {}): Promise<Bench> {
  const made = await startBench(setup);
  benches.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(benches.splice(0).map(b => b.stop()));
});

const config = (b: Bench, key: string): string | undefined => b.connect.connector('mm2-source').config[key];
const sent = (b: Bench): readonly string[] =>
  b.connect
    .mutations()
    .map(r => `${r.method} ${r.path.replace('/connectors/mm2-source', '')} ${r.body}`.trim());

describe('keys of the producer', () => {
  it('go out as overrides, in one request and one restart, and are taken away again by the undo', async () => {
    const b = await bench();
    const plan = planned(await b.planOf('producer-throughput'));
    expect(plan.changes).toEqual([
      { key: 'producer.override.batch.size', from: undefined, to: '65536' },
      { key: 'producer.override.linger.ms', from: undefined, to: '5' },
      { key: 'producer.override.compression.type', from: undefined, to: 'lz4' },
    ]);
    expect(states(await b.run(plan)).at(-1)).toBe('done');
    expect(sent(b)).toEqual([
      'PATCH /config {"producer.override.batch.size":"65536","producer.override.linger.ms":"5","producer.override.compression.type":"lz4"}',
    ]);
    expect(states(await b.run(planned(await b.gate.planUndo(plan.id, never)))).at(-1)).toBe('done');
    expect(config(b, 'producer.override.batch.size')).toBeUndefined();
    expect(b.connect.mutations()).toHaveLength(2);
  });

  it.each([
    ['batch-size', 'batch.size', '65536'],
    ['linger', 'linger.ms', '5'],
    ['buffer-memory', 'buffer.memory', '67108864'],
    ['compression', 'compression.type', 'lz4'],
  ])(
    'go out one at a time as well: %s sets %s alone, and the undo takes it away',
    async (action, key, to) => {
      const b = await bench();
      const name = `producer.override.${key}`;
      const plan = planned(await b.planOf(action));
      expect(plan.changes).toEqual([{ key: name, from: undefined, to }]);
      expect(states(await b.run(plan)).at(-1)).toBe('done');
      expect(sent(b)).toEqual([`PATCH /config {"${name}":"${to}"}`]);
      expect(config(b, name)).toBe(to);
      expect(states(await b.run(planned(await b.gate.planUndo(plan.id, never)))).at(-1)).toBe('done');
      expect(config(b, name)).toBeUndefined();
    },
  );

  it('leave alone what is set further already, and refuse where all is', async () => {
    const b = await bench({
      config: { 'producer.override.batch.size': '131072', 'producer.override.compression.type': 'zstd' },
    });
    const plan = planned(await b.planOf('producer-throughput'));
    expect(plan.changes.map(change => change.key)).toEqual(['producer.override.linger.ms']);
    expect(refusedPlan(await b.planOf('batch-size')).reason).toMatch(/it is so already: .*131072/);
    expect(refusedPlan(await b.planOf('compression')).reason).toMatch(/zstd/);
  });

  it('are refused by Connect where its policy allows no overrides, before anything is written', async () => {
    const b = await bench();
    b.connect.invalid.set(
      'producer.override.linger.ms',
      "The 'None' policy does not allow 'linger.ms' to be overridden",
    );
    const steps = await b.run(planned(await b.planOf('linger')));
    expect(steps.at(-1)?.text).toMatch(/'None' policy does not allow .*nothing was changed/);
    expect(b.connect.mutations()).toEqual([]);
  });

  it('show the arithmetic of a larger batch, and the latency that waiting costs', async () => {
    const b = await bench();
    b.show({ requestLatency: seen(40, now) });
    expect(planned(await b.planOf('producer-throughput')).expect).toEqual([
      'a partition takes at most 400 KiB/s → 1.56 MiB/s of a task (16.0 KiB → 64.0 KiB a request of 40ms)',
      'latency against throughput: a record waits up to 5ms for others instead of 0ms; fewer, fuller requests',
      'fewer bytes on the way and in the quota, as far as the records compress; some CPU of the workers',
    ]);
  });

  it('do not cure a quota, except that fewer bytes may', async () => {
    const b = await bench();
    b.show({ throttle: seen(162, now) });
    expect(planned(await b.planOf('batch-size')).cure).toMatchObject({ verdict: 'will-not-cure' });
    expect(planned(await b.planOf('compression')).cure).toMatchObject({ verdict: 'may-cure' });
  });
});

describe('a larger producer buffer', () => {
  const onOneWorker = (b: Bench, tasks: number): Partial<FlowView> => ({
    tasks: b
      .flow()
      .tasks.slice(0, tasks)
      .map(task => ({ ...task, worker: '127.0.0.1:8083' })),
  });

  it.each([
    [2, 1024, 'medium', '2 tasks × 64.0 MiB = 13% of the heap'],
    [4, 1024, 'medium', '4 tasks × 64.0 MiB = 25% of the heap'],
    [4, 512, 'high', '4 tasks × 64.0 MiB = 50% of the heap'],
    [4, 256, 'high', '100% of the heap of us/127.0.0.1:8083: it may run out of memory'],
  ])('of %i tasks on a worker of %i MiB is a %s risk', async (tasks, mib, level, text) => {
    const b = await bench({ heapMax: mib * 1024 * 1024 });
    b.show(onOneWorker(b, tasks));
    const { risk, confirm } = planned(await b.planOf('buffer-memory'));
    expect(risk.level).toBe(level);
    expect(risk.text).toContain(text);
    expect(confirm).toBe('mm2-source');
  });

  it('cures nothing while there is room left in it, unless a record does not fit: then tasks wait beside what is free', async () => {
    const b = await bench();
    b.show({ bufferUsed: seen(0.58, now), waitRatio: seen(0.02, now), throttle: seen(0, now) });
    expect(planned(await b.planOf('buffer-memory')).cure).toEqual({
      verdict: 'will-not-cure',
      reason: 'buffers are 58% full: there is room left in them',
    });
    b.show({ bufferUsed: seen(0.58, now), waitRatio: seen(0.6, now), throttle: seen(0, now) });
    expect(planned(await b.planOf('buffer-memory')).cure).toEqual({
      verdict: 'cures',
      reason:
        'tasks wait 60% of their time for room in buffers that are 58% full: what is free is too small for a batch',
    });
  });

  it('is a high risk where the heap is not known', async () => {
    const b = await bench({ heapMax: 'unknown' });
    b.show(onOneWorker(b, 2));
    expect(planned(await b.planOf('buffer-memory')).risk).toMatchObject({ level: 'high' });
  });
});

describe('keys of the consumer', () => {
  it('are those of MirrorMaker 2, which knows no consumer.override', async () => {
    const b = await bench();
    const plan = planned(await b.planOf('consumer-fetch'));
    expect(plan.changes.map(c => `${c.key}=${c.to ?? ''}`)).toEqual([
      'source.consumer.max.poll.records=2000',
      'source.consumer.max.partition.fetch.bytes=4194304',
      'source.consumer.fetch.max.bytes=104857600',
    ]);
    expect(states(await b.run(plan)).at(-1)).toBe('done');
  });

  it('cure nothing where the target is the limit, however slow a fetch is', async () => {
    const b = await bench();
    b.show({ throttle: seen(162, now), fetchLatency: seen(400, now) });
    expect(planned(await b.planOf('consumer-fetch')).cure).toEqual({
      verdict: 'will-not-cure',
      reason:
        'the target throttles it by 162ms: a quota holds writes, and its tasks share it; reading faster only fills its buffers sooner',
    });
  });
});

describe('one key by hand', () => {
  it('is set, and unset again', async () => {
    const b = await bench();
    await b.run(planned(await b.planOf('set-key', ' refresh.topics.interval.seconds = 60 ')));
    expect(config(b, 'refresh.topics.interval.seconds')).toBe('60');
    await b.clock.advance(10_000);
    await b.run(planned(await b.planOf('set-key', 'refresh.topics.interval.seconds=')));
    expect(config(b, 'refresh.topics.interval.seconds')).toBeUndefined();
  });

  it.each([
    ['batch.size=65536', /ignored by connectors: producer\.override\.batch\.size is what works here/],
    ['producer.batch.size=65536', /offset-syncs alone: producer\.override\.batch\.size/],
    ['consumer.override.max.poll.records=9', /sinks only: source\.consumer\.max\.poll\.records/],
    ['offset.flush.interval.ms=1000', /setting of the workers/],
    ['source.cluster.sasl.password=hunter2', /is a secret/],
    ['producer.override.sasl.jaas.config=', /is a secret/],
    ['connector.class=x', /another connector/],
    ['tasks.max=9', /remedy of its own/],
    ['topics=orders', /it is so already/],
    ['nonsense', /not of the form/],
  ])('"%s" is refused with what works', async (argument, reason) => {
    const b = await bench();
    const outcome = refusedPlan(await b.planOf('set-key', argument));
    expect(outcome.reason).toMatch(reason);
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
    expect(b.connect.mutations()).toEqual([]);
  });
});

describe('the state of a connector', () => {
  it('is paused by its name and resumed by the undo, which asks for less', async () => {
    const b = await bench();
    const plan = planned(await b.planOf('pause'));
    expect(plan).toMatchObject({
      confirm: 'mm2-source',
      changes: [{ key: 'state', from: 'RUNNING', to: 'PAUSED' }],
    });
    expect(states(await b.run(plan)).at(-1)).toBe('done');
    expect(b.connect.connector('mm2-source').state).toBe('PAUSED');
    const undo = planned(await b.gate.planUndo(plan.id, never));
    expect(undo.confirm).toBe('yes');
    expect(states(await b.run(undo)).at(-1)).toBe('done');
    expect(sent(b)).toEqual(['PUT /pause', 'PUT /resume']);
  });

  it('is stopped, which ends its tasks, and resumed', async () => {
    const b = await bench();
    expect(states(await b.run(planned(await b.planOf('stop')))).at(-1)).toBe('done');
    expect(b.connect.connector('mm2-source').tasks()).toEqual([]);
    b.show({ state: seen('STOPPED', now) });
    await b.clock.advance(10_000);
    expect(states(await b.run(planned(await b.planOf('resume')))).at(-1)).toBe('done');
    expect(b.connect.connector('mm2-source').tasks()).toHaveLength(4);
  });

  it('can not be STOPPED before Connect 3.5', async () => {
    const b = await bench({ version: '3.4.1' });
    expect(refusedPlan(await b.planOf('stop')).instead.join()).toMatch(/pause/);
  });

  it('that someone else has paused meanwhile is not paused again', async () => {
    const b = await bench();
    const plan = planned(await b.planOf('pause'));
    b.connect.connector('mm2-source').enter('PAUSED');
    await b.clock.advance(10_000);
    const steps = await b.run(plan);
    expect(states(steps)).toEqual(['re-reading', 'moved']);
    expect(steps.at(-1)?.text).toMatch(/changed since the plan was made: state/);
    expect(b.connect.mutations()).toEqual([]);
  });

  it('of which the write was answered by nobody is found out, and sent once', async () => {
    const b = await bench();
    b.connect.fault = 'write-times-out-though-applied';
    expect(states(await b.run(planned(await b.planOf('pause'))))).toContain('applied');
    expect(b.connect.mutations()).toHaveLength(1);
  });
});

describe('a restart', () => {
  /** Fails the second and third task, in Connect and in what the model knows. */
  function fail(b: Bench): void {
    for (const task of b.connect.connector('mm2-source').tasks().slice(1, 3))
      Object.assign(task, { state: 'FAILED', trace: 'java.lang.IllegalStateException: no' });
    b.show({
      tasks: b.flow().tasks.map((task, i) => (i === 1 || i === 2 ? { ...task, state: 'FAILED' } : task)),
    });
  }

  it('of what failed leaves alone what runs, and is nothing that could be undone', async () => {
    const b = await bench();
    fail(b);
    const plan = planned(await b.planOf('restart-failed'));
    expect(plan).toMatchObject({ confirm: 'yes', irrevocable: true });
    expect(plan.changes).toEqual([
      { key: 'task 1', from: 'FAILED', to: 'RUNNING' },
      { key: 'task 2', from: 'FAILED', to: 'RUNNING' },
    ]);
    expect(states(await b.run(plan)).at(-1)).toBe('done');
    expect(
      b.connect
        .connector('mm2-source')
        .tasks()
        .map(t => t.state),
    ).toEqual(Array(4).fill('RUNNING'));
    expect(b.connect.mutations().map(r => `${r.method} ${r.query.toString()}`)).toEqual([
      'POST includeTasks=true&onlyFailed=true',
    ]);
    expect(isRefusal(await b.gate.planUndo(plan.id, never))).toBe(true);
  });

  it('is refused within a minute of the last, and after five in an hour', async () => {
    const b = await bench();
    fail(b);
    const restarts = { total: 9, lastHour: 1, last: b.clock.now() - 20_000 };
    const failedTasks = b.flow().tasks;
    b.show({ tasks: failedTasks, restarts });
    expect(refusedPlan(await b.planOf('restart-failed')).reason).toMatch(/restarted 20s ago: wait/);
    b.show({ tasks: failedTasks, restarts: { total: 9, lastHour: 5, last: b.clock.now() - 600_000 } });
    expect(refusedPlan(await b.planOf('restart-failed')).reason).toMatch(/feeds the storm/);
  });

  it('of one task names it, and of a task that is not there is refused', async () => {
    const b = await bench();
    expect(states(await b.run(planned(await b.planOf('restart-task', '2')))).at(-1)).toBe('done');
    expect(sent(b)).toEqual(['POST /tasks/2/restart']);
    expect(refusedPlan(await b.planOf('restart-task', '7')).reason).toMatch(/it has 0, 1, 2, 3/);
  });

  it('of all goes out with its tasks', async () => {
    const b = await bench();
    expect(states(await b.run(planned(await b.planOf('restart-all')))).at(-1)).toBe('done');
    expect(b.connect.mutations()[0]?.query.get('onlyFailed')).toBe('false');
  });

  it('with an answer that was lost leaves no trace: it is not known, and not sent again', async () => {
    const b = await bench();
    b.connect.fault = 'write-times-out-though-applied';
    const steps = await b.run(planned(await b.planOf('restart-all')));
    expect(steps.at(-1)).toMatchObject({
      state: 'unknown',
      text: expect.stringMatching(/no trace/) as string,
    });
    expect(b.connect.mutations()).toHaveLength(1);
  });
});

describe('where Strimzi owns the connector', () => {
  it.each([
    ['producer-throughput', '', /"producer\.override\.batch\.size":"65536"/],
    ['set-key', 'topics=a', /"config":\{"topics":"a"\}/],
    ['pause', '', /"state":"paused"/],
    ['restart-all', '', /strimzi\.io\/restart=true/],
    ['restart-task', '2', /strimzi\.io\/restart-task=2/],
  ])('%s prints the patch of the custom resource, and asks nothing', async (action, argument, patch) => {
    const b = await bench({ managedBy: 'strimzi' });
    expect(refusedPlan(await b.planOf(action, argument)).instead.join('\n')).toMatch(patch);
    expect(b.connect.requests).toEqual([]);
  });
});
