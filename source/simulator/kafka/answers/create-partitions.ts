import { mayChange, type Api, type Question } from '../api.js';
import { partitionOf } from '../state.js';

const unknownTopic = 3;
const topicAuthorizationFailed = 29;
const invalidPartitions = 37;

/** CreatePartitions (37): more partitions, spread over the brokers. */
export const createPartitions: Api = {
  key: 37,
  name: 'CreatePartitions',
  min: 0,
  max: 3,
  flexibleFrom: 2,
  answer(request, answer, question) {
    const { state } = question;
    const topics =
      request.structs(() => {
        const topic = { name: request.name(), count: request.int32() };
        request.structs(() => request.list(() => request.int32()));
        return topic;
      }) ?? [];
    request.int32();
    const validateOnly = request.flag();
    request.tags();
    answer.int32(state.throttleMs).list(topics, ({ name, count }) => {
      const { error, message } = refusal(name, count, question);
      if (error === 0 && !validateOnly) grow(name, count, question);
      answer.text(name).int16(error).text(message).tags();
    });
    answer.tags();
  },
};

function refusal(
  name: string,
  count: number,
  question: Question,
): { readonly error: number; readonly message: string | null } {
  if (!mayChange(question)) return { error: topicAuthorizationFailed, message: null };
  const topic = question.state.topics[name];
  if (topic === undefined) return { error: unknownTopic, message: null };
  const has = topic.partitions.length;
  if (count > has) return { error: 0, message: null };
  const message = `The topic ${name} currently has ${has} partition(s); ${count} would not be an increase.`;
  return { error: invalidPartitions, message };
}

function grow(name: string, count: number, { state }: Question): void {
  const partitions = state.topics[name]?.partitions ?? [];
  const ids = state.brokers.map(b => b.id);
  const replicas = partitions[0]?.replicas.length ?? 1;
  for (let i = partitions.length; i < count; i++) {
    const made = partitionOf({}, ids, i);
    const held = made.replicas.slice(0, replicas);
    partitions.push({ ...made, replicas: held, isr: [...held] });
  }
}
