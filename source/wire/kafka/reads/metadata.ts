import type { Answer, BrokerSeen, ClusterSeen, TopicSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';
import { epochOf } from './epochs.js';
import { IdLists } from './id-lists.js';
import type { LastAnswer } from './last-answer.js';

type Cluster = Extract<ClusterSeen['answer'], { ok: unknown }>['ok'];

/** What any broker of the cluster answered last. */
export type LastMetadata = LastAnswer<Cluster>;

/**
 * Metadata (3): brokers, and all topics that this user may describe. A partition without a leader is a fact here,
 * not an error: its leader is −1, whatever code the broker put beside it (LEADER_NOT_AVAILABLE, LISTENER_NOT_FOUND,
 * REPLICA_NOT_AVAILABLE). A topic with an error of its own carries it. The link learns the brokers' addresses.
 * A cluster that has no id (before Kafka 0.10.1) has the empty one. Ids of topics come with v10 (Kafka 2.8), epochs of
 * leaders with v7.
 */
export async function readMetadata(
  link: KafkaLink,
  signal?: AbortSignal,
  last?: LastMetadata,
): Promise<Timed<Answer<Cluster>>> {
  const request = metadata(link.cluster);
  const seen = await link.send('any', last?.to(request, link.cluster) ?? request, signal);
  if ('ok' in seen.answer) link.learn(seen.answer.ok.brokers);
  return seen;
}

function metadata(cluster: string): KafkaRequest<Cluster> {
  return {
    key: 3,
    name: 'Metadata',
    versions: [4, 5, 6, 7, 10, 11, 12],
    flexibleFrom: 9,
    encode: (body, version) => {
      const mayCreateTopics = false;
      const withAuthorizedOperations = false;
      body.all().flag(mayCreateTopics);
      if (version >= 8 && version <= 10) body.flag(withAuthorizedOperations);
      if (version >= 8) body.flag(withAuthorizedOperations);
      body.tags();
    },
    decode: (answer, version) => {
      answer.throttle();
      const brokers = answer.list(() => broker(answer));
      const clusterId = answer.name();
      const controller = answer.int32();
      const topics = answer.list(() => topic(answer, version, cluster));
      if (version >= 8 && version <= 10) answer.int32();
      answer.tags();
      return { clusterId, controller, brokers, topics };
    },
  };
}

/** A broker as Metadata puts it. */
export function broker(answer: Reader): BrokerSeen {
  const [id, host, port, rack] = [answer.int32(), answer.name(), answer.int32(), answer.text()];
  answer.tags();
  return rack === undefined ? { id, host, port } : { id, host, port, rack };
}

function topic(answer: Reader, version: number, cluster: string): TopicSeen {
  const code = answer.int16();
  const topic = answer.name();
  const topicId = version >= 10 ? answer.uuid() : undefined;
  const internal = answer.flag();
  const columns = partitions(answer, version);
  if (version >= 8) answer.int32();
  answer.tags();
  const failed = failureOfCode(code, `Metadata of topic ${topic} in ${cluster}`);
  return {
    topic,
    internal,
    ...columns,
    ...(topicId !== undefined && { topicId }),
    ...(failed && { failed }),
  };
}

type Columns = Pick<TopicSeen, 'leader' | 'preferred' | 'replicas' | 'inSync' | 'inSyncIds' | 'leaderEpoch'>;

/** Partitions come in any order, each with its index, straight into columns: no object a partition. */
function partitions(answer: Reader, version: number): Columns {
  const count = answer.length(2 + 4 + 4);
  let [leader, preferred, replicas, inSync, leaderEpoch] = [
    unknowns(count),
    unknowns(count),
    unknowns(count),
    unknowns(count),
    unknowns(count),
  ];
  const ids = new IdLists(count);
  for (let i = 0; i < count; i++) {
    answer.int16();
    const index = answer.partition();
    if (index >= leader.length) {
      [leader, replicas] = [widened(leader, index + 1), widened(replicas, index + 1)];
      [inSync, leaderEpoch] = [widened(inSync, index + 1), widened(leaderEpoch, index + 1)];
      preferred = widened(preferred, index + 1);
    }
    leader[index] = answer.int32();
    if (version >= 7) leaderEpoch[index] = epochOf(answer.int32());
    const { first, count: all } = answer.firstInt32();
    preferred[index] = first;
    replicas[index] = all;
    inSync[index] = ids.read(index, answer, inSync);
    if (version >= 5) answer.skipInt32s();
    answer.tags();
  }
  const columns = { leader, preferred, replicas, inSync, inSyncIds: ids.finish(inSync) };
  return version >= 7 ? { ...columns, leaderEpoch } : columns;
}

function unknowns(length: number): Float64Array<ArrayBuffer> {
  return new Float64Array(length).fill(NaN);
}

/** For an answer that leaves out a partition below the last. */
function widened(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const wide = unknowns(length);
  wide.set(column);
  return wide;
}
