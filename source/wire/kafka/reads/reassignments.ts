import type { Answer, ReassignmentSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';

/** How long the controller may take, ms; less than the link waits. */
const timeout = 4_000;

/**
 * ListPartitionReassignments (46, KIP-455, Kafka 2.4): the partitions whose replicas are being moved. Ask the controller;
 * in KRaft every broker passes it on. Needs Describe on the cluster.
 */
export async function readReassignments(
  link: KafkaLink,
  broker: number,
  signal?: AbortSignal,
): Promise<Timed<Answer<readonly ReassignmentSeen[]>>> {
  const subject = `ListPartitionReassignments of ${link.nameOf(broker)}`;
  const { answer, ...times } = await link.send(broker, listReassignments(subject), signal);
  return { ...times, answer: 'ok' in answer ? answer.ok : answer };
}

function listReassignments(subject: string): KafkaRequest<Answer<readonly ReassignmentSeen[]>> {
  return {
    key: 46,
    name: 'ListPartitionReassignments',
    versions: [0],
    flexibleFrom: 0,
    encode: body => {
      body.int32(timeout).all().tags();
    },
    decode: answer => {
      answer.throttle();
      const failed = failureOfCode(answer.int16(), subject, answer.text());
      const topics = answer.list(() => {
        const topic = answer.name();
        const moves = answer.list(() => {
          const partition = answer.partition();
          const [replicas, adding, removing] = [answer.int32s(), answer.int32s(), answer.int32s()];
          answer.tags();
          return {
            topic,
            partition,
            replicas: [...replicas],
            adding: [...adding],
            removing: [...removing],
          };
        });
        answer.tags();
        return moves;
      });
      answer.tags();
      return failed ? { failed } : { ok: topics.flat() };
    },
  };
}
