import type { Failure } from '../../../core/failure.js';
import type { Answer, RecordSample } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import { readBatches } from '../records/batches.js';
import { KeyCounts } from '../records/key-counts.js';

export type SampleOf = {
  readonly topic: string;
  readonly partition: number;
  /** How many partitions the topic has: where a key belongs depends on it. */
  readonly partitions: number;
  /** The offset to begin at, near the log's end: what is colder is not in the broker's memory. */
  readonly from: number;
  /** Bytes of the log at most; a first batch that is larger comes whole. */
  readonly maxBytes: number;
};

const noWait = 0;
const readUncommitted = 0;
const notAReplica = -1;
/** Bytes of an answer that are passed over: two offsets; a producer id and its first offset. */
const highWatermarkAndLastStable = 8 + 8;
const abortedTransaction = 8 + 8;

/**
 * Fetch (1) of the tail of one partition, counted and dropped: for whoever asked for samples. It joins no group and commits nothing.
 * Needs READ on the topic.
 */
export async function readRecordSample(
  link: KafkaLink,
  leader: number,
  wanted: SampleOf,
  signal?: AbortSignal,
): Promise<Timed<Answer<RecordSample>>> {
  const { answer, ...times } = await link.send(leader, fetch(wanted, link.nameOf(leader)), signal);
  if ('failed' in answer) return { ...times, answer };
  const { failed, sample } = answer.ok;
  return { ...times, answer: failed ? { failed } : { ok: sample } };
}

type Fetched = { readonly failed?: Failure; readonly sample: RecordSample };

function fetch(
  { topic, partition, partitions, from, maxBytes }: SampleOf,
  who: string,
): KafkaRequest<Fetched> {
  return {
    key: 1,
    name: 'Fetch',
    versions: [4],
    flexibleFrom: 12,
    encode: body => {
      body.int32(notAReplica).int32(noWait).int32(0).int32(maxBytes).int8(readUncommitted);
      body.list([topic], name =>
        body.text(name).list([partition], p => body.int32(p).int64(from).int32(maxBytes)),
      );
    },
    decode: answer => {
      answer.throttle();
      const counts = new KeyCounts(partition, partitions);
      let unread: ReadonlyMap<string, number> = new Map();
      let failed: Failure | undefined;
      answer.list(() => {
        answer.skipText();
        answer.list(() => {
          answer.int32();
          failed ??= failureOfCode(answer.int16(), `Fetch of ${topic}/${partition} at ${who}`);
          answer.skip(highWatermarkAndLastStable);
          answer.list(() => answer.skip(abortedTransaction));
          const log = answer.blob();
          if (log !== undefined)
            unread = readBatches(log, from, (record, batch) => counts.add(record, batch));
        });
      });
      return { sample: counts.sample(unread), ...(failed && { failed }) };
    },
  };
}
