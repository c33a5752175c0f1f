import { failure } from '../core/failure.js';
import { isKnown, latest, seen, unknown, type Known } from '../core/known.js';
import type { SubjectKind } from '../diagnose/finding.js';
import type { MachineLoad } from '../model/machine-loads.js';
import type { Machine } from '../model/machines.js';
import type { BrokerView, FlowView, Snapshot, TaskView, WorkerView } from '../model/snapshot.js';
import type { View } from '../session/view.js';
import { remembered } from './remembered.js';

/** A Connect worker or a broker, as the views of machines show it. */
export type MachineItem = {
  /** Unique among all: kind and id of the subject. */
  readonly id: string;
  readonly subject: { readonly kind: 'worker' | 'broker'; readonly id: string; readonly name: string };
  /** As people call it. */
  readonly name: string;
  /** Its Connect or Kafka cluster. */
  readonly of: string;
  readonly machine: Machine;
  readonly load: MachineLoad;
  /** The worst of the producers of a worker's tasks, ms. */
  readonly throttle: Known<number>;
  readonly latency: Known<number>;
  readonly role:
    | { readonly is: 'worker'; readonly worker: WorkerView; readonly tasks: readonly RunningTask[] }
    | { readonly is: 'broker'; readonly broker: BrokerView; readonly cluster: string };
};

export type RunningTask = { readonly flow: FlowView; readonly task: TaskView };

/** Workers first: they do the work that kmon watches. */
export function machinesOf(view: View): readonly MachineItem[] {
  return ofSnapshot(view.snapshot);
}

export function machineId(kind: SubjectKind, id: string): string {
  return `${kind} ${id}`;
}

const ofSnapshot = remembered(({ workers, flows, clusters }: Snapshot): readonly MachineItem[] => [
  ...workers.map(worker => workerItem(worker, flows)),
  ...clusters.flatMap(cluster =>
    (latest(cluster.brokers)?.value ?? []).map(broker => brokerItem(broker, cluster.name)),
  ),
]);

function workerItem(worker: WorkerView, flows: readonly FlowView[]): MachineItem {
  const { id, connect } = worker;
  const subject = { kind: 'worker', id: `${connect}/${id}`, name: id } as const;
  const tasks = flows
    .filter(flow => flow.connect === connect)
    .flatMap(flow => flow.tasks.filter(task => task.worker === id).map(task => ({ flow, task })));
  return {
    id: machineId('worker', subject.id),
    subject,
    name: id,
    of: connect,
    machine: worker,
    load: worker.load,
    throttle: worst(`produce throttle time on ${id}`, tasks, task => task.throttle),
    latency: worst(`request latency on ${id}`, tasks, task => task.requestLatency),
    role: { is: 'worker', worker, tasks },
  };
}

function brokerItem(broker: BrokerView, cluster: string): MachineItem {
  const name = `broker ${broker.id} of ${cluster}`;
  const subject = { kind: 'broker', id: `${cluster}/${broker.id}`, name } as const;
  const untold = (what: string): Known<number> =>
    unknown(failure('unsupported', `${what} of ${name}`, 'only its clients tell theirs'), 0);
  return {
    id: machineId('broker', subject.id),
    subject,
    name,
    of: cluster,
    machine: broker.machine,
    load: broker.load,
    throttle: untold('throttling'),
    latency: untold('request latency'),
    role: { is: 'broker', broker, cluster },
  };
}

/** The largest that a task tells; unknown where none does, with the largest that they told last. */
function worst(
  subject: string,
  tasks: readonly RunningTask[],
  of: (task: TaskView) => Known<number>,
): Known<number> {
  const all = tasks.map(({ task }) => of(task));
  const told = all.filter(isKnown);
  if (told.length > 0) return seen(Math.max(...told.map(k => k.value)), Math.min(...told.map(k => k.at)));
  const first = all[0];
  const lasts = all.flatMap(known => latest(known) ?? []);
  const last = { value: Math.max(...lasts.map(l => l.value)), at: Math.min(...lasts.map(l => l.at)) };
  return first && !isKnown(first)
    ? unknown(first.unknown, first.since, lasts.length > 0 ? last : undefined)
    : unknown(failure('absent', subject, 'it runs no task'), 0);
}
