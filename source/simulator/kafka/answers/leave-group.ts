import { mayChange, type Api } from '../api.js';
import { groupAuthorizationFailed, groupError } from './group-errors.js';

const unknownMemberId = 25;

/** LeaveGroup (13) from v3 on: several members at a time, static ones by their instance's id. */
export const leaveGroup: Api = {
  key: 13,
  name: 'LeaveGroup',
  min: 3,
  max: 5,
  flexibleFrom: 4,
  answer(request, answer, question) {
    const { state, version } = question;
    const group = state.groups[request.name()];
    const leaving =
      request.structs(() => {
        const member = { id: request.name(), instance: request.text() };
        if (version >= 5) request.text();
        return member;
      }) ?? [];
    request.tags();
    const error = mayChange(question) ? groupError(group, question) : groupAuthorizationFailed;
    answer.int32(state.throttleMs).int16(error);
    answer.list(error === 0 ? leaving : [], ({ id, instance }) => {
      const found = group?.members.find(m => (instance === null ? m.id === id : m.instance === instance));
      if (group !== undefined && found !== undefined) {
        group.members = group.members.filter(m => m !== found);
        group.epoch++;
        if (group.members.length === 0) group.state = 'Empty';
      }
      answer.text(id).text(instance);
      answer.int16(found === undefined ? unknownMemberId : 0).tags();
    });
    answer.tags();
  },
};
