import type { Api } from '../api.js';
import type { Writer } from '../bytes.js';
import type { KafkaState, SimulatedGroup, SimulatedMember, SimulatedSubtopology } from '../state.js';
import { askedFor } from './group-errors.js';

const notAsked = -2_147_483_648;
const brokersDefault = -1;

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
    answer
      .int32(state.throttleMs)
      .list(askedFor(names, 'streams', question), ({ name, error, message, group }) => {
        answer.int16(error).text(message);
        answer.text(name).text(group?.state ?? '');
        answer.int32(group?.epoch ?? 0).int32(group?.assignmentEpoch ?? 0);
        topology(answer, group, state);
        answer.list(group?.members ?? [], m => member(answer, m));
        answer.int32(notAsked).tags();
      });
    answer.tags();
  },
};

function topology(answer: Writer, group: SimulatedGroup | undefined, state: KafkaState): void {
  if (group?.subtopologies === undefined) return void answer.int8(-1);
  const { subtopologies } = group;
  answer.int8(1).int32(0);
  answer.list(subtopologies && Object.entries(subtopologies), ([id, topics]) => {
    subtopology(answer.text(id), topics, state);
  });
  answer.tags();
}

function subtopology(answer: Writer, topics: SimulatedSubtopology, state: KafkaState): void {
  const { sources, sinks = [], changelogs = [], repartitions = [] } = topics;
  answer.list(sources, topic => answer.text(topic)).list(sinks, topic => answer.text(topic));
  const own = (names: readonly string[], configs: Readonly<Record<string, string>>): void => {
    answer.list(names, name => {
      answer
        .text(name)
        .int32(state.topics[name]?.partitions.length ?? 0)
        .int16(brokersDefault);
      keyValues(answer, configs);
      answer.tags();
    });
  };
  own(changelogs, { 'cleanup.policy': 'compact', 'message.timestamp.type': 'CreateTime' });
  own(repartitions, {
    'cleanup.policy': 'delete',
    'message.timestamp.type': 'CreateTime',
    'retention.ms': '-1',
    'segment.bytes': '52428800',
  });
  answer.tags();
}

function keyValues(answer: Writer, values: Readonly<Record<string, string>>): void {
  answer.list(Object.entries(values), ([key, value]) => answer.text(key).text(value).tags());
}

function member(answer: Writer, m: SimulatedMember): void {
  const { endpoint, tags, taskOffsets, standby, id } = m.process ?? { id: m.id };
  answer.text(m.id).int32(m.epoch).text(m.instance).text(null);
  answer.text(m.clientId).text(`/${m.host}`).int32(0).text(id);
  if (endpoint) answer.int8(1).text(endpoint.host).int16(endpoint.port).tags();
  else answer.int8(-1);
  keyValues(answer, tags ?? {});
  const restored = Object.entries(taskOffsets ?? {}).flatMap(([task, offsets]) =>
    Object.entries(offsets).map(([partition, offset]) => [task, Number(partition), offset] as const),
  );
  for (let ends = 0; ends < 2; ends++)
    answer.list(restored, ([task, partition, offset]) =>
      answer.text(task).int32(partition).int64(offset).tags(),
    );
  tasks(answer, m.assignment, standby);
  tasks(answer, m.target ?? m.assignment, standby);
  answer.flag(false).tags();
}

/** Active, standby and warm-up tasks; the protocol has none of the last yet. */
function tasks(answer: Writer, active: SimulatedMember['assignment'], standby = {}): void {
  for (const kind of [active, standby, {}])
    answer.list(Object.entries<number[]>(kind), ([id, partitions]) =>
      answer.text(id).int32s(partitions).tags(),
    );
  answer.tags();
}
