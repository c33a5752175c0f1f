import { failure } from '../../../core/failure.js';
import type { GroupDescription, MemberSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import { Reader } from '../reader.js';
import { describe, type Described, type DescribedGroup, type LastDescribed } from './described.js';

/**
 * DescribeGroups (15): state and members of classic groups, asked of their coordinator. Never ask it about groups of
 * another type: it calls them dead (up to v5), and here such a group is `absent`, as is one that does not exist.
 * Members of a group of Connect workers carry the URL that the worker advertises.
 */
export function readClassicGroups(
  link: KafkaLink,
  broker: number,
  groups: readonly string[],
  signal?: AbortSignal,
  last?: LastDescribed,
): Promise<Described> {
  return describe(link, broker, groups, describeGroups(groups, link.nameOf(broker)), signal, last);
}

function describeGroups(groups: readonly string[], who: string): KafkaRequest<readonly DescribedGroup[]> {
  return {
    key: 15,
    name: 'DescribeGroups',
    versions: [1, 2, 3, 4, 5],
    flexibleFrom: 5,
    encode: (body, version) => {
      body.list(groups, group => body.text(group));
      const withAuthorizedOperations = false;
      if (version >= 3) body.flag(withAuthorizedOperations);
      body.tags();
    },
    decode: (answer, version) => {
      answer.throttle();
      return answer.list(() => described(answer, version, who));
    },
  };
}

function described(answer: Reader, version: number, who: string): DescribedGroup {
  const code = answer.int16();
  const group = answer.name();
  const state = answer.name();
  const protocolType = answer.name();
  const assignor = answer.name();
  const members = answer.list(() => member(answer, version, protocolType));
  if (version >= 3) answer.int32();
  answer.tags();
  if (code !== 0 || state === 'Dead') {
    const subject = `DescribeGroups of group ${group} at ${who}`;
    const failed =
      failureOfCode(code, subject) ?? failure('absent', subject, 'no classic group of this name');
    return { group, answer: { failed } };
  }
  const seen: GroupDescription = { group, state, protocolType, members };
  return { group, answer: { ok: assignor ? { ...seen, assignor } : seen } };
}

function member(answer: Reader, version: number, protocolType: string): MemberSeen {
  const member = answer.name();
  const instance = version >= 4 ? answer.text() : undefined;
  const clientId = answer.name();
  const host = withoutSlash(answer.name());
  const metadata = answer.blob();
  const assigned = answer.blob();
  answer.tags();
  const url = protocolType === 'connect' ? workerUrl(metadata) : undefined;
  const assignment = protocolType === 'consumer' ? consumerAssignment(assigned) : undefined;
  return {
    member,
    clientId,
    host,
    ...(instance !== undefined && { instance }),
    ...(url !== undefined && { url }),
    ...(assignment !== undefined && { assignment }),
  };
}

/** Brokers print a member's address as Java does: `/10.0.0.7`. */
export function withoutSlash(host: string): string {
  return host.startsWith('/') ? host.slice(1) : host;
}

/** ConsumerProtocolAssignment: version, topics with partitions, user data. Absent while the group rebalances. */
function consumerAssignment(bytes: Buffer | undefined): MemberSeen['assignment'] {
  return readOrNothing(bytes, reader => {
    reader.int16();
    return reader.list(() => ({ topic: reader.name(), partitions: reader.int32s() }));
  });
}

/** ConnectProtocol's worker state: version, the URL that the worker advertises, the config offset, … */
function workerUrl(bytes: Buffer | undefined): string | undefined {
  return readOrNothing(bytes, reader => {
    reader.int16();
    return reader.text();
  });
}

/** Clients write these bytes, brokers only carry them: what cannot be read is not known, and hides no group. */
function readOrNothing<T>(bytes: Buffer | undefined, read: (reader: Reader) => T): T | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  try {
    return read(new Reader(bytes, false));
  } catch {
    return undefined;
  }
}
