import type { KafkaLink, KafkaRequest } from '../link.js';
import {
  byTopic,
  placeOf,
  verdictsByTopic,
  writeOnce,
  type Place,
  type Said,
  type Verdict,
  type Written,
} from '../written.js';

/** Where a group shall go on. The epoch is that of the record there, where it is known: it guards against truncation. */
export type NewOffset = Place & { readonly offset: number; readonly leaderEpoch?: number };

const ofNoMember = { generation: -1, member: '', instance: null } as const;
const unknownMember = 25;

/**
 * OffsetCommit (8) of nobody, as the tools reset offsets: only of a group without members, which is created where there is none. Ask its
 * coordinator. A group with members rejects it, and its members' next commit is what counts. Needs Read on group and topic.
 */
export function commitOffsets(
  link: KafkaLink,
  coordinator: number,
  group: string,
  offsets: readonly NewOffset[],
  signal?: AbortSignal,
): Promise<Written<NewOffset>> {
  return writeOnce(link, coordinator, offsetCommit(group, offsets), offsets, placeOf, signal);
}

function offsetCommit(group: string, offsets: readonly NewOffset[]): KafkaRequest<Said> {
  return {
    key: 8,
    name: 'OffsetCommit',
    versions: [2, 3, 4, 5, 6, 7, 8],
    flexibleFrom: 8,
    encode: (body, version) => {
      const [asTheBrokerKeepsThem, unknownEpoch, withoutMetadata] = [-1, -1, ''];
      body.text(group).int32(ofNoMember.generation).text(ofNoMember.member);
      if (version >= 7) body.text(ofNoMember.instance);
      if (version <= 4) body.int64(asTheBrokerKeepsThem);
      body.list(byTopic(offsets), ([topic, places]) => {
        body.text(topic).list(places, ({ partition, offset, leaderEpoch = unknownEpoch }) => {
          body.int32(partition).int64(offset);
          if (version >= 6) body.int32(leaderEpoch);
          body.text(withoutMetadata).tags();
        });
        body.tags();
      });
      body.tags();
    },
    decode: (answer, version) => {
      if (version >= 3) answer.throttle();
      const items = verdictsByTopic(answer, () => ofMembers(answer.int16()));
      return { throttled: answer.throttled, items };
    },
  };
}

/** To nobody's commit a coordinator says of a group with members that it does not know this one. */
function ofMembers(code: number): Verdict {
  return code === unknownMember ? { code, message: 'the group has members' } : { code };
}
