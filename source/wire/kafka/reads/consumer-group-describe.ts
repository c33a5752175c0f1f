import type { GroupDescription, MemberSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';
import { withoutSlash } from './describe-groups.js';
import { askFor, describe, type Described, type DescribedGroup, type LastDescribed } from './described.js';

/**
 * ConsumerGroupDescribe (69, KIP-848, Kafka 3.8): state, epochs and members of groups of type `consumer`, asked of
 * their coordinator. `assignment` is what a member owns now, `target` what it is to own. A group of another type is `absent`.
 */
export function readConsumerGroups(
  link: KafkaLink,
  broker: number,
  groups: readonly string[],
  signal?: AbortSignal,
  last?: LastDescribed,
): Promise<Described> {
  return describe(link, broker, groups, consumerGroupDescribe(groups, link.nameOf(broker)), signal, last);
}

function consumerGroupDescribe(
  groups: readonly string[],
  who: string,
): KafkaRequest<readonly DescribedGroup[]> {
  return {
    key: 69,
    name: 'ConsumerGroupDescribe',
    versions: [0, 1],
    flexibleFrom: 0,
    encode: body => askFor(groups, body),
    decode: (answer, version) => {
      answer.throttle();
      return answer.list(() =>
        describedWithEpochs(answer, `ConsumerGroupDescribe of group`, who, 'consumer', () =>
          member(answer, version),
        ),
      );
    },
  };
}

/** A group as ConsumerGroupDescribe and ShareGroupDescribe both put it. */
export function describedWithEpochs(
  answer: Reader,
  what: string,
  who: string,
  protocolType: string,
  readMember: () => MemberSeen,
): DescribedGroup {
  const code = answer.int16();
  const message = answer.text();
  const group = answer.name();
  const state = answer.name();
  const epoch = answer.int32();
  const assignmentEpoch = answer.int32();
  const assignor = answer.name();
  const members = answer.list(readMember);
  answer.int32();
  answer.tags();
  const failed = failureOfCode(code, `${what} ${group} at ${who}`, message);
  if (failed) return { group, answer: { failed } };
  const seen: GroupDescription = { group, state, protocolType, epoch, assignmentEpoch, members };
  return { group, answer: { ok: assignor ? { ...seen, assignor } : seen } };
}

function member(answer: Reader, version: number): MemberSeen {
  const member = answer.name();
  const instance = answer.text();
  answer.text();
  const epoch = answer.int32();
  const clientId = answer.name();
  const host = withoutSlash(answer.name());
  answer.list(() => answer.name());
  answer.text();
  const assignment = topicPartitions(answer);
  const target = topicPartitions(answer);
  if (version >= 1) answer.int8();
  answer.tags();
  const seen: MemberSeen = { member, clientId, host, assignment, target, epoch };
  return instance === undefined ? seen : { ...seen, instance };
}

/** The struct Assignment: partitions by topic id and name. */
export function topicPartitions(answer: Reader): NonNullable<MemberSeen['assignment']> {
  const topics = answer.list(() => {
    answer.skip(16);
    const topic = answer.name();
    const partitions = answer.int32s();
    answer.tags();
    return { topic, partitions };
  });
  answer.tags();
  return topics;
}
