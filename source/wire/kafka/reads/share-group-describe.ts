import type { MemberSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest } from '../link.js';
import type { Reader } from '../reader.js';
import { describedWithEpochs, topicPartitions } from './consumer-group-describe.js';
import { withoutSlash } from './describe-groups.js';
import { askFor, describe, type Described, type DescribedGroup, type LastDescribed } from './described.js';

/**
 * ShareGroupDescribe (77, KIP-932, Kafka 4.0 early access, 4.2 GA): state, epochs and members of share groups.
 * Several members of a share group may own the same partition.
 */
export function readShareGroups(
  link: KafkaLink,
  broker: number,
  groups: readonly string[],
  signal?: AbortSignal,
  last?: LastDescribed,
): Promise<Described> {
  return describe(link, broker, groups, shareGroupDescribe(groups, link.nameOf(broker)), signal, last);
}

function shareGroupDescribe(groups: readonly string[], who: string): KafkaRequest<readonly DescribedGroup[]> {
  return {
    key: 77,
    name: 'ShareGroupDescribe',
    versions: [0, 1],
    flexibleFrom: 0,
    encode: body => askFor(groups, body),
    decode: answer => {
      answer.throttle();
      return answer.list(() =>
        describedWithEpochs(answer, 'ShareGroupDescribe of group', who, 'share', () => member(answer)),
      );
    },
  };
}

function member(answer: Reader): MemberSeen {
  const member = answer.name();
  answer.text();
  const epoch = answer.int32();
  const clientId = answer.name();
  const host = withoutSlash(answer.name());
  answer.list(() => answer.name());
  const assignment = topicPartitions(answer);
  answer.tags();
  return { member, clientId, host, assignment, epoch };
}
