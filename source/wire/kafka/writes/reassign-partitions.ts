import type { KafkaLink, KafkaRequest } from '../link.js';
import {
  brokerTimeout,
  byTopic,
  placeOf,
  verdictsByTopic,
  writeOnce,
  type Place,
  type Said,
  type Written,
} from '../written.js';

/** The replicas that a partition shall have, the first to lead it; null ends a move under way and puts back what was. */
export type Reassignment = Place & { readonly replicas: readonly number[] | null };

/**
 * AlterPartitionReassignments (45, KIP-455, Kafka 2.4): starts moves of replicas, or ends them; done means begun. Ask the
 * controller; in KRaft every broker passes it on. Needs Alter on the cluster. From v1 on a change of the replication factor is
 * refused.
 */
export function reassignPartitions(
  link: KafkaLink,
  broker: number,
  moves: readonly Reassignment[],
  signal?: AbortSignal,
): Promise<Written<Reassignment>> {
  return writeOnce(link, broker, alterReassignments(moves), moves, placeOf, signal);
}

function alterReassignments(moves: readonly Reassignment[]): KafkaRequest<Said> {
  return {
    key: 45,
    name: 'AlterPartitionReassignments',
    versions: [0, 1],
    flexibleFrom: 0,
    encode: (body, version) => {
      const mayChangeReplicationFactor = false;
      body.int32(brokerTimeout);
      if (version >= 1) body.flag(mayChangeReplicationFactor);
      body.list(byTopic(moves), ([topic, places]) => {
        body.text(topic).list(places, ({ partition, replicas }) => {
          body.int32(partition);
          if (replicas === null) body.all();
          else body.list(replicas, id => body.int32(id));
          body.tags();
        });
        body.tags();
      });
      body.tags();
    },
    decode: (answer, version) => {
      answer.throttle();
      if (version >= 1) answer.flag();
      const whole = { code: answer.int16(), message: answer.text() };
      const items = verdictsByTopic(answer, () => ({ code: answer.int16(), message: answer.text() }));
      return { throttled: answer.throttled, whole, items };
    },
  };
}
