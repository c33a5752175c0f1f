import type { Api } from '../api.js';

const topicAuthorizationFailed = 29;
const nowhere = -1;
const noAnswer = 0;

/**
 * Produce (0). Nobody may write here: a simulated site makes its records itself. On a producer that wants no answer a broker hangs
 * up, since it can not be refused otherwise.
 */
export const produce: Api = {
  key: 0,
  name: 'Produce',
  min: 3,
  max: 11,
  flexibleFrom: 9,
  answer(request, answer, { state, version }) {
    request.text();
    if (request.int16() === noAnswer) throw new RangeError('acks=0: a refusal has no other way');
    request.int32();
    const topics = request.topics(() => {
      const index = request.int32();
      request.blob();
      return index;
    });
    request.tags();
    answer.list(topics, ({ topic, partitions }) => {
      answer.text(topic).list(partitions, index => {
        answer.int32(index).int16(topicAuthorizationFailed).int64(nowhere).int64(nowhere);
        if (version >= 5) answer.int64(nowhere);
        if (version >= 8) answer.list([], () => undefined).text(null);
        answer.tags();
      });
      answer.tags();
    });
    answer.int32(state.throttleMs).tags();
  },
};
