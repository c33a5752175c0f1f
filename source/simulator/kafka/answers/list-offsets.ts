import type { Api } from '../api.js';
import type { SimulatedPartition } from '../state.js';
import { partitionError } from './partition-errors.js';

const [latest, earliest, newest] = [-1, -2, -3];
const readCommitted = 1;

/**
 * ListOffsets (2): the log-end (−1) is the last stable offset for a reader of committed records; the log-start is −2; from v7 on
 * −3 is the record with the newest timestamp (KIP-734). Any other is a time.
 */
export const listOffsets: Api = {
  key: 2,
  name: 'ListOffsets',
  min: 1,
  max: 7,
  flexibleFrom: 6,
  answer(request, answer, question) {
    const { state, version } = question;
    request.int32();
    const isolation = version >= 2 ? request.int8() : 0;
    const wanted = request.topics(() => {
      const index = request.int32();
      if (version >= 4) request.int32();
      return { index, timestamp: request.int64() };
    });
    request.tags();
    if (version >= 2) answer.int32(state.throttleMs);
    const isKnown = (topic: string): number => (state.topics[topic] ? 1 : 0);
    const unknownFirst = [...wanted].sort((a, b) => isKnown(a.topic) - isKnown(b.topic));
    answer.list(unknownFirst, ({ topic, partitions }) => {
      answer.text(topic).list(partitions, ({ index, timestamp }) => {
        const partition = state.topics[topic]?.partitions[index];
        const error = partitionError(partition, question);
        const at = error === 0 && partition ? found(partition, timestamp, isolation) : nothing;
        answer.int32(index).int16(error).int64(at.timestamp).int64(at.offset);
        if (version >= 4) answer.int32(at.offset >= 0 ? (partition?.leaderEpoch ?? 0) : -1);
        answer.tags();
      });
      answer.tags();
    });
    answer.tags();
  },
};

type Found = { readonly offset: number; readonly timestamp: number };

const nothing: Found = { offset: -1, timestamp: -1 };

function found(partition: SimulatedPartition, timestamp: number, isolation: number): Found {
  const { logStart, logEnd, lastStable = logEnd, times = [] } = partition;
  if (timestamp === earliest) return { offset: logStart, timestamp: -1 };
  if (timestamp === latest)
    return { offset: isolation === readCommitted ? lastStable : logEnd, timestamp: -1 };
  if (timestamp === newest) return times.at(-1) ?? nothing;
  return times.find(t => t.timestamp >= timestamp) ?? nothing;
}
