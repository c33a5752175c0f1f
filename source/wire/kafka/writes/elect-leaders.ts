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

const preferred = 0;
const electionNotNeeded = 84;

/**
 * ElectLeaders (43): makes the first replica of partitions their leader, where it is in sync. Where it leads already, that
 * is done. Ask the controller; in KRaft every broker passes it on. Needs Alter on the cluster.
 */
export function electPreferredLeaders(
  link: KafkaLink,
  broker: number,
  partitions: readonly Place[],
  signal?: AbortSignal,
): Promise<Written<Place>> {
  return writeOnce(link, broker, electLeaders(partitions), partitions, placeOf, signal);
}

function electLeaders(partitions: readonly Place[]): KafkaRequest<Said> {
  return {
    key: 43,
    name: 'ElectLeaders',
    versions: [0, 1, 2],
    flexibleFrom: 2,
    encode: (body, version) => {
      if (version >= 1) body.int8(preferred);
      body.list(byTopic(partitions), ([topic, places]) => {
        body
          .text(topic)
          .list(places, ({ partition }) => body.int32(partition))
          .tags();
      });
      body.int32(brokerTimeout).tags();
    },
    decode: (answer, version) => {
      answer.throttle();
      const whole = { code: version >= 1 ? answer.int16() : 0 };
      const items = verdictsByTopic(answer, () => {
        const [code, message] = [answer.int16(), answer.text()];
        return { code: code === electionNotNeeded ? 0 : code, message };
      });
      return { throttled: answer.throttled, whole, items };
    },
  };
}
