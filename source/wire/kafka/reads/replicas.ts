import { failure, type Failure } from '../../../core/failure.js';
import type { Answer, BrokerSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';
import { broker } from './metadata.js';

/** Who leads a partition and who has copies of it; broker ids, −1 for no leader. The first replica is the preferred leader. */
export type PartitionReplicas = {
  readonly topic: string;
  readonly partition: number;
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
};

export type ReplicasSeen = {
  readonly clusterId: string;
  readonly controller: number;
  readonly brokers: readonly BrokerSeen[];
  /** Of one topic: as Kafka prints it (Metadata v10+). */
  readonly topicId?: string;
  readonly partitions: readonly PartitionReplicas[];
};

/** `none`: brokers and the cluster's id alone. */
type WantedTopics = { readonly topic: string } | 'all' | 'none';

/**
 * Metadata (3) with the ids of all replicas, of one topic or of the whole cluster: an object a partition, for one look before and
 * after a change. Topics of the whole cluster that cannot be described are left out. The link learns the brokers' addresses.
 */
export async function readReplicas(
  link: KafkaLink,
  wanted: WantedTopics,
  signal?: AbortSignal,
): Promise<Timed<Answer<ReplicasSeen>>> {
  const { answer, ...times } = await link.send('any', replicas(link.cluster, wanted), signal);
  if ('failed' in answer) return { ...times, answer };
  const { topics, ...seen } = answer.ok;
  link.learn(seen.brokers);
  const one = typeof wanted === 'string' ? undefined : wanted;
  const [first] = topics;
  if (one !== undefined && first === undefined)
    return { ...times, answer: { failed: leftOut(one.topic, link.cluster) } };
  if (one !== undefined && first?.failed) return { ...times, answer: { failed: first.failed } };
  return {
    ...times,
    answer: {
      ok: {
        ...seen,
        partitions: topics.filter(t => t.failed === undefined).flatMap(t => t.partitions),
        ...(one && first?.topicId !== undefined && { topicId: first.topicId }),
      },
    },
  };
}

type TopicReplicas = {
  readonly topicId?: string;
  readonly failed?: Failure;
  readonly partitions: readonly PartitionReplicas[];
};

type Seen = Omit<ReplicasSeen, 'topicId' | 'partitions'> & { readonly topics: readonly TopicReplicas[] };

function replicas(cluster: string, wanted: WantedTopics): KafkaRequest<Seen> {
  return {
    key: 3,
    name: 'Metadata',
    versions: [4, 5, 6, 7, 10, 11, 12],
    flexibleFrom: 9,
    encode: (body, version) => {
      const [mayCreateTopics, withAuthorizedOperations] = [false, false];
      if (wanted === 'all') body.all();
      else
        body.list(wanted === 'none' ? [] : [wanted.topic], name => {
          // By name: an id of zeros.
          if (version >= 10) for (let i = 0; i < 4; i++) body.int32(0);
          body.text(name).tags();
        });
      body.flag(mayCreateTopics);
      if (version >= 8 && version <= 10) body.flag(withAuthorizedOperations);
      if (version >= 8) body.flag(withAuthorizedOperations);
      body.tags();
    },
    decode: (answer, version) => {
      answer.throttle();
      const brokers = answer.list(() => broker(answer));
      const [clusterId, controller] = [answer.name(), answer.int32()];
      const topics = answer.list(() => topicReplicas(answer, version, cluster));
      return { clusterId, controller, brokers, topics };
    },
  };
}

function topicReplicas(answer: Reader, version: number, cluster: string): TopicReplicas {
  const code = answer.int16();
  const topic = answer.name();
  const topicId = version >= 10 ? answer.uuid() : undefined;
  answer.flag();
  const partitions = answer.list((): PartitionReplicas => {
    answer.int16();
    const [partition, leader] = [answer.int32(), answer.int32()];
    if (version >= 7) answer.int32();
    const [replicas, inSync] = [[...answer.int32s()], [...answer.int32s()]];
    if (version >= 5) answer.skipInt32s();
    answer.tags();
    return { topic, partition, leader, replicas, inSync };
  });
  if (version >= 8) answer.int32();
  answer.tags();
  const failed = failureOfCode(code, `Metadata of topic ${topic} in ${cluster}`);
  return {
    partitions: partitions.sort((a, b) => a.partition - b.partition),
    ...(topicId !== undefined && { topicId }),
    ...(failed && { failed }),
  };
}

function leftOut(topic: string, cluster: string): Failure {
  return failure('malformed', `Metadata of ${cluster}`, `the answer does not speak of topic ${topic}`);
}
