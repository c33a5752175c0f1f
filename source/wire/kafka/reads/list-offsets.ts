import type { Millis } from '../../../core/clock.js';
import type { Failure } from '../../../core/failure.js';
import type { Answer, OffsetColumn, OffsetsSeen } from '../../../core/observation.js';
import type { Body } from '../body.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { FailureIndex } from '../protocol-errors.js';
import type { Reader } from '../reader.js';
import { epochOf, ifKnown } from './epochs.js';
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
  return link.send(broker, listOffsets(wanted, timestamps[which], subject, column), signal);
}

/** As `OffsetColumn`, with the time of the record at `offset`; NaN where there is none. */
type TimedColumn = OffsetColumn & { readonly timestamp: Float64Array };

/**
 * Where records of a time begin: the first offset of each partition whose record is as new as `at`, or the record with the
 * newest timestamp (KIP-734, Kafka 3.0). No offset and no failure: there is no such record.
 */
export function readOffsetsAt(
  link: KafkaLink,
  broker: number,
  wanted: readonly WantedPartitions[],
  at: Millis | 'newest',
  signal?: AbortSignal,
): Promise<
  Timed<Answer<{ readonly topics: readonly TimedColumn[]; readonly failures: readonly Failure[] }>>
> {
  const subject = `ListOffsets (by time) of ${link.nameOf(broker)}`;
  const request = listOffsets(wanted, at === 'newest' ? timestamps.newest : at, subject, timedColumn);
  return link.send(broker, at === 'newest' ? { ...request, versions: [7] } : request, signal);
}

const timestamps = { 'log-end': -1, 'log-start': -2, newest: -3 } as const;
const anyLeaderEpoch = -1;
const readUncommitted = 0;
const notAReplica = -1;

function listOffsets<C extends OffsetColumn>(
  wanted: readonly WantedPartitions[],
  timestamp: number,
  subject: string,
  read: (answer: Reader, version: number, index: FailureIndex, columns: OffsetColumns) => C,
): KafkaRequest<{ readonly topics: readonly C[]; readonly failures: readonly Failure[] }> {
  return {
    key: 2,
    name: 'ListOffsets',
    versions: [2, 3, 4, 5],
    flexibleFrom: 6,
    encode: (body, version) => writeAllWanted(body, version, timestamp, wanted),
    decode: (answer, version) => {
      const index = new FailureIndex(subject);
      answer.throttle();
      return { topics: readTopics(answer, version, index, read), failures: index.failures };
    },
  };
}

/** Not within the request, which is made anew each time: what the engine compiles of its `encode` and `decode` goes with it. */
function readTopics<C extends OffsetColumn>(
  answer: Reader,
  version: number,
  index: FailureIndex,
  read: (answer: Reader, version: number, index: FailureIndex, columns: OffsetColumns) => C,
): readonly C[] {
  const columns = new OffsetColumns();
  const topics: C[] = [];
  for (let left = answer.length(); left > 0; left--) topics.push(read(answer, version, index, columns));
  return topics;
}

/** As `readTopics`. */
function writeAllWanted(
  body: Body,
  version: number,
  timestamp: number,
  wanted: readonly WantedPartitions[],
): void {
  body.int32(notAReplica).int8(readUncommitted);
  body.length(wanted.length);
  for (const one of wanted) writeWanted(body, version, timestamp, one);
  body.tags();
}

function writeWanted(body: Body, version: number, timestamp: number, wanted: WantedPartitions): void {
  const { topic, partitions } = wanted;
  body.text(topic).length(partitions.length);
  for (const partition of partitions) {
    body.int32(partition);
    if (version >= 4) body.int32(anyLeaderEpoch);
    body.int64(timestamp).tags();
  }
  body.tags();
}

/** What a partition takes in an answer; from v4 on an epoch of 4 bytes more. */
const rowBytes = 4 + 2 + 8 + 8;

function timedColumn(answer: Reader, version: number, index: FailureIndex): TimedColumn {
  const topic = answer.name();
  const count = answer.length(rowBytes);
  const partition = new Int32Array(count);
  const offset = new Float64Array(count);
  const timestamp = new Float64Array(count);
  const failure = new Uint8Array(count);
  const leaderEpoch = new Float64Array(count).fill(NaN);
  for (let i = 0; i < count; i++) {
    partition[i] = answer.partition();
    failure[i] = index.of(answer.int16());
    const time = answer.int64();
    const value = answer.int64();
    const isKnown = value >= 0 && failure[i] === 0;
    offset[i] = isKnown ? value : NaN;
    timestamp[i] = isKnown && time >= 0 ? time : NaN;
    if (version >= 4) leaderEpoch[i] = epochOf(answer.int32());
    answer.tags();
  }
  answer.tags();
  return { topic, partition, offset, timestamp, failure, ...ifKnown(leaderEpoch) };
}

/** The same without times: a hundred thousand of them are asked for at a time, and nobody reads when they were. */
function column(answer: Reader, version: number, index: FailureIndex, columns: OffsetColumns): OffsetColumn {
  const topic = answer.name();
  const count = answer.length(rowBytes);
  columns.begin(count, Math.ceil(answer.left / rowBytes));
  for (let i = 0; i < count; i++) {
    const partition = answer.partition();
    const why = index.of(answer.int16());
    answer.skip(8);
    const offset = answer.int64();
    const epoch = version >= 4 ? epochOf(answer.int32()) : NaN;
    columns.add(partition, offset < 0 || why !== 0 ? NaN : offset, why, epoch);
  }
  return columns.finish(topic);
}
