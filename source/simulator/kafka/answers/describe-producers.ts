import { mayChange, type Api } from '../api.js';
import { partitionError, topicAuthorizationFailed } from './partition-errors.js';

/** DescribeProducers (61). Whoever may only describe a topic is not told who writes to it. */
export const describeProducers: Api = {
  key: 61,
  name: 'DescribeProducers',
  min: 0,
  max: 0,
  flexibleFrom: 0,
  answer(request, answer, question) {
    const { state } = question;
    const topics = request.partitions() ?? [];
    request.tags();
    answer.int32(state.throttleMs).list(topics, ({ topic, partitions }) => {
      answer.text(topic).list(partitions, index => {
        const partition = state.topics[topic]?.partitions[index];
        const error = mayChange(question) ? partitionError(partition, question) : topicAuthorizationFailed;
        answer.int32(index).int16(error).text(null);
        answer.list(error === 0 ? (partition?.producers ?? []) : [], p => {
          answer.int64(p.id).int32(p.epoch).int32(p.lastSequence).int64(p.lastTimestamp);
          answer.int32(0).int64(p.transactionStart).tags();
        });
        answer.tags();
      });
      answer.tags();
    });
    answer.tags();
  },
};
