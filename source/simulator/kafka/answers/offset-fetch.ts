import type { Api, Question } from '../api.js';
import type { Asked, Writer } from '../bytes.js';
import type { SimulatedGroup } from '../state.js';
import { groupError } from './group-errors.js';

/** OffsetFetch (9). From v8 many groups a request. A share group commits nothing and says so by an empty list. */
export const offsetFetch: Api = {
  key: 9,
  name: 'OffsetFetch',
  min: 1,
  max: 8,
  flexibleFrom: 6,
  answer(request, answer, question) {
    const { state, version } = question;
    const one = (): { id: string; wanted: Wanted | null } => ({
      id: request.name(),
      wanted: request.partitions(),
    });
    if (version >= 3) answer.int32(state.throttleMs);
    if (version >= 8) {
      const groups = request.structs(one) ?? [];
      request.flag();
      request.tags();
      answer.list(groups, ({ id, wanted }) => {
        answer.text(id);
        committed(answer, state.groups[id], wanted, question);
        answer.tags();
      });
    } else {
      const { id, wanted } = one();
      if (version >= 7) request.flag();
      request.tags();
      committed(answer, state.groups[id], wanted, question);
    }
    answer.tags();
  },
};

type Wanted = readonly Asked<number>[];

function committed(
  answer: Writer,
  group: SimulatedGroup | undefined,
  wanted: Wanted | null,
  q: Question,
): void {
  const error = groupError(group, q);
  const offsets = error === 0 ? (group?.committed ?? {}) : {};
  const topics =
    wanted ??
    Object.entries(offsets).map(([topic, by]) => ({ topic, partitions: Object.keys(by).map(Number) }));
  answer.list(topics, ({ topic, partitions }) => {
    const topicError = group?.errors[topic] ?? 0;
    answer.text(topic).list(partitions, partition => {
      const offset = topicError === 0 ? (offsets[topic]?.[partition] ?? -1) : -1;
      answer.int32(partition).int64(offset);
      if (q.version >= 5) answer.int32(offset < 0 ? -1 : (group?.committedEpoch ?? -1));
      answer.text('').int16(topicError).tags();
    });
    answer.tags();
  });
  if (q.version >= 2) answer.int16(error);
}
