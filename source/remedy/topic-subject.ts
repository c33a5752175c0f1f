import { isKnown } from '../core/known.js';
import type { Snapshot, TopicView } from '../model/snapshot.js';
import type { Offered } from './action.js';
import type { Target } from './plan.js';
import type { Subject } from './subject.js';

export type TopicTarget = Extract<Target, { kind: 'topic' }>;

/** A topic as the model knows it. */
export function topicOf(snapshot: Snapshot, { cluster, topic }: TopicTarget): TopicView | undefined {
  return snapshot.topics.find(view => view.cluster === cluster && view.topic === topic);
}

/** The topic that is the subject, where it is one; Kafka's own are not changed from here. */
export function topicOffers(snapshot: Snapshot, { kind, id }: Subject, title: string): readonly Offered[] {
  const view = kind === 'topic' ? snapshot.topics.find(topic => topic.id === id) : undefined;
  return view === undefined ? [] : [offered(view, title)];
}

/** Also of a group: the topic from which retention is the first to take what it has not read. */
export function retentionOffers(snapshot: Snapshot, subject: Subject, title: string): readonly Offered[] {
  if (subject.kind !== 'group') return topicOffers(snapshot, subject, title);
  const group = snapshot.groups.find(one => one.id === subject.id);
  if (group === undefined || !isKnown(group.timeToLoss)) return [];
  let soonest = Infinity;
  let topic: string | undefined;
  for (const partition of group.partitions) {
    if (!isKnown(partition.timeToLoss) || partition.timeToLoss.value >= soonest) continue;
    [soonest, topic] = [partition.timeToLoss.value, partition.topic];
  }
  const view = snapshot.topics.find(one => one.cluster === group.cluster && one.topic === topic);
  return view === undefined ? [] : [offered(view, title)];
}

function offered({ cluster, topic, internal, failed }: TopicView, title: string): Offered {
  const target: TopicTarget = { kind: 'topic', cluster, topic };
  const named = { target, title: `${title}: ${topic} on ${cluster}` };
  if (internal) return { ...named, disabled: "it is one of Kafka's own topics" };
  return failed === undefined ? named : { ...named, disabled: `${cluster} does not describe it` };
}
