import type { Api } from '../api.js';
import type { Writer } from '../bytes.js';
import type { SimulatedGroup, SimulatedMember } from '../state.js';
import { groupError } from './group-errors.js';

const groupIdNotFound = 69;
const notAsked = -2_147_483_648;

/** StreamsGroupDescribe (89, KIP-1071). */
export const streamsGroupDescribe: Api = {
  key: 89,
  name: 'StreamsGroupDescribe',
  min: 0,
  max: 0,
  flexibleFrom: 0,
  answer(request, answer, question) {
    const { state } = question;
    const names = request.list(() => request.name()) ?? [];
    request.flag();
    request.tags();
    answer.int32(state.throttleMs).list(names, name => {
      const found = state.groups[name];
      const error = groupError(found, question) || (found?.type === 'streams' ? 0 : groupIdNotFound);
      const group = error === 0 ? found : undefined;
      answer.int16(error).text(error === groupIdNotFound ? `Group ${name} is not a streams group.` : null);
      answer.text(name).text(group?.state ?? '');
      answer.int32(group?.epoch ?? 0).int32(group?.assignmentEpoch ?? 0);
      topology(answer, group);
      answer.list(group?.members ?? [], m => member(answer, m));
      answer.int32(notAsked).tags();
    });
    answer.tags();
  },
};

function topology(answer: Writer, group: SimulatedGroup | undefined): void {
  if (group?.subtopologies === undefined) return void answer.int8(-1);
  const nothing = (): undefined => undefined;
  answer
    .int8(1)
    .int32(1)
    .list(Object.entries(group.subtopologies), ([id, topics]) => {
      answer.text(id).list(topics, topic => answer.text(topic));
      answer.list([], nothing);
      answer.list([`${id}-changelog`], name => {
        answer.text(name).int32(1).int16(3);
        answer.list(['cleanup.policy'], key => answer.text(key).text('compact').tags());
        answer.tags();
      });
      answer.list([], nothing).tags();
    });
  answer.tags();
}

function member(answer: Writer, m: SimulatedMember): void {
  answer.text(m.id).int32(m.epoch).text(m.instance).text(null);
  answer.text(m.clientId).text(`/${m.host}`).int32(1).text(`process-${m.id}`);
  answer.int8(1).text(m.host).int16(8080).tags();
  answer.list(['zone'], key => answer.text(key).text('a').tags());
  for (let i = 0; i < 2; i++)
    answer.list(Object.keys(m.assignment), id => answer.text(id).int32(0).int64(7).tags());
  tasks(answer, m.assignment);
  tasks(answer, m.target ?? m.assignment);
  answer.flag(false).tags();
}

function tasks(answer: Writer, active: SimulatedMember['assignment']): void {
  answer.list(Object.entries(active), ([id, partitions]) => answer.text(id).int32s(partitions).tags());
  answer
    .list([], () => undefined)
    .list([], () => undefined)
    .tags();
}
