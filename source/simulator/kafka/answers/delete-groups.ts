import { mayChange, type Api, type Question } from '../api.js';
import { groupAuthorizationFailed, groupError } from './group-errors.js';

const groupIdNotFound = 69;
const nonEmptyGroup = 68;

/** DeleteGroups (42). */
export const deleteGroups: Api = {
  key: 42,
  name: 'DeleteGroups',
  min: 0,
  max: 2,
  flexibleFrom: 2,
  answer(request, answer, question) {
    const { state } = question;
    const names = request.list(() => request.name()) ?? [];
    request.tags();
    answer.int32(state.throttleMs).list(names, name => {
      const error = refusal(name, question);
      if (error === 0)
        state.groups = Object.fromEntries(Object.entries(state.groups).filter(([other]) => other !== name));
      answer.text(name).int16(error).tags();
    });
    answer.tags();
  },
};

function refusal(name: string, question: Question): number {
  if (!mayChange(question)) return groupAuthorizationFailed;
  const group = question.state.groups[name];
  if (group === undefined) return groupIdNotFound;
  return groupError(group, question) || (group.members.length > 0 ? nonEmptyGroup : 0);
}
