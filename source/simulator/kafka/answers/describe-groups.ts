import type { Api } from '../api.js';
import { Writer } from '../bytes.js';
import type { SimulatedGroup, SimulatedMember } from '../state.js';
import { groupError } from './group-errors.js';

/** DescribeGroups (15): classic groups. One of another type, or none, is `Dead` without an error, as in Kafka up to v5. */
export const describeGroups: Api = {
  key: 15,
  name: 'DescribeGroups',
  min: 0,
  max: 5,
  flexibleFrom: 5,
  answer(request, answer, question) {
    const { state, version } = question;
    const names = request.list(() => request.name()) ?? [];
    if (version >= 3) request.flag();
    request.tags();
    if (version >= 1) answer.int32(state.throttleMs);
    answer.list(names, name => {
      const found = state.groups[name];
      const error = groupError(found, question);
      const group = error === 0 && found?.type === 'classic' ? found : undefined;
      answer.int16(error).text(name);
      answer.text(group?.state ?? (error === 0 ? 'Dead' : '')).text(group?.protocolType ?? '');
      answer.text(group?.state === 'Stable' ? group.assignor : '');
      answer.list(group?.members ?? [], member => {
        answer.text(member.id);
        if (version >= 4) answer.text(member.instance);
        answer.text(member.clientId).text(`/${member.host}`);
        answer
          .blob(metadataOf(member))
          .blob(group ? assignmentOf(member, group) : Buffer.alloc(0))
          .tags();
      });
      if (version >= 3) answer.int32(-2_147_483_648);
      answer.tags();
    });
    answer.tags();
  },
};

/** ConsumerProtocolSubscription v0, or a Connect worker's state (`compatible`, v1). */
function metadataOf(member: SimulatedMember): Buffer {
  if (member.url !== undefined) return new Writer().int16(1).text(member.url).int64(1).int32(-1).bytes();
  const writer = new Writer();
  return writer
    .int16(0)
    .list(Object.keys(member.assignment), topic => writer.text(topic))
    .int32(-1)
    .bytes();
}

/** ConsumerProtocolAssignment v0; empty while the group rebalances, as the leader has not assigned yet. */
function assignmentOf(member: SimulatedMember, group: SimulatedGroup): Buffer {
  if (group.state !== 'Stable' || group.protocolType !== 'consumer') return Buffer.alloc(0);
  const writer = new Writer();
  writer.int16(0).list(Object.entries(member.assignment), ([topic, partitions]) => {
    writer.text(topic).int32s(partitions);
  });
  return writer.int32(-1).bytes();
}
