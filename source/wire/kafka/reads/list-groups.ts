import type { Answer, GroupsListed, GroupType } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import type { LastAnswer } from './last-answer.js';

type Listed = Extract<GroupsListed['answer'], { ok: unknown }>['ok'];

/**
 * ListGroups (16): the groups that one broker coordinates. Types come with v5 (Kafka 3.8, KIP-848), states with
 * v4 (2.6, KIP-518); before that the type is a guess from the protocol type, or `unknown`, and the state is the empty one.
 * A user without Describe on the cluster gets only the groups that it may describe, without a word: an empty list
 * may be a wrong zero.
 */
export async function readListGroups(
  link: KafkaLink,
  broker: number,
  signal?: AbortSignal,
  last?: LastListed,
): Promise<Timed<Answer<Listed>>> {
  const who = link.nameOf(broker);
  const { answer, ...times } = await link.send(broker, last?.to(listGroups, who) ?? listGroups, signal);
  if ('failed' in answer) return { ...times, answer };
  const failed = failureOfCode(answer.ok.code, `ListGroups of ${who}`);
  return { ...times, answer: failed ? { failed } : { ok: answer.ok.groups } };
}

/** What the same broker listed last. */
export type LastListed = LastAnswer<{ readonly code: number; readonly groups: Listed }>;

const listGroups: KafkaRequest<{ readonly code: number; readonly groups: Listed }> = {
  key: 16,
  name: 'ListGroups',
  versions: [1, 2, 3, 4, 5],
  flexibleFrom: 3,
  encode: (body, version) => {
    const ofAnyKind: readonly string[] = [];
    if (version >= 4) body.list(ofAnyKind, state => body.text(state));
    if (version >= 5) body.list(ofAnyKind, type => body.text(type));
    body.tags();
  },
  decode: (answer, version) => {
    answer.throttle();
    const code = answer.int16();
    const groups = answer.list(() => {
      const group = answer.name();
      const protocolType = answer.name();
      const state = version >= 4 ? answer.name() : '';
      const type = version >= 5 ? typeNamed(answer.name()) : typeGuessed(protocolType);
      answer.tags();
      return { group, type, protocolType, state };
    });
    return { code, groups };
  },
};

const types: ReadonlySet<string> = new Set<GroupType>(['classic', 'consumer', 'share', 'streams']);

function typeNamed(name: string): GroupType {
  const lower = name.toLowerCase();
  return isGroupType(lower) ? lower : 'unknown';
}

function isGroupType(name: string): name is GroupType {
  return types.has(name);
}

/** Before v5 a broker has classic groups only, but for the previews of KIP-848 (3.7) and KIP-932. */
function typeGuessed(protocolType: string): GroupType {
  return protocolType === 'share' ? 'share' : 'classic';
}
