import { mayChange, type Api, type Question } from '../api.js';
import type { SimulatedGroup } from '../state.js';
import { groupAuthorizationFailed, groupError } from './group-errors.js';

const groupIdNotFound = 69;
const groupSubscribedToTopic = 86;

/** OffsetDelete (47). The throttle time comes after the error here. */
export const offsetDelete: Api = {
  key: 47,
  name: 'OffsetDelete',
  min: 0,
  max: 0,
  flexibleFrom: 99,
  answer(request, answer, question) {
    const { state } = question;
    const name = request.name();
    const topics = request.partitions() ?? [];
    const group = state.groups[name];
    const error = refusal(group, question);
    answer.int16(error).int32(state.throttleMs);
    answer.list(error === 0 ? topics : [], ({ topic, partitions }) => {
      const isRead = group?.members.some(m => topic in m.assignment) ?? false;
      answer.text(topic).list(partitions, index => {
        const offsets = group?.committed[topic];
        if (!isRead && group && offsets)
          group.committed[topic] = Object.fromEntries(
            Object.entries(offsets).filter(([key]) => Number(key) !== index),
          );
        answer.int32(index).int16(isRead ? groupSubscribedToTopic : 0);
      });
    });
  },
};

function refusal(group: SimulatedGroup | undefined, question: Question): number {
  if (!mayChange(question)) return groupAuthorizationFailed;
  return group === undefined ? groupIdNotFound : groupError(group, question);
}
