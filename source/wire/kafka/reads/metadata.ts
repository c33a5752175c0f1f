import type { Answer, BrokerSeen, ClusterSeen, TopicSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';

type Cluster = Extract<ClusterSeen['answer'], { ok: unknown }>['ok'];

/**
 * Metadata (3): brokers, and all topics that this user may describe. A partition without a leader is a fact here,
 * not an error: its leader is −1, whatever code the broker put beside it (LEADER_NOT_AVAILABLE, LISTENER_NOT_FOUND,
 * REPLICA_NOT_AVAILABLE). A topic with an error of its own carries it. The link learns the brokers' addresses.
 * A cluster that has no id (before Kafka 0.10.1) has the empty one.
 */
export async function readMetadata(link: KafkaLink, signal?: AbortSignal): Promise<Timed<Answer<Cluster>>> {
  const seen = await link.send('any', metadata(link.cluster), signal);
  if ('ok' in seen.answer) link.learn(seen.answer.ok.brokers);
  return seen;
}

function metadata(cluster: string): KafkaRequest<Cluster> {
  return {
    key: 3,
    name: 'Metadata',
    versions: [4, 5, 6, 7],
    flexibleFrom: 9,
    encode: body => {
      const mayCreateTopics = false;
      body.all().flag(mayCreateTopics);
    },
    decode: (answer, version) => {
      answer.throttle();
      const brokers = answer.list(() => broker(answer));
      const clusterId = answer.name();
      const controller = answer.int32();
      const topics = answer.list(() => topic(answer, version, cluster));
      return { clusterId, controller, brokers, topics };
    },
  };
}

function broker(answer: Reader): BrokerSeen {
  const [id, host, port, rack] = [answer.int32(), answer.name(), answer.int32(), answer.text()];
  return rack === undefined ? { id, host, port } : { id, host, port, rack };
}

function topic(answer: Reader, version: number, cluster: string): TopicSeen {
  const code = answer.int16();
  const topic = answer.name();
  const internal = answer.flag();
  const partitions = answer.list(() => partition(answer, version));
  const count = partitions.reduce((n, p) => Math.max(n, p.index + 1), 0);
  const column = (): Float64Array => new Float64Array(count).fill(NaN);
  const [leader, replicas, inSync] = [column(), column(), column()];
  for (const p of partitions) {
    leader[p.index] = p.leader;
    replicas[p.index] = p.replicas;
    inSync[p.index] = p.inSync;
  }
  const failed = failureOfCode(code, `Metadata of topic ${topic} in ${cluster}`);
  const seen = { topic, internal, leader, replicas, inSync };
  return failed ? { ...seen, failed } : seen;
}

function partition(
  answer: Reader,
  version: number,
): { index: number; leader: number; replicas: number; inSync: number } {
  answer.int16();
  const index = answer.int32();
  const leader = answer.int32();
  if (version >= 7) answer.int32();
  const replicas = skipInt32s(answer);
  const inSync = skipInt32s(answer);
  if (version >= 5) skipInt32s(answer);
  return { index, leader, replicas, inSync };
}

function skipInt32s(answer: Reader): number {
  const count = answer.length();
  answer.skip(4 * count);
  return count;
}
