import { startKafka, type SimulatedKafka } from '../../source/simulator/kafka/start.js';
import { partitionOf } from '../../source/simulator/kafka/state.js';
import { committed, groupName, records, type Size, topicName } from './size.js';

/** Three simulated brokers in this process, filled as the real ones are. */
export function startSimulated({ topics, partitions, groups }: Size): Promise<SimulatedKafka> {
  const each = <T>(count: number, make: (i: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => make(i));
  return startKafka({
    brokers: 3,
    topics: Object.fromEntries(
      each(topics, topic => [
        topicName(topic),
        { partitions: each(partitions, partition => partitionOf({ logEnd: records }, [1, 2, 3], partition)) },
      ]),
    ),
    groups: Object.fromEntries(
      each(groups, group => [
        groupName(group),
        {
          committed: {
            [topicName(group % topics)]: Object.fromEntries(
              each(partitions, partition => [partition, committed(group, partition)]),
            ),
          },
        },
      ]),
    ),
  });
}
