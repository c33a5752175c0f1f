import { maySee, type Api, type Question } from '../api.js';
import type { Writer } from '../bytes.js';
import type { SimulatedPartition } from '../state.js';
import { topicIdOf } from '../topic-id.js';

const leaderNotAvailable = 5;
const unknownTopic = 3;
const topicAuthorizationFailed = 29;
/** Which operations the user may do, when nobody asked. */
const notAsked = -2_147_483_648;

/** Metadata (3). A user who may not describe a topic does not find it in the list of all. */
export const metadata: Api = {
  key: 3,
  name: 'Metadata',
  min: 0,
  max: 13,
  flexibleFrom: 9,
  answer(request, answer, question) {
    const { state, version } = question;
    const named = request.structs(() => {
      if (version >= 10) request.raw(16);
      return request.name();
    });
    if (version >= 4) request.flag();
    if (version >= 8 && version <= 10) request.flag();
    if (version >= 8) request.flag();
    request.tags();
    const isAll = named === null || (version === 0 && named.length === 0);
    const visible = maySee(question) ? Object.keys(state.topics) : [];
    if (version >= 3) answer.int32(state.throttleMs);
    const alive = state.brokers.filter(b => b.fault !== 'down');
    answer.list(alive, b => {
      answer.int32(b.id).text(b.host).int32(b.port);
      if (version >= 1) answer.text(b.rack);
      answer.tags();
    });
    if (version >= 2) answer.text(state.clusterId);
    if (version >= 1) answer.int32(state.controller);
    answer.list(isAll ? visible : named, name => topic(answer, name, visible, question));
    if (version >= 8 && version <= 10) answer.int32(notAsked);
    if (version >= 13) answer.int16(0);
    answer.tags();
  },
};

function topic(answer: Writer, name: string, visible: readonly string[], question: Question): void {
  const { state, version } = question;
  const found = visible.includes(name) ? state.topics[name] : undefined;
  const missing = maySee(question) ? unknownTopic : topicAuthorizationFailed;
  answer.int16(found ? found.error : missing).text(name);
  if (version >= 10) answer.raw(found ? topicIdOf(state, name) : Buffer.alloc(16));
  if (version >= 1) answer.flag(found?.internal ?? false);
  answer.list([...(found?.partitions ?? []).entries()], ([index, p]) => partition(answer, index, p, version));
  if (version >= 8) answer.int32(notAsked);
  answer.tags();
}

function partition(answer: Writer, index: number, p: SimulatedPartition, version: number): void {
  answer
    .int16(p.leader < 0 ? leaderNotAvailable : 0)
    .int32(index)
    .int32(p.leader);
  if (version >= 7) answer.int32(p.leaderEpoch ?? 0);
  answer.int32s(p.replicas).int32s(p.isr);
  if (version >= 5) answer.int32s(p.leader < 0 ? p.replicas : []);
  answer.tags();
}
