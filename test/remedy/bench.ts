import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure } from '../../source/core/failure.js';
import { seen, unknown, type Known } from '../../source/core/known.js';
import { Series } from '../../source/model/series.js';
import type { FlowView, Snapshot } from '../../source/model/snapshot.js';
import { openAudit } from '../../source/remedy/audit.js';
import { createGate, type Gate, type GateOptions } from '../../source/remedy/gate.js';
import type { GateConnect } from '../../source/remedy/places.js';
import { isRefusal, type Outcome, type Plan, type Refusal, type Step } from '../../source/remedy/plan.js';
import type { SimulatedConnect } from '../../source/simulator/connect/site.js';
import { openConnect } from '../../source/wire/connect/link.js';
import { SkippingClock } from '../support/skipping-clock.js';
import { simulatedMirror } from '../support/simulated-mirror.js';
import { healthyFlow, noLoad, now } from '../support/views.js';

export const target = { kind: 'connector', connect: 'us', connector: 'mm2-source' } as const;

/** Records/s that one task of the bench's flow can carry, and that arrive. */
export const perTask = 265;
export const arrival = 2_000;

/** A gate over a simulated Connect cluster whose four tasks can not carry the load of twelve partitions. */
export type Bench = {
  readonly clock: SkippingClock;
  readonly connect: SimulatedConnect;
  readonly gate: Gate;
  /** The gate of another kmon on the same site and the same audit file. */
  readonly rival: () => Gate;
  readonly audit: () => Promise<readonly AuditLine[]>;
  readonly auditFile: string;
  /** Sets what the model says of the flow, apart from what it writes. */
  readonly show: (flow: Partial<FlowView>) => void;
  readonly flow: () => FlowView;
  readonly plan: () => Promise<Plan>;
  readonly planOf: (action: string, argument?: string) => Promise<Outcome>;
  readonly run: (plan: Plan, typed?: string) => Promise<readonly Step[]>;
  readonly stop: () => Promise<void>;
};

export type AuditLine = Readonly<Record<string, unknown>>;

export type BenchSetup = Parameters<typeof simulatedMirror>[1] &
  Partial<Pick<GateOptions, 'mode'>> &
  Partial<Omit<GateConnect, 'link'>> & {
    readonly auditFile?: string;
    /** Bytes that the heap of the worker may take. */ readonly heapMax?: number | 'unknown';
  };

export async function startBench(setup: BenchSetup = {}): Promise<Bench> {
  const clock = new SkippingClock(now);
  const folder = await mkdtemp(join(tmpdir(), 'kmon-remedy-'));
  const auditFile = setup.auditFile ?? join(folder, 'state', 'audit.jsonl');
  const connect = await simulatedMirror(clock, setup);
  const link = openConnect({ connect: 'us', urls: connect.urls, requestTimeout: 30_000 }, { clock });

  const written = new Series(1_000);
  for (let ago = 60_000; ago > 0; ago -= 5_000) written.push(now - ago, 4 * perTask);
  let shown: Partial<FlowView> = {};
  const flow = (): FlowView => {
    const running = connect
      .connector('mm2-source')
      .status()
      .filter(task => task.state === 'RUNNING');
    const rate = Math.min(arrival, running.length * perTask);
    written.push(clock.now(), rate);
    return healthyFlow({
      id: 'us/mm2-source',
      connect: 'us',
      write: { now: seen(rate, clock.now()), method: 'metrics', series: written },
      arrival: { now: seen(arrival, now), method: 'end-offsets', series: new Series(1) },
      poll: { now: seen(rate, now), method: 'metrics', series: new Series(1) },
      lag: seen({ low: 60_000, high: 61_000, method: 'bounded', rested: false }, now),
      lagSlope: seen(arrival - rate, now),
      lastFlush: now - 23_000,
      ...shown,
    });
  };
  const snapshot = (): Snapshot => ({
    revision: 1,
    at: clock.now(),
    clusters: [],
    connects: [],
    metrics: [],
    flows: [flow()],
    groups: [],
    topics: [],
    workers: [{ ...idleWorker, ...(setup.heapMax !== undefined && { heapBytes: heapBytes(setup.heapMax) }) }],
    history: { kept: 0, left: 0, bytes: 0, limit: 0, moments: { bytes: 0, limit: 0 } },
    changes: [],
  });

  const options: GateOptions = {
    mode: setup.mode ?? 'read-write',
    connects: new Map([
      [
        'us',
        {
          link,
          managedBy: setup.managedBy ?? 'rest',
          ...(setup.expectedClusterId !== undefined && { expectedClusterId: setup.expectedClusterId }),
        },
      ],
    ]),
    clusters: new Map(),
    snapshot,
    clock,
    audit: openAudit({ file: auditFile, context: 'eu-us', clock, user: 'ada', host: 'bastion' }),
  };
  const gate = createGate(options);
  const never = new AbortController().signal;

  return {
    clock,
    connect,
    gate,
    rival: () => createGate(options),
    auditFile,
    audit: async () =>
      (await readFile(auditFile, 'utf8'))
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as AuditLine),
    show: next => {
      shown = next;
    },
    flow,
    planOf: (action, argument = '') => gate.plan(action, target, argument, never),
    plan: async () => planned(await gate.plan('tasks-max', target, '', never)),
    run: async (plan, typed = plan.confirm) => collect(gate.run(plan, typed, never)),
    stop: async () => {
      link.close();
      await connect.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const idleWorker = {
  id: 'us/127.0.0.1:8083',
  connect: 'us',
  tasks: 2,
  connectors: 1,
  processCpu: seen(0.2, now),
  hostCpu: seen(0.3, now),
  hostMemory: seen(0.5, now),
  heap: seen(0.4, now),
  load: noLoad,
  heapBytes: seen(760_000_000, 0),
  gcShare: seen(0.01, 0),
  network: seen(1e6, now),
  rebalances: seen(3, now),
};

/** What a heap uses of which 0.4 are in use. */
function heapBytes(max: number | 'unknown'): Known<number> {
  return max === 'unknown' ? unknown(failure('absent', 'jvm-heap-used-bytes'), now) : seen(0.4 * max, now);
}

/** The plan; throws with the reason where it was refused. */
export function planned(outcome: Outcome): Plan {
  if (isRefusal(outcome)) throw new Error(outcome.reason);
  return outcome;
}

/** The refusal; throws where there is a plan. */
export function refusedPlan(outcome: Outcome): Refusal {
  if (!isRefusal(outcome)) throw new Error('it was planned');
  return outcome;
}

export async function collect(steps: AsyncIterable<Step>): Promise<readonly Step[]> {
  const all: Step[] = [];
  for await (const step of steps) all.push(step);
  return all;
}

export function states(steps: readonly Step[]): readonly string[] {
  return steps.map(step => step.state).filter((state, i, all) => state !== all[i - 1]);
}
