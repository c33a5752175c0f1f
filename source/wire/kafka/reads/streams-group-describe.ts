import type { GroupDescription, MemberSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';
import { withoutSlash } from './describe-groups.js';
import { askFor, describe, type Described, type DescribedGroup, type LastDescribed } from './described.js';

/**
 * StreamsGroupDescribe (89, KIP-1071, Kafka 4.1): state, epochs and members of groups of Kafka Streams. What a
 * member owns is told as active tasks, a subtopology and a partition each; here it is the partitions of the topics that the
 * subtopology reads. Standby and warm-up tasks read no input and are left out.
 */
export function readStreamsGroups(
  link: KafkaLink,
  broker: number,
  groups: readonly string[],
  signal?: AbortSignal,
  last?: LastDescribed,
): Promise<Described> {
  return describe(link, broker, groups, streamsGroupDescribe(groups, link.nameOf(broker)), signal, last);
}

function streamsGroupDescribe(
  groups: readonly string[],
  who: string,
): KafkaRequest<readonly DescribedGroup[]> {
  return {
    key: 89,
    name: 'StreamsGroupDescribe',
    versions: [0],
    flexibleFrom: 0,
    encode: body => askFor(groups, body),
    decode: answer => {
      answer.throttle();
      return answer.list(() => described(answer, who));
    },
  };
}

/** The topics that each subtopology reads. */
type Inputs = ReadonlyMap<string, readonly string[]>;

function described(answer: Reader, who: string): DescribedGroup {
  const code = answer.int16();
  const message = answer.text();
  const group = answer.name();
  const state = answer.name();
  const epoch = answer.int32();
  const assignmentEpoch = answer.int32();
  const inputs = topology(answer);
  const members = answer.list(() => member(answer, inputs));
  answer.int32();
  answer.tags();
  const failed = failureOfCode(code, `StreamsGroupDescribe of group ${group} at ${who}`, message);
  if (failed) return { group, answer: { failed } };
  const seen: GroupDescription = { group, state, protocolType: 'streams', epoch, assignmentEpoch, members };
  return { group, answer: { ok: seen } };
}

function topology(answer: Reader): Inputs {
  if (!answer.isPresent()) return new Map();
  answer.int32();
  const inputs = answer.list(() => {
    const id = answer.name();
    const sources = answer.list(() => answer.name());
    answer.list(() => answer.skipText());
    answer.list(() => topicInfo(answer));
    const repartitioned = answer.list(() => topicInfo(answer));
    answer.tags();
    return [id, [...sources, ...repartitioned]] as const;
  });
  answer.tags();
  return new Map(inputs);
}

function topicInfo(answer: Reader): string {
  const name = answer.name();
  answer.int32();
  answer.int16();
  answer.list(() => keyValue(answer));
  answer.tags();
  return name;
}

function keyValue(answer: Reader): void {
  answer.skipText();
  answer.skipText();
  answer.tags();
}

function member(answer: Reader, inputs: Inputs): MemberSeen {
  const member = answer.name();
  const epoch = answer.int32();
  const instance = answer.text();
  answer.skipText();
  const clientId = answer.name();
  const host = withoutSlash(answer.name());
  answer.int32();
  answer.skipText();
  if (answer.isPresent()) {
    answer.skipText();
    answer.int16();
    answer.tags();
  }
  answer.list(() => keyValue(answer));
  answer.list(() => taskOffset(answer));
  answer.list(() => taskOffset(answer));
  const assignment = activeTasks(answer, inputs);
  const target = activeTasks(answer, inputs);
  answer.flag();
  answer.tags();
  const seen: MemberSeen = { member, clientId, host, assignment, target, epoch };
  return instance === undefined ? seen : { ...seen, instance };
}

function taskOffset(answer: Reader): void {
  answer.skipText();
  answer.skip(4 + 8);
  answer.tags();
}

function activeTasks(answer: Reader, inputs: Inputs): NonNullable<MemberSeen['assignment']> {
  const active = answer.list(() => tasks(answer));
  answer.list(() => tasks(answer));
  answer.list(() => tasks(answer));
  answer.tags();
  return active.flatMap(({ subtopology, partitions }) =>
    (inputs.get(subtopology) ?? []).map(topic => ({ topic, partitions })),
  );
}

function tasks(answer: Reader): { readonly subtopology: string; readonly partitions: Int32Array } {
  const [subtopology, partitions] = [answer.name(), answer.int32s()];
  answer.tags();
  return { subtopology, partitions };
}
