import type { KafkaLink, KafkaRequest } from '../link.js';
import {
  byTopic,
  placeOf,
  verdictsByTopic,
  writeOnce,
  type Place,
  type Said,
  type Written,
} from '../written.js';

/**
 * OffsetDelete (47, KIP-496, Kafka 2.4): forgets what a group has committed for partitions, of topics that none of its members
 * reads. Ask its coordinator. Needs Delete on the group and Read on the topic.
 */
export function deleteOffsets(
  link: KafkaLink,
  coordinator: number,
  group: string,
  partitions: readonly Place[],
  signal?: AbortSignal,
): Promise<Written<Place>> {
  return writeOnce(link, coordinator, offsetDelete(group, partitions), partitions, placeOf, signal);
}

function offsetDelete(group: string, partitions: readonly Place[]): KafkaRequest<Said> {
  return {
    key: 47,
    name: 'OffsetDelete',
    versions: [0],
    flexibleFrom: 1,
    encode: body => {
      body.text(group).list(byTopic(partitions), ([topic, places]) => {
        body.text(topic).list(places, ({ partition }) => body.int32(partition));
      });
    },
    decode: answer => {
      const whole = { code: answer.int16() };
      answer.throttle();
      const items = verdictsByTopic(answer, () => ({ code: answer.int16() }));
      return { throttled: answer.throttled, whole, items };
    },
  };
}
