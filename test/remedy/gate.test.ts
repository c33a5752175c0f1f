import { appendFile, chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { planted } from '../support/simulated-mirror.js';
import {
  collect,
  planned,
  refusedPlan,
  startBench,
  states,
  target,
  type Bench,
  type BenchSetup,
} from './bench.js';

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

const tasksMax = (b: Bench): string | undefined => b.connect.connector('mm2-source').config['tasks.max'];

describe('a change that goes well', () => {
  it('is re-read, applied, verified, watched and done', async () => {
    const b = await bench();
    const steps = await b.run(await b.plan());
    expect(states(steps)).toEqual([
      're-reading',
      'applying',
      'applied',
      'verifying',
      'verified',
      'watching',
      'done',
    ]);
    expect(tasksMax(b)).toBe('6');
    expect(b.connect.mutations().map(r => `${r.method} ${r.body}`)).toEqual(['PATCH {"tasks.max":"6"}']);
  });

  it('is verified only when the new tasks run, not while the old ones are still listed', async () => {
    const b = await bench();
    const steps = await b.run(await b.plan());
    const applied = steps.find(s => s.state === 'applied')?.at ?? NaN;
    const verified = steps.find(s => s.state === 'verified');
    expect(verified?.text).toBe('6 tasks run, 8s after the change');
    expect((verified?.at ?? NaN) - applied).toBeGreaterThanOrEqual(6_500);
  });

  it('shows the effect before and after', async () => {
    const b = await bench();
    const done = (await b.run(await b.plan())).at(-1);
    expect(done?.effect).toEqual({
      what: 'write/s',
      before: 1060,
      after: 1590,
      expected: 'up to 1.59k',
      line: [1060, 1060, 1060, 1060, 1060, 1060, 1590, 1590, 1590, 1590, 1590, 1590],
    });
    expect(done?.text).toBe('write/s 1.06k → 1.59k: it rose; expected: up to 1.59k');
  });

  it('keeps every other key, secrets and references included', async () => {
    const b = await bench();
    const before = { ...b.connect.connector('mm2-source').config };
    await b.run(await b.plan());
    expect(b.connect.connector('mm2-source').config).toEqual({ ...before, 'tasks.max': '6' });
  });
});

describe('a Connect before 3.8', () => {
  it('gets the whole configuration by PUT, with its secrets as they are', async () => {
    const b = await bench({ version: '3.7.2' });
    const before = { ...b.connect.connector('mm2-source').config };
    const steps = await b.run(await b.plan());
    expect(steps.at(-1)?.state).toBe('done');
    expect(b.connect.mutations().map(r => r.method)).toEqual(['PUT']);
    expect(JSON.parse(b.connect.mutations()[0]?.body ?? '')).toEqual({ ...before, 'tasks.max': '6' });
  });

  it('is left alone where it shows its secrets masked: the mask would be stored', async () => {
    const b = await bench({ version: '3.7.2', config: { 'source.cluster.sasl.password': '********' } });
    const steps = await b.run(await b.plan());
    expect(steps.at(-1)).toMatchObject({ state: 'refused' });
    expect(steps.at(-1)?.text).toContain('source.cluster.sasl.password');
    expect(b.connect.mutations()).toEqual([]);
  });
});

describe('nothing is changed', () => {
  it('in read-only mode, though the plan is shown', async () => {
    const b = await bench({ mode: 'read-only' });
    const plan = await b.plan();
    expect(plan.changes).toEqual([{ key: 'tasks.max', from: '4', to: '6' }]);
    const steps = await b.run(plan);
    expect(steps).toMatchObject([{ state: 'refused', text: expect.stringMatching(/read-only/) as string }]);
    expect(b.connect.mutations()).toEqual([]);
    await expect(stat(b.auditFile)).rejects.toThrow();
  });

  it.each(['', 'mm2', 'MM2-SOURCE', 'mm2-source ', 'yes'])('when "%s" is typed', async typed => {
    const b = await bench();
    const steps = await b.run(await b.plan(), typed);
    expect(steps).toMatchObject([
      { state: 'refused', text: '"mm2-source" was not typed: nothing was changed' },
    ]);
    expect(b.connect.mutations()).toEqual([]);
  });

  it.each([
    ['the same key', { 'tasks.max': '5' }, { from: '5', to: '8' }],
    ['another key', { topics: 'orders,payments' }, { from: '4', to: '6' }],
    ['a secret', { 'source.cluster.sasl.password': 'hunter2-new' }, { from: '4', to: '6' }],
  ])('when someone changed %s in between: the plan is made anew', async (_, edit, change) => {
    const b = await bench();
    const plan = await b.plan();
    const connector = b.connect.connector('mm2-source');
    connector.reconfigure({ ...connector.config, ...edit });
    await b.clock.advance(10_000);
    const steps = await b.run(plan);
    expect(states(steps)).toEqual(['re-reading', 'moved']);
    expect(steps.at(-1)?.text).toContain(Object.keys(edit)[0]);
    expect(steps.at(-1)?.plan?.changes).toEqual([{ key: 'tasks.max', ...change }]);
    expect(b.connect.mutations()).toEqual([]);

    const again = steps.at(-1)?.plan;
    expect(again && states(await b.run(again)).at(-1)).toBe('done');
    expect(tasksMax(b)).toBe(change.to);
  });

  it('when someone changes it while the change is validated', async () => {
    const b = await bench();
    const plan = await b.plan();
    b.connect.onRequest = ({ path }) => {
      const connector = b.connect.connector('mm2-source');
      if (path.endsWith('/validate')) connector.reconfigure({ ...connector.config, topics: 'payments' });
    };
    expect(states(await b.run(plan))).toEqual(['re-reading', 'moved']);
    expect(b.connect.mutations()).toEqual([]);
  });

  it('while Connect rebalances, which it says at the first reading', async () => {
    const b = await bench();
    const plan = await b.plan();
    b.connect.fault = 'rebalancing';
    const steps = await b.run(plan);
    expect(states(steps)).toEqual(['re-reading', 'refused']);
    expect(steps.at(-1)?.text).toMatch(/rebalancing.*nothing was changed/);
  });

  it('while Connect rebalances, which it says to the write, and then the plan still holds', async () => {
    const b = await bench();
    const plan = await b.plan();
    b.connect.fault = 'rebalancing-writes';
    const steps = await b.run(plan);
    expect(states(steps)).toEqual(['re-reading', 'applying', 'refused']);
    expect(b.connect.mutations()).toHaveLength(1);
    expect(tasksMax(b)).toBe('4');

    b.connect.fault = undefined;
    expect(states(await b.run(plan)).at(-1)).toBe('done');
  });

  it('while tasks move between workers', async () => {
    const b = await bench();
    const plan = await b.plan();
    const task = b.connect.connector('mm2-source').tasks()[1];
    if (task) task.state = 'UNASSIGNED';
    const steps = await b.run(plan);
    expect(steps.at(-1)).toMatchObject({
      state: 'refused',
      text: 'task 1 is between workers: Connect rebalances: nothing was changed',
    });
    expect(b.connect.mutations()).toEqual([]);
  });

  it('when Connect does not accept it', async () => {
    const b = await bench();
    b.connect.invalid.set('tasks.max', 'Value {} must be at most 5');
    const steps = await b.run(await b.plan());
    expect(steps.at(-1)?.text).toBe(
      'Connect would not accept it (tasks.max: Value 6 must be at most 5): nothing was changed',
    );
    expect(b.connect.mutations()).toEqual([]);
  });

  it('when the workers forbid overrides; it says what to set there instead', async () => {
    const b = await bench();
    const key = 'producer.override.batch.size';
    b.connect.invalid.set(
      key,
      "The 'None' policy does not allow 'batch.size' to be overridden in the connector configuration.",
    );
    const steps = await b.run(planned(await b.planOf('batch-size')));
    expect(steps.at(-1)?.text).toMatch(
      /override\.policy forbids it: set it to All, or producer\.batch\.size=65536 for all connectors/,
    );
    expect(b.connect.mutations()).toEqual([]);
  });

  it('when it writes to another cluster than the context says', async () => {
    const b = await bench({ expectedClusterId: 'another-cluster' });
    const steps = await b.run(await b.plan());
    expect(steps.at(-1)?.text).toMatch(/^this Connect writes to Kafka cluster .*, not another-cluster/);
    expect(b.connect.mutations()).toEqual([]);
  });

  it.each(['strimzi', 'file'] as const)(
    'where %s owns the configuration; it says what to edit instead',
    async managedBy => {
      const b = await bench({ managedBy });
      const refusal = refusedPlan(await b.gate.plan('tasks-max', target, '', never));
      expect(refusal.reason).toMatch(/owns this configuration/);
      expect(refusal.instead.join('\n')).toMatch(/[tT]asks.?[mM]ax.*6/);
      expect(b.connect.requests).toEqual([]);
    },
  );

  it('while another change is under way', async () => {
    const b = await bench();
    const plan = await b.plan();
    const first = b.gate.run(plan, plan.confirm, never);
    await first.next();
    const second = await collect(b.gate.run(plan, plan.confirm, never));
    expect(second).toMatchObject([
      { state: 'refused', text: expect.stringMatching(/one at a time/) as string },
    ]);
    expect(states(await collect(first)).at(-1)).toBe('done');
    expect(b.connect.mutations()).toHaveLength(1);
  });

  it('twice by one plan', async () => {
    const b = await bench();
    const plan = await b.plan();
    await b.run(plan);
    expect(await b.run(plan)).toMatchObject([{ state: 'refused' }]);
    expect(b.connect.mutations()).toHaveLength(1);
  });

  it('by a plan that this gate did not make, or that was altered on its way', async () => {
    const b = await bench();
    const plan = await b.plan();
    expect(await b.run({ ...plan, id: 'other' })).toMatchObject([{ state: 'refused' }]);
    await b.run({ ...plan, changes: [{ key: 'tasks.max', from: '4', to: '500' }] });
    expect(tasksMax(b)).toBe('6');
  });

  it('when kmon is told to stop before it began', async () => {
    const b = await bench();
    const plan = await b.plan();
    const stop = new AbortController();
    b.connect.onRequest = ({ path }) => {
      if (path.endsWith('/validate')) stop.abort();
    };
    const steps = await collect(b.gate.run(plan, plan.confirm, stop.signal));
    expect(steps.at(-1)?.state).toBe('refused');
    expect(b.connect.mutations()).toEqual([]);
  });
});

describe('a write without a clear answer', () => {
  it('that was applied is found out, verified and never sent again', async () => {
    const b = await bench();
    b.connect.fault = 'write-times-out-though-applied';
    const steps = await b.run(await b.plan());
    expect(states(steps)).toEqual([
      're-reading',
      'applying',
      'applied',
      'verifying',
      'verified',
      'watching',
      'done',
    ]);
    expect(steps.find(s => s.state === 'applied')?.text).toMatch(
      /did not confirm it .* read again: it is applied/,
    );
    expect(b.connect.mutations()).toHaveLength(1);
  });

  it('that was not applied is found out too, after a while, and not sent again', async () => {
    const b = await bench();
    b.connect.fault = 'write-times-out';
    const steps = await b.run(await b.plan());
    expect(steps.at(-1)).toMatchObject({
      state: 'failed',
      text: expect.stringMatching(/^not applied/) as string,
    });
    expect(b.connect.mutations()).toHaveLength(1);
    expect(tasksMax(b)).toBe('4');
  });

  it('stays unknown while Connect can not be read', async () => {
    const b = await bench();
    const plan = await b.plan();
    b.connect.onRequest = ({ method }) => {
      if (method === 'PATCH') b.connect.fault = 'write-times-out-though-applied';
      else if (b.connect.mutations().length > 0) b.connect.fault = 'rebalancing';
    };
    const steps = await b.run(plan);
    expect(steps.at(-1)?.state).toBe('unknown');
    expect(b.connect.mutations()).toHaveLength(1);
  });

  it('that hangs is waited for no longer than Connect itself would work on it', async () => {
    const b = await bench();
    const plan = await b.plan();
    b.connect.fault = 'write-hangs-though-applied';
    const running = b.run(plan);
    while (b.connect.mutations().length === 0) await b.clock.advance(0);
    await b.clock.advance(95_000);
    expect(states(await running)).toContain('applied');
    expect(b.connect.mutations()).toHaveLength(1);
  });
});

describe('what can not be verified', () => {
  it('is said to have failed, with the task that does not run', async () => {
    const b = await bench();
    const plan = await b.plan();
    b.connect.onRequest = ({ method }) => {
      if (method !== 'GET') return;
      const task = b.connect.connector('mm2-source').tasks()[5];
      if (task)
        Object.assign(task, {
          state: 'FAILED',
          trace: 'org.apache.kafka.common.errors.TopicAuthorizationException: no',
        });
    };
    const steps = await b.run(plan);
    expect(steps.at(-1)).toMatchObject({
      state: 'failed',
      text: expect.stringMatching(
        /not so after 2m: task 5 is FAILED \(.*TopicAuthorizationException/,
      ) as string,
    });
    expect(planned(await b.gate.planUndo(plan.id, never)).changes).toEqual([
      { key: 'tasks.max', from: '6', to: '4' },
    ]);
  });

  it('is said to have failed when someone else changes it right after', async () => {
    const b = await bench();
    const plan = await b.plan();
    b.connect.onRequest = ({ method }) => {
      const connector = b.connect.connector('mm2-source');
      if (method === 'GET' && connector.config['tasks.max'] === '6') {
        connector.reconfigure({ ...connector.config, 'tasks.max': '9' });
      }
    };
    expect((await b.run(plan)).at(-1)).toMatchObject({
      state: 'failed',
      text: expect.stringMatching(/not what was written: tasks\.max/) as string,
    });
  });
});

describe('an undo', () => {
  it('goes through the same gate and brings four tasks back', async () => {
    const b = await bench();
    const plan = await b.plan();
    await b.run(plan);
    const undo = planned(await b.gate.planUndo(plan.id, never));
    expect(undo).toMatchObject({
      title: 'Undo: Raise tasks.max of mm2-source on us',
      undoes: plan.id,
      confirm: 'mm2-source',
      changes: [{ key: 'tasks.max', from: '6', to: '4' }],
    });
    expect(states(await b.run(undo, 'something else'))).toEqual(['refused']);
    const steps = await b.run(undo);
    expect(steps.find(s => s.state === 'verified')?.text).toMatch(/^4 tasks run/);
    expect(steps.at(-1)?.state).toBe('done');
    expect(tasksMax(b)).toBe('4');
  });

  it('need not wait until the effect was watched, and ends that watch', async () => {
    const b = await bench();
    const plan = await b.plan();
    const first = b.gate.run(plan, plan.confirm, never);
    for await (const step of { [Symbol.asyncIterator]: () => ({ next: () => first.next() }) })
      if (step.state === 'watching') break;
    const undo = planned(await b.gate.planUndo(plan.id, never));
    expect(states(await b.run(undo)).at(-1)).toBe('done');
    expect(tasksMax(b)).toBe('4');
    const rest = await collect(first);
    expect(rest.at(-1)).toMatchObject({
      state: 'done',
      text: 'applied and verified; the effect was not watched to the end',
    });
  });

  it('waits while the change is not verified', async () => {
    const b = await bench();
    const plan = await b.plan();
    const first = b.gate.run(plan, plan.confirm, never);
    for await (const step of { [Symbol.asyncIterator]: () => ({ next: () => first.next() }) })
      if (step.state === 'applied') break;
    const undo = planned(await b.gate.planUndo(plan.id, never));
    expect(await b.run(undo)).toMatchObject([
      { state: 'refused', text: expect.stringMatching(/one at a time/) as string },
    ]);
    await collect(first);
  });

  it('is refused where someone has changed the key since', async () => {
    const b = await bench();
    const plan = await b.plan();
    await b.run(plan);
    const connector = b.connect.connector('mm2-source');
    connector.reconfigure({ ...connector.config, 'tasks.max': '10' });
    const refusal = refusedPlan(await b.gate.planUndo(plan.id, never));
    expect(refusal.reason).toBe('changed since: tasks.max is 10, not 6');
  });

  it('is refused of a plan that was not carried out, or is not known', async () => {
    const b = await bench();
    const plan = await b.plan();
    expect(refusedPlan(await b.gate.planUndo(plan.id, never)).reason).toMatch(/not applied/);
    expect(refusedPlan(await b.gate.planUndo('other', never)).reason).toMatch(/does not remember/);
  });

  it('takes a key away that was not set before', async () => {
    const b = await bench();
    const connector = b.connect.connector('mm2-source');
    const { 'tasks.max': unset, ...rest } = connector.config;
    expect(unset).toBe('4');
    connector.reconfigure(rest);
    await b.clock.advance(10_000);
    const plan = await b.plan();
    expect(plan.changes).toEqual([{ key: 'tasks.max', from: undefined, to: '2' }]);
    await b.run(plan);
    const undo = planned(await b.gate.planUndo(plan.id, never));
    await b.run(undo);
    expect(b.connect.mutations().at(-1)?.body).toBe('{"tasks.max":null}');
    expect(tasksMax(b)).toBeUndefined();
  });
});

describe('what is offered', () => {
  it('is disabled with the reason', async () => {
    const b = await bench();
    const disabled = (flow: Parameters<Bench['show']>[0]): string | undefined => {
      b.show(flow);
      return b.gate
        .offers({ kind: 'flow', id: 'us/mm2-source' }, [])
        .find(offer => offer.action === 'tasks-max')?.disabled;
    };
    expect(disabled({})).toBeUndefined();
    expect(disabled({ kind: 'sink' })).toBe('only for source connectors of MirrorMaker 2');
    expect(disabled({ state: { value: 'PAUSED', at: 0 } })).toBe('the connector is PAUSED');
    expect(disabled({ connect: 'elsewhere' })).toBe('this context has no Connect cluster elsewhere');
  });
});

describe('the audit file', () => {
  it('has a line a step, with who, where, what and how it went', async () => {
    const b = await bench();
    const plan = await b.plan();
    const steps = await b.run(plan);
    const lines = await b.audit();
    expect(lines.map(l => l['state'])).toEqual(steps.map(s => s.state));
    expect(lines[1]).toMatchObject({
      time: expect.stringMatching(/^2026-11-22T14:32:/) as string,
      user: 'ada',
      host: 'bastion',
      context: 'eu-us',
      plan: plan.id,
      action: 'tasks-max',
      target,
      changes: [{ key: 'tasks.max', from: '4', to: '6' }],
      state: 'applying',
      text: 'set tasks.max=6: mm2-source',
    });
  });

  it('is readable by its owner alone, and so is its folder', async () => {
    const b = await bench();
    await b.run(await b.plan());
    expect((await stat(b.auditFile)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(b.auditFile))).mode & 0o777).toBe(0o700);
    await chmod(b.auditFile, 0o644);
    await b.run(planned(await b.gate.plan('tasks-max', target, '', never)));
    expect((await stat(b.auditFile)).mode & 0o777).toBe(0o600);
  });

  it('only grows', async () => {
    const b = await bench();
    await b.run(await b.plan(), 'wrong');
    const before = await readFile(b.auditFile, 'utf8');
    await b.run(await b.plan());
    expect((await readFile(b.auditFile, 'utf8')).startsWith(before)).toBe(true);
  });

  it('must be writable, or nothing is applied', async () => {
    const b = await bench();
    await mkdir(b.auditFile, { recursive: true });
    const steps = await b.run(await b.plan());
    expect(steps).toMatchObject([
      {
        state: 'refused',
        text: expect.stringMatching(/audit file can not be written .*nothing was changed/) as string,
      },
    ]);
    expect(b.connect.mutations()).toEqual([]);
  });
});

describe('a kmon that was killed between applying and verifying', () => {
  /** Runs a plan as far as `state` and no further, as a kill does. */
  async function killedAt(b: Bench, state: string): Promise<void> {
    const plan = await b.plan();
    for await (const step of b.gate.run(plan, plan.confirm, never)) if (step.state === state) return;
  }

  it('is told of at the next start, with what is known now, and only once', async () => {
    const b = await bench();
    await killedAt(b, 'applied');
    await asIfDead(b);
    const [earlier, ...more] = await b.gate.earlier(never);
    expect(more).toEqual([]);
    expect(earlier?.step).toMatchObject({
      state: 'done',
      text: expect.stringMatching(
        /^tasks\.max 4 → 6 of mm2-source: kmon \d+ of ada@bastion ended while it was applied; read now: it is applied$/,
      ) as string,
    });
    expect(await b.gate.earlier(never)).toEqual([]);
    expect((await b.audit()).at(-1)).toMatchObject({ state: 'done', plan: earlier?.change.id });
  });

  it('is said to have changed nothing where all is as before', async () => {
    const b = await bench();
    await killedAt(b, 'applying');
    await asIfDead(b);
    expect((await b.gate.earlier(never))[0]?.step).toMatchObject({
      state: 'failed',
      text: expect.stringMatching(/read now: all is as before$/) as string,
    });
  });

  it('is not taken for one that still lives', async () => {
    const b = await bench();
    await killedAt(b, 'applied');
    expect((await b.gate.earlier(never))[0]?.step.text).toMatch(/is still at it \(applied\)$/);
    expect((await b.audit()).at(-1)).toMatchObject({ state: 'applied' });
  });

  it('may leave a line that is cut in the middle: it is passed over, and takes no other with it', async () => {
    const b = await bench();
    await killedAt(b, 'applied');
    await asIfDead(b);
    await appendFile(b.auditFile, '{"time":"2026-11-2');
    expect(await b.gate.earlier(never)).toHaveLength(1);
    expect(await b.gate.earlier(never)).toEqual([]);
  });

  /** The process ids of the lines become one that is nobody's. */
  async function asIfDead(b: Bench): Promise<void> {
    const text = await readFile(b.auditFile, 'utf8');
    await writeFile(b.auditFile, text.replaceAll(`"pid":${process.pid}`, '"pid":4194304'));
  }
});

describe('two kmons', () => {
  it('do not fight: the second sees that the world moved, and plans anew', async () => {
    const b = await bench();
    const second = b.rival();
    const [mine, theirs] = [await b.plan(), planned(await second.plan('tasks-max', target, '', never))];
    await b.run(mine);
    await b.clock.advance(10_000);
    const steps = await collect(second.run(theirs, theirs.confirm, never));
    expect(states(steps)).toEqual(['re-reading', 'moved']);
    expect(steps.at(-1)?.plan?.changes).toEqual([{ key: 'tasks.max', from: '6', to: '9' }]);
    expect(b.connect.mutations()).toHaveLength(1);
  });
});

describe('secrets', () => {
  it('appear in no plan, no step and no line of the audit file, whatever happens', async () => {
    const b = await bench({ version: '3.7.2' });
    const everything: unknown[] = [];
    const plan = await b.plan();
    everything.push(plan);
    b.connect.invalid.set(
      'source.cluster.sasl.password',
      'Invalid value {} for configuration source.cluster.sasl.password',
    );
    everything.push(await b.run(plan));
    b.connect.invalid.clear();
    const connector = b.connect.connector('mm2-source');
    connector.reconfigure({ ...connector.config, 'source.cluster.sasl.password': 'hunter2-changed' });
    await b.clock.advance(10_000);
    everything.push(await b.run(plan));
    const again = await b.plan();
    everything.push(again, await b.run(again));
    everything.push(await b.gate.planUndo(again.id, never));
    const text = JSON.stringify(everything) + (await readFile(b.auditFile, 'utf8'));
    for (const secret of [...Object.values(planted), 'hunter2']) expect(text).not.toContain(secret);
    expect(connector.config['source.cluster.sasl.password']).toBe('hunter2-changed');
  });
});
