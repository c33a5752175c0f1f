import type { BrokerSeen } from '../core/observation.js';
import type { ClusterView, Snapshot } from '../model/snapshot.js';
import { refusal, type About, type Action, type ActionInput, type Draft, type Offered } from './action.js';
import type { Question, Refusal, Target } from './plan.js';
import type { Subject } from './subject.js';
import type { KafkaWorld } from './world.js';

type Kind = KafkaWorld['kind'];
export type TargetOf<K extends Kind> = Extract<Target, { kind: K }>;
type WorldOf<K extends Kind> = Extract<KafkaWorld, { kind: K }>;

/** A thing in a Kafka cluster as it was read for one plan. */
export type KafkaInput<K extends Kind> = Omit<ActionInput<WorldOf<K>>, 'target'> & {
  readonly target: TargetOf<K>;
};

/** One thing that kmon can do to a topic, a quota, a group or the leaders of a cluster. */
export type KafkaAction<K extends Kind> = {
  readonly id: string;
  readonly title: string;
  readonly kind: K;
  readonly about: About;
  readonly asks?: Question;
  readonly offer: (snapshot: Snapshot, subject: Subject) => readonly Offered[];
  readonly time?: Action['time'];
  readonly plan: (input: KafkaInput<K>) => Draft<WorldOf<K>> | Refusal;
};

/** An action on Kafka as the gate knows actions. Nobody but Kafka owns what it changes. */
export function onKafka<K extends Kind>(made: KafkaAction<K>): Action {
  const { id, title, kind, about, asks, offer, time } = made;
  const isTarget = (target: Target): target is TargetOf<K> => target.kind === kind;
  const isWorld = (world: ActionInput['world']): world is WorldOf<K> => world.kind === kind;
  const other = `this is no ${kind}`;
  return {
    id,
    title,
    about,
    ...(asks && { asks }),
    ...(time && { time }),
    offer,
    disabled: (_, target) => (isTarget(target) ? undefined : other),
    plan(input) {
      const { target, world } = input;
      if (!isTarget(target) || !isWorld(world)) return refusal(id, target, other);
      return made.plan({ ...input, target, world });
    },
    elsewhere: () => [],
  };
}

/** The cluster of the name as the model knows it. */
export function clusterOf(snapshot: Snapshot, name: string): ClusterView | undefined {
  return snapshot.clusters.find(cluster => cluster.name === name);
}

/** `--bootstrap-server host:port`, of the first broker that the cluster names. */
export function bootstrap(brokers: readonly BrokerSeen[]): string {
  const [first] = brokers;
  return `--bootstrap-server ${first === undefined ? 'BROKER:9092' : `${first.host}:${first.port}`}`;
}
