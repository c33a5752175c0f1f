import type { FlowView, GroupView, WorkerView } from '../model/snapshot.js';
import type { Subject } from './finding.js';

/** The one place that says how subjects are named. */

export function ofFlow({ id, connector }: Pick<FlowView, 'id' | 'connector'>): Subject {
  return { kind: 'flow', id, name: connector };
}

export function ofGroup({ id, group }: Pick<GroupView, 'id' | 'group'>): Subject {
  return { kind: 'group', id, name: group };
}

export function ofTopic(cluster: string, topic: string): Subject {
  return { kind: 'topic', id: `${cluster}/${topic}`, name: topic };
}

export function ofCluster(cluster: string): Subject {
  return { kind: 'cluster', id: cluster, name: cluster };
}

export function ofBroker(cluster: string, broker: number): Subject {
  return { kind: 'broker', id: `${cluster}/${broker}`, name: `broker ${broker} of ${cluster}` };
}

export function ofWorker({ connect, id }: Pick<WorkerView, 'connect' | 'id'>): Subject {
  return { kind: 'worker', id: `${connect}/${id}`, name: id };
}

export function ofConnect(connect: string): Subject {
  return { kind: 'connect', id: connect, name: `connect ${connect}` };
}

/** Something that kmon looks through: an endpoint, a metric family, a rule. */
export function ofWatch(what: string): Subject {
  return { kind: 'watch', id: what, name: what };
}
