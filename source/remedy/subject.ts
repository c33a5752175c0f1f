import type { FlowView, Snapshot } from '../model/snapshot.js';
import type { Target } from './plan.js';

/** What the user points at when asking what can be done. Kinds and ids are those of findings. */
export type Subject = {
  readonly kind: 'flow' | 'group' | 'topic' | 'cluster' | 'broker' | 'worker' | 'connect' | 'watch';
  readonly id: string;
};

/** The name of a subject as its dialog is titled. */
export function nameOf(snapshot: Snapshot, { kind, id }: Subject): string {
  if (kind === 'flow') return snapshot.flows.find(flow => flow.id === id)?.connector ?? id;
  if (kind === 'group') return snapshot.groups.find(group => group.id === id)?.group ?? id;
  return kind === 'topic' ? id.slice(id.indexOf('/') + 1) : id;
}

/** What a subject is as a target; what stands for none of its own is a part of its cluster. */
export function targetOf(snapshot: Snapshot, subject: Subject): Target {
  const { kind, id } = subject;
  const flow = subjectFlow(snapshot, subject);
  if (flow !== undefined) return { kind: 'connector', connect: flow.connect, connector: flow.connector };
  const [cluster = '', ...rest] = id.split('/');
  if (kind === 'group') return { kind: 'group', cluster, group: rest.join('/') };
  return kind === 'topic' ? { kind: 'topic', cluster, topic: rest.join('/') } : { kind: 'cluster', cluster };
}

/** The flow that is the subject, where it is one. */
export function subjectFlow(snapshot: Snapshot, { kind, id }: Subject): FlowView | undefined {
  return kind === 'flow' ? snapshot.flows.find(flow => flow.id === id) : undefined;
}

/** The flow that a connector is, as the model knows it. */
export function flowOf(snapshot: Snapshot, target: Target): FlowView | undefined {
  if (target.kind !== 'connector') return undefined;
  return snapshot.flows.find(flow => flow.connect === target.connect && flow.connector === target.connector);
}
