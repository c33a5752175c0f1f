import { quoted } from '../../core/shell.js';
import type { Draft, Effect } from '../action.js';
import { bootstrap, type KafkaInput } from '../kafka-action.js';
import type { Change, Plan } from '../plan.js';
import type { TopicWorld } from '../worlds/topic.js';
import { kafkaDraft } from './kafka.js';

/** What an action says of keys that it sets on a topic. */
export type TopicKeysChange = {
  readonly action: string;
  readonly title: string;
  /** The new values; undefined takes away what was set on the topic. */
  readonly keys: Readonly<Record<string, string | undefined>>;
  readonly why: string;
  readonly cure: Plan['cure'];
  readonly expect: readonly string[];
  readonly risk: Plan['risk'];
  readonly undo?: string;
  readonly effect: Effect;
};

/** Keys of a topic's configuration, set in one request; all other keys stay, and nothing restarts. */
export function topicKeysDraft(input: KafkaInput<'topic'>, made: TopicKeysChange): Draft<TopicWorld> {
  const { target, world } = input;
  const changes = Object.entries(made.keys).map(([key, to]): Change => {
    const own = world.own.includes(key);
    const value = world.values[key];
    const note = own || value === undefined ? undefined : `${value} by default`;
    return { key, from: own ? value : undefined, to, ...(note !== undefined && { note }) };
  });
  const back = changes.map(({ key, from }) => `${key} back to ${from ?? 'not set'}`).join(', ');
  return kafkaDraft(input, {
    action: made.action,
    title: made.title,
    changes,
    why: made.why,
    cure: made.cure,
    expect: made.expect,
    risk: made.risk,
    effect: made.effect,
    verified: 'the topic has it',
    write: lines => ({
      request: 'alter-topic',
      target,
      keys: Object.fromEntries(lines.map(({ key, to }) => [key, to ?? null])),
    }),
    byHand: lines => [
      describeTopicByHand(input),
      ...lines.map(({ key, to }) => {
        const what = to === undefined ? `--delete-config ${key}` : `--add-config ${quoted(`${key}=${to}`)}`;
        return `kafka-configs.sh ${bootstrap(world.brokers)} --alter ${what} --entity-type topics --entity-name ${quoted(target.topic)}`;
      }),
    ],
    back: {
      undo: made.undo ?? `${back}, through the same gate`,
      expect: 'what held before holds again',
      risk: { level: 'medium', text: 'the topic behaves as it did before: see why it was changed' },
      effect: { ...made.effect, expected: 'as before the change' },
    },
  });
}

export function describeTopicByHand({ target, world }: KafkaInput<'topic'>): string {
  return `kafka-configs.sh ${bootstrap(world.brokers)} --describe --all --entity-type topics --entity-name ${quoted(target.topic)}`;
}
