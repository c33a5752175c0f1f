import type { Api } from '../api.js';
import { topicIdOf } from '../topic-id.js';
import { groupError, notCoordinator } from './group-errors.js';

/**
 * DescribeShareGroupOffsets (90, KIP-932). v1 adds how many records are left (KIP-1226). A group of another kind, or none, has nothing and
 * is no error.
 */
export const describeShareGroupOffsets: Api = {
  key: 90,
  name: 'DescribeShareGroupOffsets',
  min: 0,
  max: 1,
  flexibleFrom: 0,
  answer(request, answer, question) {
    const { state, version } = question;
    const names =
      request.structs(() => {
        const name = request.name();
        request.partitions();
        return name;
      }) ?? [];
    request.tags();
    answer.int32(state.throttleMs).list(names, name => {
      const found = state.groups[name];
      const error = groupError(found, question);
      const starts = error === 0 ? (found?.shareStarts ?? {}) : {};
      answer.text(name).list(Object.entries(starts), ([topic, byPartition]) => {
        const topicError = state.topics[topic]?.error ?? 0;
        answer.text(topic).raw(topicIdOf(state, topic));
        answer.list(Object.entries(byPartition), ([index, start]) => {
          const partition = state.topics[topic]?.partitions[Number(index)];
          const lag = start < 0 || partition === undefined ? -1 : partition.logEnd - start;
          answer.int32(Number(index)).int64(topicError === 0 ? start : -1);
          answer.int32(partition?.leaderEpoch ?? 0);
          if (version >= 1) answer.int64(topicError === 0 ? lag : -1);
          answer.int16(topicError).text(null).tags();
        });
        answer.tags();
      });
      answer.int16(error).text(error === notCoordinator ? 'This is not the correct coordinator.' : null);
      answer.tags();
    });
    answer.tags();
  },
};
