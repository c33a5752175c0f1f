import type { Api } from '../api.js';
import type { SimulatedPartition } from '../state.js';
import { partitionError } from './partition-errors.js';

/** OffsetForLeaderEpoch (23): the largest epoch up to the one that was asked for, and where its records end. */
export const offsetForLeaderEpoch: Api = {
  key: 23,
  name: 'OffsetForLeaderEpoch',
  min: 2,
  max: 4,
  flexibleFrom: 4,
  answer(request, answer, question) {
    const { state, version } = question;
    if (version >= 3) request.int32();
    const topics = request.topics(() => {
      const index = request.int32();
      request.int32();
      return { index, epoch: request.int32() };
    });
    request.tags();
    answer.int32(state.throttleMs).list(topics, ({ topic, partitions }) => {
      answer.text(topic).list(partitions, ({ index, epoch }) => {
        const partition = state.topics[topic]?.partitions[index];
        const error = partitionError(partition, question);
        const end = error === 0 && partition ? endOf(partition, epoch) : { epoch: -1, offset: -1 };
        answer.int16(error).int32(index).int32(end.epoch).int64(end.offset).tags();
      });
      answer.tags();
    });
    answer.tags();
  },
};

function endOf(
  { epochEnds = {}, leaderEpoch = 0, logEnd }: SimulatedPartition,
  wanted: number,
): { readonly epoch: number; readonly offset: number } {
  if (wanted >= leaderEpoch)
    return { epoch: wanted === leaderEpoch ? leaderEpoch : -1, offset: wanted === leaderEpoch ? logEnd : -1 };
  const known = Object.keys(epochEnds)
    .map(Number)
    .filter(epoch => epoch <= wanted);
  const epoch = Math.max(-1, ...known);
  return { epoch, offset: epochEnds[epoch] ?? -1 };
}
