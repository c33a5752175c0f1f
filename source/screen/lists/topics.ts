import { isKnown, valueOf } from '../../core/known.js';
import type { TopicView } from '../../model/snapshot.js';
import { pinOf } from '../../session/memory.js';
import { alphabetical, descending, list } from '../list.js';
import { openTopic } from '../navigate.js';
import { remembered } from '../remembered.js';
import { nameInId, topicArrival, topicRank } from '../topics.js';
import { topicPanel } from '../views/topic/panel.js';

// A comparison asks again and again for what takes a look at all partitions.
const arrivalOf = (topic: TopicView): number | undefined => valueOf(topicArrival(topic));
const bytesOf = remembered((topic: TopicView) => valueOf(topic.bytes));
const skewOf = remembered((topic: TopicView) => {
  const { arrival } = topic.skew;
  return isKnown(arrival) ? arrival.value.maxToMean : undefined;
});
const leadersOf = remembered((topic: TopicView) => [...new Set(topic.leaders)].map(String));

const byRate = descending(arrivalOf);
const own = (topic: TopicView): number => Number(topic.internal);

export const topics = list<TopicView>({
  name: 'topics',
  items: view => view.snapshot.topics,
  id: topic => topic.id,
  pin: ({ id }) => pinOf({ kind: 'topic', id }),
  fields: [
    'partitions',
    'rf',
    'leaderless',
    'under',
    'size',
    'rate',
    'skew',
    'cluster',
    'reader',
    'writer',
    'leader',
    'policy',
    'internal',
  ],
  facts: topic => ({
    name: topic.topic,
    partitions: topic.partitionCount,
    rf: valueOf(topic.replicas)?.least,
    get leaderless() {
      return topic.leaderless;
    },
    get under() {
      return topic.underReplicated;
    },
    get size() {
      return bytesOf(topic);
    },
    get rate() {
      return arrivalOf(topic);
    },
    get skew() {
      return skewOf(topic);
    },
    cluster: topic.cluster,
    get reader() {
      return [...topic.readers.groups, ...topic.readers.flows].map(nameInId);
    },
    get writer() {
      return topic.writers.map(nameInId);
    },
    get leader() {
      return leadersOf(topic);
    },
    get policy() {
      return valueOf(topic.config)?.values['cleanup.policy'];
    },
    internal: topic.internal ? 'yes' : 'no',
  }),
  sorts: [
    {
      by: 'trouble, then rate',
      compare: (a, b) => topicRank(b) - topicRank(a) || own(a) - own(b) || byRate(a, b),
    },
    { by: 'rate', compare: byRate },
    { by: 'size', compare: descending(bytesOf) },
    { by: 'skew', compare: descending(skewOf) },
    { by: 'partitions', compare: descending(topic => topic.partitionCount) },
    { by: 'name', compare: alphabetical(topic => topic.topic) },
  ],
  panel: topicPanel,
  open: openTopic,
});
