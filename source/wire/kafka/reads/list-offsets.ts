import type { Answer, OffsetColumn, OffsetsSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { FailureIndex } from '../protocol-errors.js';
import type { Reader } from '../reader.js';
import { epochOf } from './epochs.js';
import { OffsetColumns } from './offset-columns.js';

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
      const columns = new OffsetColumns();
      const topics = answer.list(() => column(answer, version, index, columns));
      return { topics, failures: index.failures };
    },
  };
}

/** What a partition takes in an answer; from v4 on an epoch of 4 bytes more. */
const rowBytes = 4 + 2 + 8 + 8;

function column(answer: Reader, version: number, index: FailureIndex, columns: OffsetColumns): OffsetColumn {
  const topic = answer.name();
  const count = answer.length(rowBytes);
  columns.begin(count, Math.ceil(answer.left / rowBytes));
  for (let i = 0; i < count; i++) {
    const partition = answer.int32();
    const why = index.of(answer.int16());
    answer.skip(8);
    const offset = answer.int64();
    const epoch = version >= 4 ? epochOf(answer.int32()) : NaN;
    columns.add(partition, offset < 0 || why !== 0 ? NaN : offset, why, epoch);
  }
  return columns.finish(topic);
}
