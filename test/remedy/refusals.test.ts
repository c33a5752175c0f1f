import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Step, Target } from '../../source/remedy/plan.js';
import { planned, startBench, states, target as connector, type Bench, type BenchSetup } from './bench.js';
import { secret, startKafkaBench, type KafkaBench, type KafkaBenchSetup } from './kafka-bench.js';
import type { Killed } from './killed-kmon.js';

/** Every way in which a change does not happen, or is not known to have happened, for every kind of thing that can be changed. */

const benches: (Bench | KafkaBench)[] = [];
const children: ChildProcess[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(benches.splice(0).map(b => b.stop()));
});

async function kafkaBench(setup: KafkaBenchSetup = {}): Promise<KafkaBench> {
  const made = await startKafkaBench(setup);
  benches.push(made);
  return made;
}

async function connectBench(setup: BenchSetup = {}): Promise<Bench> {
  const made = await startBench(setup);
  benches.push(made);
  return made;
}

type Kind = {
  readonly action: string;
  readonly target: Target;
  readonly argument: string;
  /** The request that changes it. */
  readonly api: number;
  readonly request: string;
  /** How often it is sent: some are asked first whether they would be accepted. */
  readonly sent: number;
  /** What someone else does to it between the plan and the confirmation. */
  readonly moves: (b: KafkaBench) => void;
  readonly moved: RegExp;
};

const kinds: Readonly<Record<'topic' | 'quota' | 'group' | 'cluster', Kind>> = {
  topic: {
    action: 'lengthen-retention',
    target: { kind: 'topic', cluster: 'us', topic: 'orders' },
    argument: '',
    api: 44,
    request: 'IncrementalAlterConfigs',
    sent: 2,
    moves: b => {
      const topic = b.us.state.topics['orders'];
      if (topic) topic.configs = { ...topic.configs, 'retention.ms': '1000' };
    },
    moved: /retention\.ms/,
  },
  quota: {
    action: 'raise-quota',
    target: { kind: 'quota', cluster: 'us', user: 'mm2-user' },
    argument: '',
    api: 49,
    request: 'AlterClientQuotas',
    sent: 2,
    moves: b => {
      const quota = b.us.state.quotas.find(q => q.entity.user === 'mm2-user');
      if (quota) quota.values['producer_byte_rate'] = 70_000;
    },
    moved: /producer_byte_rate/,
  },
  group: {
    action: 'reset-offsets',
    target: { kind: 'group', cluster: 'us', group: 'stopped' },
    argument: 'orders earliest',
    api: 8,
    request: 'OffsetCommit',
    sent: 1,
    moves: b => {
      const offsets = b.us.state.groups['stopped']?.committed['orders'];
      if (offsets) offsets[1] = 950;
    },
    moved: /orders\/1/,
  },
  cluster: {
    action: 'elect-leaders',
    target: { kind: 'cluster', cluster: 'us' },
    argument: '',
    api: 43,
    request: 'ElectLeaders',
    sent: 1,
    moves: b => {
      const partition = b.us.state.topics['orders']?.partitions[1];
      if (partition) partition.leader = 2;
    },
    moved: /leader of orders\/1/,
  },
};

const told = (steps: readonly Step[]): string =>
  steps.map(step => `${step.state}: ${step.text}`).at(-1) ?? '';
const stateOf = (b: KafkaBench): string =>
  JSON.stringify([b.us.state.topics, b.us.state.quotas, b.us.state.groups]);

describe.each(Object.entries(kinds))('a change of a %s', (_, kind) => {
  const plan = async (b: KafkaBench) => planned(await b.planOf(kind.action, kind.target, kind.argument));
  const afflict = (b: KafkaBench, fault: KafkaBench['us']['state']['brokers'][number]['fault']): void => {
    for (const broker of b.us.state.brokers) broker.faults[kind.api] = fault;
  };

  it('is planned and refused in read-only mode', async () => {
    const b = await kafkaBench({ mode: 'read-only' });
    expect(told(await b.run(await plan(b)))).toMatch(/^refused: kmon is read-only/);
    expect(b.writes()).toEqual([]);
  });

  it('is refused in another cluster than the context names', async () => {
    const b = await kafkaBench({ expectedClusterId: 'the-real-one' });
    expect(told(await b.run(await plan(b)))).toMatch(
      /^refused: us is Kafka cluster .*, not the-real-one: nothing was changed/,
    );
    expect(b.writes()).toEqual([]);
  });

  it('is refused where another word is typed', async () => {
    const b = await kafkaBench();
    expect(told(await b.run(await plan(b), 'yess'))).toMatch(/^refused: "\S+" was not typed/);
    expect(b.writes()).toEqual([]);
  });

  it('is refused where the user may only look, and nothing is changed', async () => {
    const b = await kafkaBench({ as: 'watcher' });
    const before = stateOf(b);
    expect(told(await b.run(await plan(b)))).toMatch(/^refused: .*AUTHORIZATION_FAILED/);
    expect(stateOf(b)).toBe(before);
  });

  it('is not applied where the world moved: the new diff is shown', async () => {
    const b = await kafkaBench();
    const made = await plan(b);
    kind.moves(b);
    const steps = await b.run(made);
    expect(states(steps)).toEqual(['re-reading', 'moved']);
    expect(told(steps)).toMatch(kind.moved);
    expect(b.writes()).toEqual([]);
  });

  it('is not sent again where the connection ends before an answer; that it was not applied is found out', async () => {
    const b = await kafkaBench();
    const made = await plan(b);
    const before = stateOf(b);
    await unasked(
      b,
      kind,
      () => afflict(b, 'closing'),
      made,
      steps => {
        expect(told(steps)).toMatch(/^failed: not applied/);
      },
    );
    expect(stateOf(b)).toBe(before);
    expect(b.writes()).toEqual(Array<string>(kind.sent).fill(kind.request));
  });

  it('is not sent again where the answer is no Kafka at all', async () => {
    const b = await kafkaBench();
    const made = await plan(b);
    const garbage = Buffer.from('HTTP/1.1 500 Internal Server Error\r\n\r\n');
    await unasked(
      b,
      kind,
      () => afflict(b, { garbage }),
      made,
      steps => {
        expect(told(steps)).toMatch(/^failed: not applied/);
      },
    );
    expect(b.writes()).toEqual(Array<string>(kind.sent).fill(kind.request));
  });

  it('is found out to be applied where the answer was lost on its way', async () => {
    const b = await kafkaBench();
    const made = await plan(b);
    await unasked(
      b,
      kind,
      () => afflict(b, 'half'),
      made,
      steps => {
        expect(steps.find(step => step.state === 'applied')?.text).toMatch(
          /did not confirm it .*read again: it is applied/,
        );
        expect(steps.at(-1)?.state).toBe('done');
      },
    );
    expect(b.writes()).toEqual(Array<string>(kind.sent).fill(kind.request));
  });

  it('is waited for no longer than the time-out, and then found out', async () => {
    const b = await kafkaBench();
    const made = await plan(b);
    await unasked(
      b,
      kind,
      () => afflict(b, 'hung'),
      made,
      steps => {
        expect(told(steps)).toMatch(/^failed: not applied/);
      },
    );
  });

  it('is told of by the next start where kmon was killed after it was applied', async () => {
    const b = await kafkaBench();
    await killed(b, kind, 'applied');
    const [earlier, ...more] = await b.gate.earlier(never);
    expect(more).toEqual([]);
    expect(earlier?.step).toMatchObject({
      state: 'done',
      text: expect.stringMatching(
        /: kmon \d+ of ada@bastion ended while it was applied; read now: it is applied$/,
      ) as string,
    });
    expect(await b.gate.earlier(never)).toEqual([]);
  });

  it('is told of by the next start where kmon was killed before it was sent', async () => {
    const b = await kafkaBench();
    const before = stateOf(b);
    await killed(b, kind, 'applying');
    expect(stateOf(b)).toBe(before);
    expect((await b.gate.earlier(never))[0]?.step).toMatchObject({
      state: 'failed',
      text: expect.stringMatching(/ended while it was applying; read now: all is as before$/) as string,
    });
  });
});

/** Runs a plan with a fault that begins right before the write itself, after whatever is asked first; time passes while it hangs. */
async function unasked(
  b: KafkaBench,
  kind: Kind,
  begin: () => void,
  plan: Parameters<KafkaBench['run']>[0],
  check: (steps: readonly Step[]) => void,
): Promise<void> {
  const steps: Step[] = [];
  let [over, waited] = [false, false];
  const run = (async () => {
    for await (const step of b.gate.run(plan, plan.confirm, never)) {
      steps.push(step);
      if (step.state === 'applying') begin();
      if (step.state === 'applied')
        for (const broker of b.us.state.brokers) Reflect.deleteProperty(broker.faults, kind.api);
    }
    over = true;
  })();
  while (!over) {
    await new Promise(resolve => setTimeout(resolve, 20));
    if (waited || b.writes().length < kind.sent || steps.at(-1)?.state !== 'applying') continue;
    // Once, for what hangs: later readings have time-outs of their own.
    waited = true;
    if (b.us.state.brokers.some(broker => broker.faults[kind.api] === 'hung')) await b.clock.advance(35_000);
  }
  await run;
  check(steps);
}

/** Starts a kmon of its own process and waits until it is killed. */
async function run(given: Killed): Promise<void> {
  const script = join(import.meta.dirname, 'killed-kmon.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(given)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.push(child);
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

function killed(b: KafkaBench, { action, target, argument }: Kind, dieAt: string): Promise<void> {
  const kafka = { bootstrap: b.us.bootstrap, username: 'admin', password: secret };
  return run({ auditFile: b.auditFile, action, target, argument, dieAt, kafka });
}

describe('a change of a connector', () => {
  const given = (b: Bench): Killed => ({
    auditFile: b.auditFile,
    action: 'tasks-max',
    target: connector,
    argument: '',
    connectUrls: b.connect.urls,
  });

  it('is told of by the next start where kmon was killed between applying and verifying', async () => {
    const b = await connectBench();
    await run({ ...given(b), dieAt: 'applied' });
    const [earlier] = await b.gate.earlier(never);
    expect(earlier?.step.text).toMatch(
      /^tasks\.max 4 → 6 of mm2-source: kmon \d+ of ada@bastion ended while it was applied; read now: it is applied$/,
    );
    expect(b.connect.connector('mm2-source').config['tasks.max']).toBe('6');
  });

  it('is told of where kmon was killed while Connect was at it, and no answer was ever read', async () => {
    const b = await connectBench();
    b.connect.onRequest = ({ method }) => {
      if (method === 'PATCH') for (const child of children) child.kill('SIGKILL');
    };
    await run(given(b));
    expect((await b.gate.earlier(never))[0]?.step.text).toMatch(
      /ended while it was applying; read now: it is applied$/,
    );
  });

  it.each([
    ['unauthenticated', /401/],
    ['unauthorised', /403/],
    ['down', /refused|reach/],
    ['html', /HTML|page/i],
  ] as const)('is refused where Connect is %s to whatever is read', async (fault, words) => {
    const b = await connectBench();
    const plan = await b.plan();
    await b.connect.setFault(fault);
    const steps = await b.run(plan);
    expect(told(steps)).toMatch(/^refused: .*nothing was changed$/);
    expect(told(steps)).toMatch(words);
    expect(b.connect.mutations()).toEqual([]);
  });
});
