import { isKnown, valueOf } from '../../core/known.js';
import { count, percent } from '../../core/units.js';
import { hottestPartition } from '../../model/skew.js';
import type { FlowView, WorkerView } from '../../model/snapshot.js';
import { refusal, type Draft } from '../action.js';
import { curlGet } from '../by-hand.js';
import { keysDraft, restartRisk } from '../changes/config.js';
import type { ConnectorAction, ConnectorInput } from '../connector-action.js';
import { writeEffect } from '../effect.js';
import type { Plan, Refusal } from '../plan.js';
import { costOfTask, crowdedHost, limitElsewhere, unmeasured } from './limits.js';
import { outlook } from './outlook.js';

/** tasks.max grows by half, and never beyond one task a partition: MirrorSourceConnector makes min(tasks.max, partitions). */
const step = 1.5;

export const raiseTasksMax: ConnectorAction = {
  id: 'tasks-max',
  title: 'Raise tasks.max by half',
  about: {
    changes: '`tasks.max`, by half and never beyond the number of replicated partitions',
    risk: 'medium: all tasks stop and start again; each further task adds a consumer and a producer buffer to a worker',
    undo: '`tasks.max` back, with a second restart',
    byHand:
      '`curl -X PATCH …/connectors/NAME/config -d \'{"tasks.max":"6"}\'`, or PUT of the whole before Connect 3.8',
  },

  disabled(flow) {
    if (flow.kind !== 'mirror-source') return 'only for source connectors of MirrorMaker 2';
    if (!isKnown(flow.state)) return 'the state of the connector is not known';
    if (flow.state.value !== 'RUNNING') return `the connector is ${flow.state.value}`;
    return undefined;
  },

  plan(input) {
    const { target } = input;
    const before = Number(input.config('tasks.max') ?? '1');
    const partitions = replicated(input);
    const refuse = (reason: string, instead: readonly string[]): Refusal =>
      refusal(raiseTasksMax.id, target, reason, instead);
    if (!Number.isInteger(before) || before < 1) {
      return refuse(
        `tasks.max is ${input.config('tasks.max') ?? 'not set'}, which is no number of tasks`,
        [],
      );
    }
    if (partitions === undefined) {
      return refuse(
        'how many partitions it replicates is not known, so neither is how many tasks can share them',
        [curlGet(input.url, target.connector, '/tasks')],
      );
    }
    if (before >= partitions) {
      return refuse(
        `tasks.max ${before} already gives each of the ${partitions} partitions a task of its own: more would stay idle`,
        [
          'find the partition that lags alone: one task reads it, whatever tasks.max is',
          'more partitions on the source topics (this changes which partition a key goes to)',
        ],
      );
    }
    const after = Math.min(Math.ceil(before * step), partitions);
    return draft(input, { before, after, partitions });
  },

  elsewhere(owner, flow) {
    const now = valueOf(flow.tasksMax);
    const next =
      now === undefined ? '<n>' : String(Math.min(Math.ceil(now * step), flow.partitions.length || Infinity));
    return owner === 'strimzi'
      ? [
          `kubectl edit kafkamirrormaker2 <name>: spec.mirrors[].sourceConnector.tasksMax: ${next}`,
          `kubectl edit kafkaconnector ${flow.connector}: spec.tasksMax: ${next}, where it is one`,
        ]
      : [
          `set tasks.max=${next} in the file that ${flow.connector} is configured from, and apply it your way`,
        ];
  },
};

type Numbers = { readonly before: number; readonly after: number; readonly partitions: number };

function draft(input: ConnectorInput, numbers: Numbers): Draft {
  const { target, flow, workers } = input;
  const { before, after, partitions } = numbers;
  const cure = cureOf(flow, workers);
  const effect = effectOf(flow, numbers, cure.verdict === 'will-not-cure', input.tasks.length);
  const added = after - before;
  return keysDraft(input, {
    action: raiseTasksMax.id,
    title: `Raise tasks.max of ${target.connector} on ${target.connect}`,
    changes: [{ key: 'tasks.max', from: input.config('tasks.max'), to: String(after) }],
    why: whyOf(flow, input.tasks.length, partitions),
    cure,
    expect: effect.lines,
    risk: {
      level: 'medium',
      text:
        `${restartRisk(input.tasks.length)}; ` +
        `${added} more ${added === 1 ? 'task adds' : 'tasks add each'} ${costOfTask(input.config('producer.override.buffer.memory'))}`,
    },
    effect: writeEffect(target, effect.write),
    tasks: Math.min(after, partitions),
  });
}

function whyOf(flow: FlowView, tasks: number, partitions: number): string {
  const parts = [`${tasks} tasks share ${partitions} partitions`];
  const write = valueOf(flow.write.now);
  const arrival = valueOf(flow.arrival.now);
  if (write !== undefined && arrival !== undefined) {
    parts.push(`they write ${count(write)}/s of the ${count(arrival)}/s that arrive`);
  }
  const slope = valueOf(flow.lagSlope);
  if (slope !== undefined && slope > 0) parts.push(`lag grows by ${count(slope)}/s`);
  return parts.join('; ');
}

/** Of the whole lag: beyond it, one partition is the trouble. */
const hotPartition = 0.5;

function cureOf(flow: FlowView, workers: readonly WorkerView[]): Plan['cure'] {
  const elsewhere = limitElsewhere(flow, workers);
  if (elsewhere !== undefined) return { verdict: 'will-not-cure', reason: elsewhere };
  const unknown = unmeasured(flow, workers);
  if (unknown.length > 0) {
    return { verdict: 'may-cure', reason: `not measured: ${unknown.join(', ')}; the limit may be elsewhere` };
  }
  const write = valueOf(flow.write.now);
  const arrival = valueOf(flow.arrival.now);
  if (write === undefined || arrival === undefined || write >= 0.95 * arrival) {
    return {
      verdict: 'may-cure',
      reason: 'its tasks keep up now, as far as is known: there is little to cure',
    };
  }
  const crowded = crowdedHost(workers);
  if (crowded !== undefined) return { verdict: 'may-cure', reason: crowded };
  const partition = hottestPartition(flow.partitions);
  if (partition !== undefined && partition.share >= hotPartition) {
    return {
      verdict: 'will-not-cure',
      reason: `${partition.topic}/${partition.partition} holds ${percent(partition.share)} of the lag, and a partition is read by one task`,
    };
  }
  const hot = hottest(flow);
  if (hot !== undefined && hot > 0.6) {
    return {
      verdict: 'may-cure',
      reason: `one task carries ${Math.round(hot * 100)}% of it: if that is one partition, it stays with one task`,
    };
  }
  return {
    verdict: 'cures',
    reason: 'nothing throttles it, producer buffers and CPU are free: its tasks are what limits it',
  };
}

/** The share of the writes that the busiest of several tasks carries. */
function hottest(flow: FlowView): number | undefined {
  const rates = flow.tasks.map(task => valueOf(task.write)).filter(rate => rate !== undefined);
  const sum = rates.reduce((a, b) => a + b, 0);
  return rates.length < 2 || sum <= 0 ? undefined : Math.max(...rates) / sum;
}

function effectOf(
  flow: FlowView,
  { before, after, partitions }: Numbers,
  inVain: boolean,
  running: number,
): { readonly lines: readonly string[]; readonly write: string } {
  const tasks = `tasks ${before} → ${after}, at most ${Math.ceil(partitions / after)} partitions each instead of ${Math.ceil(partitions / before)}`;
  const write = valueOf(flow.write.now);
  if (write === undefined || running === 0) {
    return { lines: [tasks, 'write/s is not known, so neither is what it will be'], write: 'not known' };
  }
  if (inVain) {
    return {
      lines: [tasks, `write/s stays near ${count(write)}: the limit is elsewhere`],
      write: 'no change',
    };
  }
  const capacity = (write / running) * after;
  const sum = `${count(write)} ÷ ${running} tasks × ${after}`;
  const lines = [
    tasks,
    `write/s ${count(write)} → up to ${count(capacity)} (${sum}), if load spreads evenly`,
  ];
  const arrival = valueOf(flow.arrival.now);
  const lag = valueOf(flow.lag)?.high;
  const then = outlook(capacity, arrival, lag);
  if (then !== undefined) lines.push(then);
  return { lines, write: `up to ${count(capacity)}` };
}

/** Partitions as MirrorMaker 2 dealt them to its tasks, else as the model sees them. */
function replicated(input: ConnectorInput): number | undefined {
  const dealt = input.tasks.flatMap(task => task.partitions ?? []).length;
  const known = dealt || input.flow.partitions.length;
  return known > 0 ? known : undefined;
}
