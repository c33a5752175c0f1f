import type { Answer, OffsetColumn, OffsetsSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { FailureIndex } from '../protocol-errors.js';
import type { Reader } from '../reader.js';
import { epochOf, ifKnown } from './epochs.js';

/** Partitions of one topic to ask about. */
export type WantedPartitions = { readonly topic: string; readonly partitions: Int32Array };

type Offsets = Pick<OffsetsSeen, 'topics' | 'failures'>;

/**
 * ListOffsets (2): log-end or log-start offsets of partitions, asked of their leader in one request.
 * The isolation level is 0: the log-end is the high watermark, not the last stable offset behind which a hanging
 * transaction would hide its lag. A partition that failed holds its reason, the others their offset.
 */
export function readListOffsets(
  link: KafkaLink,
  broker: number,
  wanted: readonly WantedPartitions[],
  which: OffsetsSeen['which'],
  signal?: AbortSignal,
): Promise<Timed<Answer<Offsets>>> {
  const subject = `ListOffsets (${which}) of ${link.nameOf(broker)}`;
  return link.send(broker, listOffsets(wanted, which, subject), signal);
}

const timestamps = { 'log-end': -1, 'log-start': -2 } as const;
const anyLeaderEpoch = -1;
const readUncommitted = 0;
const notAReplica = -1;

function listOffsets(
  wanted: readonly WantedPartitions[],
  which: OffsetsSeen['which'],
  subject: string,
): KafkaRequest<Offsets> {
  return {
    key: 2,
    name: 'ListOffsets',
    versions: [2, 3, 4, 5],
    flexibleFrom: 6,
    encode: (body, version) => {
      body.int32(notAReplica).int8(readUncommitted);
      body.list(wanted, ({ topic, partitions }) => {
        body.text(topic).list(partitions, partition => {
          body.int32(partition);
          if (version >= 4) body.int32(anyLeaderEpoch);
          body.int64(timestamps[which]);
        });
      });
    },
    decode: (answer, version) => {
      const index = new FailureIndex(subject);
      answer.throttle();
      const topics = answer.list(() => column(answer, version, index));
      return { topics, failures: index.failures };
    },
  };
}

function column(answer: Reader, version: number, index: FailureIndex): OffsetColumn {
  const topic = answer.name();
  const count = answer.length(4 + 2 + 8 + 8);
  const partition = new Int32Array(count);
  const offset = new Float64Array(count);
  const failure = new Uint8Array(count);
  const leaderEpoch = new Float64Array(count).fill(NaN);
  for (let i = 0; i < count; i++) {
    partition[i] = answer.int32();
    failure[i] = index.of(answer.int16());
    answer.skip(8);
    const value = answer.int64();
    offset[i] = value < 0 || failure[i] !== 0 ? NaN : value;
    if (version >= 4) leaderEpoch[i] = epochOf(answer.int32());
  }
  return { topic, partition, offset, failure, ...ifKnown(leaderEpoch) };
}
