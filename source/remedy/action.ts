import type { Millis } from '../core/clock.js';
import type { FlowView, WorkerView } from '../model/snapshot.js';
import type { ConnectorStatus } from '../wire/connect/reads/status.js';
import type { TaskAssignment } from '../wire/connect/reads/tasks.js';
import type { Plan, Refusal, Target } from './plan.js';

/** A connector as it was read for one plan, and what the model knows of its flow. */
export type ActionInput = {
  readonly id: string;
  readonly at: Millis;
  readonly target: Target;
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
};

/** A plan, and what carrying it out must lead to. */
export type Draft = {
  readonly plan: Plan;
  /** Tasks that must run afterwards. */
  readonly tasks: number;
  /** What write/s should become, in words: `up to 1.58k`. */
  readonly expectedWrite: string;
};

/** One thing that kmon can do to a flow. Pure: it reads what it is given and writes nothing. */
export type Action = {
  readonly id: string;
  readonly title: string;
  /** Why the menu shows it disabled; undefined where it can be planned. */
  readonly disabled: (flow: FlowView) => string | undefined;
  readonly plan: (input: ActionInput) => Draft | Refusal;
  /** What to change instead where the configuration belongs to someone else. */
  readonly elsewhere: (owner: 'strimzi' | 'file', flow: FlowView) => readonly string[];
};
