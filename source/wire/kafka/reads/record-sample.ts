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
/** Of a fetch that begins no session (KIP-227). */
const [noSession, noSessionEpoch] = [0, -1];
const whateverNow = -1;
/** Bytes of an answer that are passed over: two offsets; the first offset of the log; a producer id and its first offset. */
const highWatermarkAndLastStable = 8 + 8;
const logStart = 8;
const abortedTransaction = 8 + 8;

/**
 * Fetch (1) of the tail of one partition, counted and dropped: for whoever asked for samples. It joins no group and commits nothing.
 * Needs READ on the topic. Before v10 (Kafka 2.1) brokers give nobody what lies in a topic with compression.type=zstd.
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
    versions: [4, 10],
    flexibleFrom: 12,
    encode: (body, version) => {
      body.int32(notAReplica).int32(noWait).int32(0).int32(maxBytes).int8(readUncommitted);
      if (version >= 7) body.int32(noSession).int32(noSessionEpoch);
      body.list([topic], name => {
        body.text(name).list([partition], p => {
          body.int32(p);
          if (version >= 9) body.int32(whateverNow);
          body.int64(from);
          if (version >= 5) body.int64(notAReplica);
          body.int32(maxBytes);
        });
      });
      const forgotten: readonly string[] = [];
      if (version >= 7) body.list(forgotten, name => body.text(name));
    },
    decode: (answer, version) => {
      answer.throttle();
      const whole = version >= 7 ? answer.int16() : 0;
      if (version >= 7) answer.int32();
      const counts = new KeyCounts(partition, partitions);
      let unread: ReadonlyMap<string, number> = new Map();
      const subject = `Fetch of ${topic}/${partition} at ${who}`;
      let failed = failureOfCode(whole, subject);
      answer.list(() => {
        answer.skipText();
        answer.list(() => {
          answer.int32();
          failed ??= failureOfCode(answer.int16(), subject);
          answer.skip(highWatermarkAndLastStable);
          if (version >= 5) answer.skip(logStart);
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
