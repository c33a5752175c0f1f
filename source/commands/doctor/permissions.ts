import type { ClusterContext } from '../../config/context.js';
import type { ClusterView } from '../../model/snapshot.js';
import type { KafkaLink } from '../../wire/kafka/link.js';
import { readLogDirs } from '../../wire/kafka/reads/log-dirs.js';
import { readTopicConfigs } from '../../wire/kafka/reads/topic-configs.js';
import { aclCommand, principalOf, type Grant } from './acl.js';
import { failed, note, ok, type Check, type Examined } from './examination.js';

/** So many topics are asked for their configuration: enough to see whether it is allowed. */
const sample = 50;

/** So many resources get a command of their own; where more are refused, one for all of them is shorter. */
const named = 3;

/** What this user may not see, each with the command that allows it. */
export async function permissionChecks(
  { endpoint }: ClusterContext,
  cluster: ClusterView,
  link: KafkaLink,
  broker: number,
  heard: Examined['heard'],
): Promise<readonly Check[]> {
  const refused = (says: string, lost: string, grants: readonly Grant[]): Check => ({
    is: 'missing',
    check: 'permission',
    says,
    lost,
    repair: `let an administrator allow it to ${principalOf(endpoint)}`,
    commands: grants.map(grant => aclCommand(endpoint, grant)),
  });
  const [configs, logDirs] = await Promise.all([
    readTopicConfigs(link, broker, heard.topics(endpoint.cluster).slice(0, sample)),
    readLogDirs(link, broker),
  ]);
  const checks: Check[] = [];

  const logDirsFailed = 'failed' in logDirs.answer ? logDirs.answer.failed : undefined;
  const noCluster = logDirsFailed?.kind === 'unauthorised';
  if (cluster.blind) {
    const everything: Grant[] = [
      { operation: 'Describe', on: 'cluster' },
      { operation: 'Describe', on: 'topic' },
      { operation: 'Describe', on: 'group' },
      { operation: 'DescribeConfigs', on: 'topic' },
    ];
    return [
      {
        ...refused(
          'sees no topic and no group, and no error: it may see nothing, or the cluster is empty',
          'everything about this cluster: topics, groups, lag, configuration, disks',
          everything,
        ),
        is: 'failing',
      },
    ];
  }
  if (noCluster)
    checks.push(
      refused(
        'may not describe the cluster',
        'sizes on disk; groups that it may not describe one by one are missing without a word',
        [{ operation: 'Describe', on: 'cluster' }],
      ),
    );
  else if (logDirsFailed && logDirsFailed.kind !== 'unsupported')
    checks.push(failed('permission', logDirsFailed, 'sizes on disk'));

  const { groups, topics } = heard.denied(endpoint.cluster);
  if (groups.size > 0)
    checks.push(
      refused(
        `may not describe ${some(groups, 'group')}`,
        'their members, committed offsets and lag',
        grantsOf(groups, 'Describe', 'group'),
      ),
    );
  if (topics.size > 0)
    checks.push(
      refused(
        `may not describe ${some(topics, 'topic')}`,
        'their end offsets, and the lag of every group and flow on them',
        grantsOf(topics, 'Describe', 'topic'),
      ),
    );

  const kept = new Set(
    configs.topics.flatMap(({ topic, answer }) =>
      'failed' in answer && answer.failed.kind === 'unauthorised' ? topic : [],
    ),
  );
  if (kept.size > 0)
    checks.push(
      refused(
        `may not read the configuration of ${some(kept, 'topic')}`,
        'retention, compaction and limits of those topics',
        grantsOf(kept, 'DescribeConfigs', 'topic'),
      ),
    );
  if (checks.length > 0) return checks;
  if (configs.topics.length === 0)
    return [note('permission', 'no topic was seen: whether their configuration may be read was not tried')];
  const what = 'the cluster, the groups and topics that were asked for, and the configuration of topics';
  return [ok('permission', `may describe ${what}`)];
}

function some(names: ReadonlySet<string>, kind: string): string {
  const first = [...names].sort().slice(0, named);
  const more = names.size - first.length;
  return `${kind}${names.size > 1 ? 's' : ''} ${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function grantsOf(
  names: ReadonlySet<string>,
  operation: Grant['operation'],
  on: Grant['on'],
): readonly Grant[] {
  if (names.size > named) return [{ operation, on }];
  return [...names].sort().map(name => ({ operation, on, name }));
}
