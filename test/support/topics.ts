import { failure } from '../../source/core/failure.js';
import { seen, unknown } from '../../source/core/known.js';
import { Disks } from '../../source/model/disks.js';
import type { TopicFacts } from '../../source/model/topic-facts.js';
import type { TopicView } from '../../source/model/topic-view.js';
import { SeenTopic } from '../../source/model/topic-views.js';

/** How a topic is to look like: by partition where it is a function. */
export type TopicLike = {
  readonly cluster?: string;
  readonly partitions?: number;
  readonly replicas?: number;
  readonly leader?: (partition: number) => number;
  readonly inSync?: (partition: number) => number;
  /** Records/s; without it no log end is read. */
  readonly rate?: (partition: number) => number;
  readonly config?: Readonly<Record<string, string>>;
  readonly own?: readonly string[];
  readonly internal?: boolean;
  readonly groups?: readonly string[];
  readonly flows?: readonly string[];
  readonly writers?: readonly string[];
  readonly facts?: Partial<TopicFacts>;
};

/** A topic as the model makes it, of facts that were seen at `at`. */
export function topicLike(name: string, at: number, like: TopicLike = {}): TopicView {
  const { cluster = 'us', partitions = 12, replicas = 3, internal = false } = like;
  const column = (of: (p: number) => number): Float64Array =>
    Float64Array.from({ length: partitions }, (_, p) => of(p));
  const facts: TopicFacts = {
    seen: {
      topic: name,
      internal,
      leader: column(like.leader ?? (p => 1 + (p % 3))),
      replicas: column(() => replicas),
      inSync: column(like.inSync ?? (() => replicas)),
    },
    at,
    since: at,
    truncations: [],
    unclean: [],
    config: seen(
      {
        values: {
          'cleanup.policy': 'delete',
          'retention.ms': '604800000',
          'retention.bytes': '-1',
          'min.insync.replicas': '2',
          ...like.config,
        },
        own: like.own ?? [],
      },
      at,
    ),
    ...like.facts,
  };
  const { rate } = like;
  const end = (p: number): number => 1_000_000 + 10_000 * p;
  return new SeenTopic({
    cluster,
    facts,
    offsets: rate && {
      end: p => seen(end(p), at),
      start: () => seen(200_000, at),
      arrival: rate,
      removal: () => 0,
      compacted: false,
    },
    disks: disksOf(name, partitions, replicas, at),
    use: {
      groups: () => new Map([[name, like.groups ?? []]]),
      readingFlows: new Map([[name, like.flows ?? []]]),
      writingFlows: new Map([[name, like.writers ?? []]]),
    },
  });
}

/** Every broker holds one replica of each partition. */
function disksOf(topic: string, partitions: number, replicas: number, at: number): Disks {
  let disks = Disks.none;
  for (let broker = 1; broker <= replicas; broker++)
    disks = disks.with({
      kind: 'log-dirs',
      cluster: 'us',
      broker,
      asked: at,
      answered: at,
      answer: {
        ok: [
          {
            topic,
            partition: Int32Array.from({ length: partitions }, (_, p) => p),
            size: new Float64Array(partitions).fill(80_000_000),
          },
        ],
      },
    });
  return disks;
}

/** A topic that the cluster does not describe. */
export function undescribed(name: string, at: number): TopicView {
  const failed = failure('unauthorised', `topic ${name}`, 'TOPIC_AUTHORIZATION_FAILED');
  const none = new Float64Array(0);
  return topicLike(name, at, {
    partitions: 0,
    facts: {
      seen: { topic: name, internal: false, leader: none, replicas: none, inSync: none, failed },
      config: unknown(failed, at),
    },
  });
}
