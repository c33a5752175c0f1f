import { failure } from '../../../core/failure.js';
import type { Answer, Timing } from '../../../core/observation.js';
import type { Millis } from '../../../core/clock.js';
import type { KafkaLink, KafkaRequest } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';
import type { WantedPartitions } from './list-offsets.js';

/** An idempotent or transactional producer that wrote to a partition lately; others leave no trace. */
export type ProducerSeen = {
  readonly id: number;
  readonly epoch: number;
  readonly lastSequence?: number;
  /** Of the last record that it wrote. */
  readonly lastTimestamp?: Millis;
  /** Where its open transaction begins. */
  readonly transactionStart?: number;
};

export type PartitionProducers = {
  readonly topic: string;
  readonly partition: number;
  readonly answer: Answer<readonly ProducerSeen[]>;
};

/**
 * DescribeProducers (61, KIP-664, Kafka 2.8): who writes to partitions with a producer id, asked of their leader. Needs Read on
 * the topic, which a monitor's user seldom has. Every partition that was asked for has its own outcome.
 */
export async function readProducers(
  link: KafkaLink,
  broker: number,
  wanted: readonly WantedPartitions[],
  signal?: AbortSignal,
): Promise<Timing & { readonly partitions: readonly PartitionProducers[] }> {
  const subject = `DescribeProducers of ${link.nameOf(broker)}`;
  const { asked, answered, answer } = await link.send(broker, describeProducers(wanted, subject), signal);
  const seen = 'ok' in answer ? answer.ok : [];
  const byPlace = new Map(seen.map(s => [placeOf(s), s]));
  const left: Answer<never> = 'failed' in answer ? answer : { failed: failure('malformed', subject, silent) };
  const partitions = wanted.flatMap(({ topic, partitions }) =>
    [...partitions].map(partition => {
      const place = { topic, partition };
      return byPlace.get(placeOf(place)) ?? { ...place, answer: left };
    }),
  );
  return { asked, answered, partitions };
}

const silent = 'the answer does not speak of the partition';

function placeOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}-${partition}`;
}

function describeProducers(
  wanted: readonly WantedPartitions[],
  subject: string,
): KafkaRequest<readonly PartitionProducers[]> {
  return {
    key: 61,
    name: 'DescribeProducers',
    versions: [0],
    flexibleFrom: 0,
    encode: body => {
      body.list(wanted, ({ topic, partitions }) => {
        body
          .text(topic)
          .list(partitions, partition => body.int32(partition))
          .tags();
      });
      body.tags();
    },
    decode: answer => {
      answer.throttle();
      const topics = answer.list(() => {
        const topic = answer.name();
        const partitions = answer.list(() => ofPartition(answer, topic, subject));
        answer.tags();
        return partitions;
      });
      return topics.flat();
    },
  };
}

function ofPartition(answer: Reader, topic: string, subject: string): PartitionProducers {
  const partition = answer.partition();
  const failed = failureOfCode(answer.int16(), subject, answer.text());
  const producers = answer.list(() => producer(answer));
  answer.tags();
  return { topic, partition, answer: failed ? { failed } : { ok: producers } };
}

function producer(answer: Reader): ProducerSeen {
  const [id, epoch, lastSequence] = [answer.int64(), answer.int32(), answer.int32()];
  const lastTimestamp = answer.int64();
  answer.int32();
  const transactionStart = answer.int64();
  answer.tags();
  return {
    id,
    epoch,
    ...(lastSequence >= 0 && { lastSequence }),
    ...(lastTimestamp >= 0 && { lastTimestamp }),
    ...(transactionStart >= 0 && { transactionStart }),
  };
}
