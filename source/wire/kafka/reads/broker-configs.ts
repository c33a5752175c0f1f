import { failure } from '../../../core/failure.js';
import type { Answer, BrokerConfigsSeen } from '../../../core/observation.js';
import type { KafkaLink, Timed } from '../link.js';
import { readConfigs } from './describe-configs.js';

type Values = Extract<BrokerConfigsSeen['answer'], { ok: unknown }>['ok'];

/** What decides over topics that say nothing themselves, over idle groups, and over how soon retention is carried out. */
const keys: readonly string[] = [
  'auto.leader.rebalance.enable',
  'default.replication.factor',
  'group.max.session.timeout.ms',
  'group.min.session.timeout.ms',
  'log.retention.check.interval.ms',
  'message.max.bytes',
  'min.insync.replicas',
  'num.io.threads',
  'num.network.threads',
  'offsets.retention.minutes',
  'unclean.leader.election.enable',
];

/** Configuration of one broker, asked of itself. Needs DescribeConfigs on the cluster. */
export async function readBrokerConfigs(
  link: KafkaLink,
  broker: number,
  signal?: AbortSignal,
): Promise<Timed<Answer<Values>>> {
  const wanted = { kind: 'broker', names: [String(broker)], keys } as const;
  const { asked, answered, resources } = await readConfigs(link, broker, wanted, signal);
  const seen = resources[0]?.answer ?? nothing(link.nameOf(broker));
  return { asked, answered, answer: 'ok' in seen ? { ok: seen.ok.values } : seen };
}

function nothing(who: string): Answer<never> {
  return { failed: failure('malformed', `DescribeConfigs of ${who}`, 'the answer is empty') };
}
