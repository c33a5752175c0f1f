import { latest, valueOf } from '../../core/known.js';
import { quoted } from '../../core/shell.js';
import { duration, plural } from '../../core/units.js';
import { versionsOf } from '../../model/broker-apis.js';
import type { Snapshot, TopicView } from '../../model/snapshot.js';
import type { UncleanElection } from '../../model/topic-view.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofTopic } from '../subject.js';
import { durableProducer, durableTopic } from './durable-advice.js';
import { describeTopic, kafkaCommand } from './kafka-command.js';
import { isNews, listed, made } from './make.js';

const description: Description = {
  what: 'Was a replica elected as leader that was not in sync, so that what the last leader alone had is lost?',
  formula: `
unclean  the new leader is none of the replicas that were in sync when Metadata told them last (where nobody leads and nobody is
         in sync: those that were before), and
         either the partition had no leader then, and one election has been since (the leader's epoch rose by one): while there
         is no leader nobody comes into sync
         or all that were in sync are gone: not in sync now, and no brokers of the cluster any more
sure     0.75 in the first case, 0.5 in the second; + 0.2 where the log end went back within a minute;
         + 0.15 where unclean.leader.election.enable=true

critical: records that were acknowledged may be lost, and nothing tells which. In the second case nothing is said where
unclean.leader.election.enable=false and no log end went back.`,
  thresholds: ['event-shown'],
  needs: [
    { fact: 'cluster', without: 'blind' },
    { fact: 'topic-configs', without: 'less-sure' },
    { fact: 'offsets', without: 'less-sure' },
  ],
  traps: [
    'A clean failover elects a replica that was in sync. Metadata is read every ten seconds (every minute where sweeps are stretched): a replica that came into sync in between and was elected then looks unclean only if all that were in sync are gone as well.',
    'A replica that moves to other brokers changes who is in sync, too: those that were left live on, so that it is no election to think about.',
    'With eligible leader replicas (KIP-966, Kafka 4.0 and newer) a replica that is not in sync may be elected and still have all records, where fewer than min.insync.replicas were in sync: that can not be told from Metadata, so that nothing is said of it unless a log end went back. There the last replica in sync leaves those in sync when it is gone. Brokers that speak Fetch v0 to v3 are older than 4.0, and have none.',
    'A broker that is behind answers with an older state: the epoch of the leader must rise.',
    'That the counter UncleanLeaderElectionsPerSec of the controllers rose would prove it; kmon reads no metrics of controllers.',
  ],
  wrongIf: [
    'the elected replica had come into sync after Metadata was read last',
    'the controllers’ UncleanLeaderElectionsPerSec did not rise',
  ],
  remedies: [
    'none brings the records back: what the old leader has in its log directory is cut off when it follows the new one, so copy it before it starts; else find the records at the producer',
    'unclean.leader.election.enable=false, three replicas, min.insync.replicas=2',
  ],
};

export const uncleanElection: Rule = {
  id: 'unclean-election',
  fireAfter: 0,
  keep: 120_000,
  description,
  judge: (snapshot, limits) => snapshot.topics.flatMap(topic => judgeTopic(topic, snapshot, limits) ?? []),
};

function judgeTopic(topic: TopicView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  if (topic.unclean.length === 0) return undefined;
  const subject = ofTopic(topic.cluster, topic.topic);
  const fresh = topic.unclean
    .filter(e => isNews(e.at, snapshot.at, limits))
    .map((election): Seen => ({ election, cut: endWentBack(topic, election) }))
    .filter(seen => mayBelieve(seen, topic, snapshot));
  if (fresh.length === 0) return { subject };
  return { subject, finding: findingOf(topic, fresh, snapshot) };
}

type Seen = {
  readonly election: UncleanElection;
  /** By how much the log end went back then; undefined where it did not. */
  readonly cut: number | undefined;
};

/** A log end that goes back shows with the next reading of the ends, before or after Metadata. */
const together = 60_000;

function endWentBack({ truncations }: TopicView, { partition, at }: UncleanElection): number | undefined {
  const cut = truncations.find(t => t.partition === partition && Math.abs(t.at - at) <= together);
  return cut === undefined ? undefined : cut.from - cut.to;
}

function mayBelieve({ election, cut }: Seen, topic: TopicView, snapshot: Snapshot): boolean {
  if (cut !== undefined) return true;
  if (election.between === 'not-read' && isAllowed(topic) === false) return false;
  const least = Number(valueOf(topic.config)?.values['min.insync.replicas'] ?? 1);
  return election.inSync.length >= least || isBefore4(topic.cluster, snapshot);
}

/** Undefined where the configuration is not known. */
function isAllowed({ config }: TopicView): boolean | undefined {
  const value = valueOf(config)?.values['unclean.leader.election.enable'];
  return value === undefined ? undefined : value === 'true';
}

const fetch = 1;
/** Kafka 4.0 took the older ones away (KIP-896). */
const oldestFetchOf4 = 4;

/** Whether a broker certainly is older than Kafka 4: eligible leader replicas need all of them to be newer. */
function isBefore4(cluster: string, { clusters }: Snapshot): boolean {
  const seen = clusters.find(c => c.name === cluster);
  const brokers = (seen && latest(seen.brokers)?.value) ?? [];
  return brokers.some(({ apis }) => {
    const offered = latest(apis)?.value;
    const versions = offered && versionsOf(offered, fetch);
    return versions !== undefined && versions.oldest < oldestFetchOf4;
  });
}

function findingOf(topic: TopicView, fresh: readonly Seen[], snapshot: Snapshot): Finding {
  const { cluster, topic: name } = topic;
  const allowed = isAllowed(topic);
  const cut = fresh.reduce((sum, seen) => sum + (seen.cut ?? 0), 0);
  const isCut = fresh.some(seen => seen.cut !== undefined);
  const isSure = fresh.some(({ election }) => election.between === 'no-leader');
  const names = fresh.map(
    ({ election: { partition, after, leader } }) => `${partition} (${ledBy(after)} → ${leader})`,
  );
  const readers = topic.readers.groups;
  return made(uncleanElection.id, ofTopic(cluster, name), {
    severity: 'critical',
    verdict: 'unclean-election',
    sentence: `${plural(fresh.length, 'leader')} elected that ${fresh.length === 1 ? 'was' : 'were'} not in sync: partition ${listed(names)}`,
    consequence: isCut
      ? `at least ${plural(cut, 'record')} that were written are gone`
      : 'records that were acknowledged may be lost',
    ...weigh(isSure ? 0.75 : 0.5, [
      {
        what: 'that a log end went back',
        holds: isCut || (isKnownEnd(topic, fresh) ? false : 'unknown'),
        by: 0.2,
      },
      { what: 'unclean.leader.election.enable', holds: allowed ?? 'unknown', by: 0.15 },
    ]),
    evidence: [
      ...fresh
        .slice(-5)
        .map(({ election }) =>
          statement(
            `leader of ${name}/${election.partition}, elected ${duration(snapshot.at - election.at)} ago`,
            `broker ${election.leader}`,
            `one of those in sync before: ${election.inSync.join(', ')}`,
            election.between === 'no-leader'
              ? 'Metadata while it had no leader, and the next one'
              : 'two readings of Metadata; none of them is a broker any more',
            true,
          ),
        ),
      ...fresh
        .slice(-5)
        .map(({ election: { partition }, cut: records }) =>
          statement(
            `log end of ${name}/${partition} around it`,
            records === undefined ? 'not seen to go back' : `went back by ${records}`,
            'goes back',
            'ListOffsets, within a minute',
            records !== undefined,
          ),
        ),
      statement(
        'unclean.leader.election.enable',
        allowed === undefined ? '–' : String(allowed),
        'true',
        'topic configuration',
        allowed ?? 'unknown',
      ),
    ],
    unchecked: [
      'UncleanLeaderElectionsPerSec of the controllers: kmon reads none of their metrics',
      'which records are gone: what was appended and cut off between two readings is not counted',
    ],
    falsifier: isSure
      ? 'the controllers’ UncleanLeaderElectionsPerSec did not rise'
      : 'the elected replica had come into sync after Metadata was read last',
    byHand: [
      describeTopic(cluster, name, snapshot),
      `${kafkaCommand('kafka-configs.sh', cluster, snapshot)} --describe --all --entity-type topics --entity-name ${quoted(name)} | grep unclean`,
    ],
    advice: [durableTopic(name), durableProducer(`producers of ${name}`)],
    explains: [
      { rule: 'log-truncated', subject: { kind: 'topic', id: topic.id } },
      ...readers.flatMap(id =>
        ['group-truncated', 'group-rewind', 'commit-jump'].map(rule => ({
          rule,
          subject: { kind: 'group' as const, id },
        })),
      ),
    ],
  });
}

function isKnownEnd(topic: TopicView, fresh: readonly Seen[]): boolean {
  return fresh.every(({ election: { partition } }) => {
    const end = topic.partition(partition)?.end;
    return end !== undefined && valueOf(end) !== undefined;
  });
}

function ledBy(broker: number): string {
  return broker < 0 ? 'none' : String(broker);
}
