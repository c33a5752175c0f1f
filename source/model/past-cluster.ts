import type { Millis } from '../core/clock.js';
import { mapKnown } from '../core/known.js';
import { BrokerRoles } from './broker-roles.js';
import { preferredOf } from './broker-views.js';
import { byTopic } from './by-topic.js';
import { Disks } from './disks.js';
import { pastGroup, type GroupKept } from './group-past.js';
import { unkept } from './not-kept.js';
import { once } from './once.js';
import type { Held } from './pressed.js';
import type { BrokerView, ClusterView, GroupView } from './snapshot.js';
import { leadersOf, type TopicFacts } from './topic-facts.js';
import type { TopicView } from './topic-view.js';
import { SeenTopic, type TopicUse } from './topic-views.js';

/** Of one moment, beside the views: by reference what is too much to be kept again and again. */
export type ClusterKept = {
  readonly topics: Held<ReadonlyMap<string, TopicFacts>>;
  /** When the metadata was read. */
  readonly at: Millis;
  /** In the order of the views. */
  readonly groups: readonly GroupKept[];
};

/** A cluster at a past moment: of its view, from which what is made on demand was left out. */
export function pastCluster(view: ClusterView, { topics, at }: ClusterKept): ClusterView {
  const roles = once(() => new BrokerRoles([...topics.value.values()], () => undefined));
  const past = (broker: BrokerView): BrokerView => {
    const role = once(() => roles().of(broker.id));
    return {
      ...broker,
      get leaders() {
        return role().leaders;
      },
      get preferred() {
        return preferredOf(roles(), broker.id, at);
      },
      arrival: { perSecond: 0, partitions: 0 },
      replicas: unkept(`replicas of broker ${broker.id}`, at),
      bytes: unkept(`bytes of broker ${broker.id}`, at),
    };
  };
  return { ...view, brokers: mapKnown(view.brokers, brokers => brokers.map(past)) };
}

/** Its groups; `views` are those of this cluster. */
export function pastGroups(views: readonly GroupView[], kept: ClusterKept, at: Millis): GroupView[] {
  const leaders = leadersOf(kept.topics.value);
  return views.map((view, i) => {
    const own = kept.groups[i];
    return own === undefined ? view : pastGroup(view, own, leaders, at);
  });
}

/** Its topics, made when they are asked for; of their offsets and disks nothing is kept. */
export function pastTopics(
  cluster: string,
  { topics, at, groups }: ClusterKept,
  views: readonly GroupView[],
  flows: Pick<TopicUse, 'readingFlows' | 'writingFlows'>,
): TopicView[] {
  const read = views.map(({ id }, i) => ({ id, topics: groups[i]?.topics.value.map(t => t.topic) ?? [] }));
  const use: TopicUse = { ...flows, groups: once(() => byTopic(read)) };
  return [...topics.value.values()].map(
    facts =>
      new SeenTopic({
        cluster,
        facts: { ...facts, at },
        offsets: undefined,
        disks: Disks.none,
        use,
        past: true,
      }),
  );
}
