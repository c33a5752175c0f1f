import type { AclOperation, AclSeen, AclsSeen, Answer } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';

type Acls = Extract<AclsSeen['answer'], { ok: unknown }>['ok'];

/** A cluster may have as many ACLs as it likes; kmon keeps so many, some 200 bytes each. */
const usualMost = 5_000;

/**
 * DescribeAcls (29): who may do what with topics, groups and the cluster itself. Any broker knows them all. Needs Describe
 * on the cluster; where no authorizer is set up it is `unsupported`.
 */
export async function readAcls(
  link: KafkaLink,
  broker: number,
  signal?: AbortSignal,
  most = usualMost,
): Promise<Timed<Answer<Acls>>> {
  const subject = `DescribeAcls of ${link.nameOf(broker)}`;
  const { answer, ...times } = await link.send(broker, describeAcls(subject, most), signal);
  return { ...times, answer: 'ok' in answer ? answer.ok : answer };
}

const any = 1;

function describeAcls(subject: string, most: number): KafkaRequest<Answer<Acls>> {
  return {
    key: 29,
    name: 'DescribeAcls',
    versions: [1, 2, 3],
    flexibleFrom: 2,
    encode: body => {
      const [whatever, whoever, fromAnywhere] = [null, null, null];
      body.int8(any).text(whatever).int8(any).text(whoever).text(fromAnywhere).int8(any).int8(any).tags();
    },
    decode: answer => {
      answer.throttle();
      const failed = failureOfCode(answer.int16(), subject, answer.text());
      const acls: AclSeen[] = [];
      let left = 0;
      answer.list(() => {
        for (const acl of ofResource(answer))
          if (acls.length < most) acls.push(acl);
          else left++;
      });
      answer.tags();
      return failed ? { failed } : { ok: { acls, left } };
    },
  };
}

const resources: ReadonlyMap<number, AclSeen['on']> = new Map([
  [2, 'topic'],
  [3, 'group'],
  [4, 'cluster'],
]);

const prefixed = 4;
const deny = 2;

const operations: ReadonlyMap<number, AclOperation> = new Map([
  [2, 'All'],
  [3, 'Read'],
  [4, 'Write'],
  [5, 'Create'],
  [6, 'Delete'],
  [7, 'Alter'],
  [8, 'Describe'],
  [9, 'ClusterAction'],
  [10, 'DescribeConfigs'],
  [11, 'AlterConfigs'],
  [12, 'IdempotentWrite'],
]);

/** Nothing for a resource of another kind: transactional ids, delegation tokens, users. */
function ofResource(answer: Reader): readonly AclSeen[] {
  const on = resources.get(answer.int8());
  const name = answer.name();
  const pattern = answer.int8() === prefixed ? 'prefixed' : 'literal';
  const entries = answer.list(() => {
    const [principal, host] = [answer.name(), answer.name()];
    const operation = operations.get(answer.int8()) ?? 'Other';
    const permission: AclSeen['permission'] = answer.int8() === deny ? 'deny' : 'allow';
    answer.tags();
    return { principal, host, operation, permission };
  });
  answer.tags();
  return on === undefined ? [] : entries.map(entry => ({ on, name, pattern, ...entry }));
}
