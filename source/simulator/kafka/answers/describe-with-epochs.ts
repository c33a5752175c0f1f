import type { Api, Question } from '../api.js';
import type { Writer } from '../bytes.js';
import type { KafkaState, SimulatedGroup, SimulatedMember } from '../state.js';
import { topicIdOf } from '../topic-id.js';
import { askedFor } from './group-errors.js';

/** ConsumerGroupDescribe (69, KIP-848). */
export const consumerGroupDescribe: Api = describe(
  'consumer',
  69,
  'ConsumerGroupDescribe',
  (answer, member, { state, version }) => {
    answer.text(member.id).text(member.instance).text(null).int32(member.epoch);
    answer.text(member.clientId).text(`/${member.host}`);
    answer.list(Object.keys(member.assignment), topic => answer.text(topic)).text('');
    assignment(answer, member.assignment, state);
    assignment(answer, member.target ?? member.assignment, state);
    if (version >= 1) answer.int8(1);
    answer.tags();
  },
);

/** ShareGroupDescribe (77, KIP-932). */
export const shareGroupDescribe: Api = describe(
  'share',
  77,
  'ShareGroupDescribe',
  (answer, member, { state }) => {
    answer.text(member.id).text(null).int32(member.epoch);
    answer.text(member.clientId).text(`/${member.host}`);
    answer.list(Object.keys(member.assignment), topic => answer.text(topic));
    assignment(answer, member.assignment, state);
    answer.tags();
  },
);

function describe(
  type: SimulatedGroup['type'],
  key: number,
  name: string,
  write: (answer: Writer, member: SimulatedMember, question: Question) => void,
): Api {
  return {
    key,
    name,
    min: 0,
    max: 1,
    flexibleFrom: 0,
    answer(request, answer, question) {
      const { state } = question;
      const names = request.list(() => request.name()) ?? [];
      request.flag();
      request.tags();
      answer
        .int32(state.throttleMs)
        .list(askedFor(names, type, question), ({ name, error, message, group }) => {
          answer.int16(error).text(message);
          answer.text(name).text(group?.state ?? '');
          answer
            .int32(group?.epoch ?? 0)
            .int32(group?.assignmentEpoch ?? 0)
            .text(group?.assignor ?? '');
          answer.list(group?.members ?? [], member => write(answer, member, question));
          answer.int32(-2_147_483_648).tags();
        });
      answer.tags();
    },
  };
}

function assignment(answer: Writer, owned: SimulatedMember['assignment'], state: KafkaState): void {
  answer.list(Object.entries(owned), ([topic, partitions]) => {
    answer.raw(topicIdOf(state, topic)).text(topic).int32s(partitions).tags();
  });
  answer.tags();
}
