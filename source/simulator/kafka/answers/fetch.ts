import { mayChange, type Api, type Question } from '../api.js';
import { recordBatch } from '../record-batch.js';
import type { SimulatedPartition, SimulatedRecord } from '../state.js';
import { partitionError, topicAuthorizationFailed } from './partition-errors.js';

const offsetOutOfRange = 1;
const unsupportedCompressionType = 76;
/** The first version whose askers know zstd (KIP-110). */
const knowsZstd = 10;
const mostABatch = 100;

/** Fetch (1), for whoever reads without a group and waits for nothing. What is not kept in `records` was never written. */
export const fetch: Api = {
  key: 1,
  name: 'Fetch',
  min: 4,
  max: 11,
  flexibleFrom: 12,
  answer(request, answer, question) {
    request.int32();
    request.int32();
    request.int32();
    let room = request.int32();
    request.int8();
    const { version } = question;
    if (version >= 7) {
      request.int32();
      request.int32();
    }
    const wanted = request.topics(() => {
      const index = request.int32();
      if (version >= 9) request.int32();
      const from = request.int64();
      if (version >= 5) request.int64();
      return { index, from, most: request.int32() };
    });
    if (version >= 7) request.partitions();
    if (version >= 11) request.text();
    answer.int32(question.state.throttleMs);
    if (version >= 7) answer.int16(0).int32(0);
    answer.list(wanted, ({ topic, partitions }) => {
      answer.text(topic).list(partitions, ({ index, from, most }) => {
        const seen = question.state.topics[topic];
        const partition = seen?.partitions[index];
        const isInZstd = seen?.configs?.['compression.type'] === 'zstd';
        const error =
          isInZstd && version < knowsZstd ? unsupportedCompressionType : errorOf(partition, from, question);
        const log =
          error === 0 && partition ? logFrom(partition, from, Math.min(room, most)) : Buffer.alloc(0);
        room -= log.length;
        const end = error === 0 ? (partition?.logEnd ?? -1) : -1;
        answer.int32(index).int16(error).int64(end).int64(end);
        if (version >= 5) answer.int64(partition?.logStart ?? -1);
        answer.list([], () => undefined);
        if (version >= 11) answer.int32(-1);
        answer.blob(log);
      });
    });
  },
};

function errorOf(partition: SimulatedPartition | undefined, from: number, question: Question): number {
  if (!mayChange(question)) return topicAuthorizationFailed;
  const error = partitionError(partition, question);
  if (error !== 0 || partition === undefined) return error;
  return from < partition.logStart || from > partition.logEnd ? offsetOutOfRange : 0;
}

/** As brokers do: from the beginning of the batch that the offset lies in; the last batch is cut where the room ends, the first never. */
function logFrom({ records, log, logStart, logEnd }: SimulatedPartition, from: number, room: number): Buffer {
  if (log !== undefined) return log.subarray(0, room);
  if (records === undefined) return Buffer.alloc(0);
  const batches: Buffer[] = [];
  let size = 0;
  let offset = logStart + Math.floor((from - logStart) / mostABatch) * mostABatch;
  while (offset < logEnd && size < room) {
    const batch: SimulatedRecord[] = [];
    const end = Math.min(offset + mostABatch, logEnd);
    for (let o = offset; o < end; o++) {
      const record = records(o);
      if (batch[0] !== undefined && record.producerId !== batch[0].producerId) break;
      batch.push(record);
    }
    const bytes = recordBatch(batch, offset);
    batches.push(bytes);
    size += bytes.length;
    offset += batch.length;
  }
  const [first] = batches;
  const all = Buffer.concat(batches);
  return all.subarray(0, Math.max(room, first?.length ?? 0));
}
