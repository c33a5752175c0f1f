import { maySee, type Api, type Question } from '../api.js';
import type { SimulatedPartition } from '../state.js';

const unknownTopicOrPartition = 3;
const notLeader = 6;
const topicAuthorizationFailed = 29;

const latest = -1;
const readCommitted = 1;

/** ListOffsets (2): the log-end (−1) is the last stable offset for a reader of committed records; the log-start is −2. */
export const listOffsets: Api = {
  key: 2,
  name: 'ListOffsets',
  min: 1,
  max: 5,
  flexibleFrom: 6,
  answer(request, answer, question) {
    const { state, version } = question;
    request.int32();
    const isolation = version >= 2 ? request.int8() : 0;
    const wanted =
      request.list(() => ({
        topic: request.name(),
        partitions:
          request.list(() => {
            const index = request.int32();
            if (version >= 4) request.int32();
            return { index, timestamp: request.int64() };
          }) ?? [],
      })) ?? [];
    if (version >= 2) answer.int32(state.throttleMs);
    const isKnown = (topic: string): number => (state.topics[topic] ? 1 : 0);
    const unknownFirst = [...wanted].sort((a, b) => isKnown(a.topic) - isKnown(b.topic));
    answer.list(unknownFirst, ({ topic, partitions }) => {
      answer.text(topic).list(partitions, ({ index, timestamp }) => {
        const partition = state.topics[topic]?.partitions[index];
        const error = errorOf(partition, question);
        const offset = error === 0 && partition ? offsetOf(partition, timestamp, isolation) : -1;
        answer.int32(index).int16(error).int64(-1).int64(offset);
        if (version >= 4) answer.int32(error === 0 ? (partition?.leaderEpoch ?? 0) : -1);
      });
    });
  },
};

function errorOf(partition: SimulatedPartition | undefined, question: Question): number {
  if (!maySee(question)) return topicAuthorizationFailed;
  if (partition === undefined) return unknownTopicOrPartition;
  if (partition.error !== 0) return partition.error;
  return partition.leader === question.broker.id ? 0 : notLeader;
}

function offsetOf(partition: SimulatedPartition, timestamp: number, isolation: number): number {
  if (timestamp !== latest) return partition.logStart;
  return isolation === readCommitted ? (partition.lastStable ?? partition.logEnd) : partition.logEnd;
}
