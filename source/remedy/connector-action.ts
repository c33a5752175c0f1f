import type { Millis } from '../core/clock.js';
import type { FlowView, WorkerView } from '../model/snapshot.js';
import type { ConnectorStatus } from '../wire/connect/reads/status.js';
import type { TaskAssignment } from '../wire/connect/reads/tasks.js';
import type { About, Action, ActionInput, Draft } from './action.js';
import { refusal } from './action.js';
import type { Question, Refusal, Target } from './plan.js';
import { flowOf, subjectFlow } from './subject.js';

export type ConnectorTarget = Extract<Target, { kind: 'connector' }>;

/** A connector as it was read for one plan, and what the model knows of its flow. */
export type ConnectorInput = {
  readonly id: string;
  readonly at: Millis;
  readonly target: ConnectorTarget;
  readonly url: string;
  /** As Connect prints it. */
  readonly version: string;
  readonly clusterId: string;
  /** A value of the configuration as it may be shown; undefined where the key is not set. */
  readonly config: (key: string) => string | undefined;
  readonly status: ConnectorStatus;
  readonly tasks: readonly TaskAssignment[];
  readonly flow: FlowView;
  /** Workers of the same Connect cluster. */
  readonly workers: readonly WorkerView[];
  readonly argument: string;
};

/** One thing that kmon can do to a connector. */
export type ConnectorAction = {
  readonly id: string;
  readonly title: string;
  readonly about: About;
  readonly asks?: Question;
  /** Why the menu shows it disabled; undefined where it can be planned. */
  readonly disabled: (flow: FlowView) => string | undefined;
  readonly plan: (input: ConnectorInput) => Draft | Refusal;
  /** What to change instead where the configuration belongs to someone else. */
  readonly elsewhere: (owner: 'strimzi' | 'file', flow: FlowView, argument: string) => readonly string[];
};

/** A connector's action as the gate knows actions. */
export function onConnector(made: ConnectorAction): Action {
  const { id, title, about, asks } = made;
  return {
    id,
    title,
    about,
    ...(asks && { asks }),
    offer(snapshot, subject) {
      const flow = subjectFlow(snapshot, subject);
      if (flow === undefined) return [];
      const disabled = made.disabled(flow);
      const target: Target = { kind: 'connector', connect: flow.connect, connector: flow.connector };
      return [{ target, ...(disabled !== undefined && { disabled }) }];
    },
    disabled(snapshot, target) {
      const flow = flowOf(snapshot, target);
      return flow === undefined ? absent(target) : made.disabled(flow);
    },
    plan(input) {
      const ready = connectorInput(input);
      return ready === undefined ? refusal(id, input.target, absent(input.target)) : made.plan(ready);
    },
    elsewhere(owner, snapshot, target, argument) {
      const flow = flowOf(snapshot, target);
      return flow === undefined ? [] : made.elsewhere(owner, flow, argument);
    },
  };
}

/** The world of a connector with its flow and workers; undefined where the model knows no such flow. */
export function connectorInput(input: ActionInput): ConnectorInput | undefined {
  const { id, at, target, world, snapshot, argument } = input;
  const flow = flowOf(snapshot, target);
  if (flow === undefined || target.kind !== 'connector' || world.kind !== 'connector') return undefined;
  return {
    id,
    at,
    target,
    url: world.root.url,
    version: world.root.version,
    clusterId: world.clusterId,
    config: key => world.config.shown(key),
    status: world.status,
    tasks: world.tasks,
    flow,
    workers: snapshot.workers.filter(worker => worker.connect === target.connect),
    argument,
  };
}

/** `Connect us 4.3.1, http://worker-1:8083; writes to Kafka cluster …` */
export function whereOf({ target, version, url, clusterId }: Omit<ConnectorInput, 'flow'>): string {
  return `Connect ${target.connect} ${version}, ${url}; writes to Kafka cluster ${clusterId}`;
}

function absent(target: Target): string {
  return target.kind === 'connector'
    ? `there is no connector ${target.connector} on ${target.connect} now`
    : 'this is no connector';
}
