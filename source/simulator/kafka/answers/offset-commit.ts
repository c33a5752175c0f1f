import { mayChange, type Api, type Question } from '../api.js';
import { groupOf } from '../state.js';
import { groupAuthorizationFailed, groupError } from './group-errors.js';

const unknownTopicOrPartition = 3;
const unknownMemberId = 25;

/** OffsetCommit (8) of nobody (generation −1): of a group that has no members, which is made where there is none. */
export const offsetCommit: Api = {
  key: 8,
  name: 'OffsetCommit',
  min: 2,
  max: 8,
  flexibleFrom: 8,
  answer(request, answer, question) {
    const { state, version } = question;
    const name = request.name();
    request.int32();
    request.name();
    if (version >= 7) request.text();
    if (version <= 4) request.int64();
    const topics = request.topics(() => {
      const [index, offset] = [request.int32(), request.int64()];
      const epoch = version >= 6 ? request.int32() : -1;
      request.text();
      return { index, offset, epoch };
    });
    request.tags();
    const refused = refusal(name, question);
    if (version >= 3) answer.int32(state.throttleMs);
    answer.list(topics, ({ topic, partitions }) => {
      answer.text(topic).list(partitions, ({ index, offset, epoch }) => {
        const isThere = state.topics[topic]?.partitions[index] !== undefined;
        const error = refused || (isThere ? 0 : unknownTopicOrPartition);
        if (error === 0) commit(name, topic, index, offset, epoch, question);
        answer.int32(index).int16(error).tags();
      });
      answer.tags();
    });
    answer.tags();
  },
};

function refusal(name: string, question: Question): number {
  if (!mayChange(question)) return groupAuthorizationFailed;
  const group = question.state.groups[name];
  const error = groupError(group, question);
  return error || (group !== undefined && group.members.length > 0 ? unknownMemberId : 0);
}

function commit(
  name: string,
  topic: string,
  index: number,
  offset: number,
  epoch: number,
  { state, broker }: Question,
): void {
  const group = (state.groups[name] ??= groupOf({ coordinator: broker.id, protocolType: '' }));
  group.committed[topic] = { ...group.committed[topic], [index]: offset };
  if (epoch >= 0) group.committedEpoch = epoch;
}
