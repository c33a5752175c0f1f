import { sentence, type Failure, type FailureKind } from '../../core/failure.js';
import { isKnown, latest, type Unknown } from '../../core/known.js';
import { plural } from '../../core/units.js';
import type { BrokerView, ClusterView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Explains, Finding } from '../finding.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofBroker, ofCluster } from '../subject.js';
import { kafkaCommand } from './kafka-command.js';
import { made } from './make.js';

const description: Description = {
  what: 'Does a broker, or a whole cluster, not answer?',
  formula: `
broker lost   its last answer failed (refused, unreachable, timed out, TLS), or the cluster counts it no longer among
              its brokers while partitions miss a replica: one finding a broker, with all that follows from it under it
cluster lost  none of the brokers answers: one finding for the cluster
critical, after 10 s: a single slow answer is none`,
  thresholds: [],
  needs: [{ fact: 'cluster', without: 'blind' }],
  traps: [
    'A broker that hangs accepts connections and answers nothing: it is lost all the same, and the cluster notices it later than kmon.',
    'What kmon may not see (credentials, ACLs) is no lost broker: that is a finding about the watch.',
    'A broker that was taken out of service leaves the metadata, too: it is told as lost only while partitions miss a replica.',
  ],
  wrongIf: ['other clients reach it from this host: then it is the way of kmon to it'],
  remedies: ['start it, or find out why it hangs'],
};

const silent: ReadonlySet<FailureKind> = new Set(['refused', 'unreachable', 'timeout', 'tls', 'absent']);

export const brokerLost: Rule = {
  id: 'broker-lost',
  fireAfter: 10_000,
  keep: 20_000,
  description,
  judge: snapshot => snapshot.clusters.flatMap(cluster => judgeCluster(cluster, snapshot)),
};

/** Brokers of a cluster that do not answer for reasons of their own. */
export function lostBrokers(cluster: ClusterView): readonly BrokerView[] {
  return (latest(cluster.brokers)?.value ?? []).filter(b => silence(b) !== undefined);
}

function silence({ answers }: BrokerView): Unknown<true> | undefined {
  return !isKnown(answers) && silent.has(answers.unknown.kind) ? answers : undefined;
}

function judgeCluster(cluster: ClusterView, snapshot: Snapshot): readonly Judgement[] {
  const whole = ofCluster(cluster.name);
  const brokers = latest(cluster.brokers)?.value ?? [];
  const lost = lostBrokers(cluster);
  const metadata = isKnown(cluster.brokers) ? undefined : cluster.brokers;
  const noMetadata = metadata !== undefined && silent.has(metadata.unknown.kind);
  if (brokers.length === 0 && !noMetadata)
    return metadata === undefined ? [{ subject: whole }] : [{ subject: whole, unjudged: metadata.unknown }];
  if (lost.length === brokers.length && (noMetadata || lost.length > 0)) {
    const why = metadata ?? lost.flatMap(b => silence(b) ?? [])[0];
    if (why !== undefined) return [clusterLost(cluster, why, brokers.length, snapshot)];
  }
  return [
    { subject: whole },
    ...cluster.retired.map(id => ({ subject: ofBroker(cluster.name, id) })),
    ...brokers.map((broker): Judgement => {
      const subject = ofBroker(cluster.name, broker.id);
      const why = silence(broker);
      if (why === undefined)
        return isKnown(broker.answers) ? { subject } : { subject, unjudged: broker.answers.unknown };
      return {
        subject,
        finding: findingOf(cluster, broker, why, snapshot),
        heldSince: { at: why.since, bound: why.last === undefined },
      };
    }),
  ];
}

function findingOf(
  cluster: ClusterView,
  broker: BrokerView,
  why: Unknown<true>,
  snapshot: Snapshot,
): Finding {
  const gone = why.unknown.kind === 'absent';
  return made(brokerLost.id, ofBroker(cluster.name, broker.id), {
    severity: 'critical',
    verdict: gone ? 'out-of-cluster' : 'no-answer',
    sentence: gone
      ? `the cluster no longer counts it among its brokers, and partitions miss a replica (${broker.address})`
      : `does not answer: ${reason(why.unknown)} (${broker.address})`,
    consequence: broker.leaders > 0 ? `leads ${plural(broker.leaders, 'partition')}` : 'leads nothing now',
    ...weigh(0.9, []),
    evidence: [
      statement('answer', sentence(why.unknown), 'an answer', 'the last request of kmon', true),
      statement('partitions that it leads', String(broker.leaders), '0', 'Metadata', broker.leaders > 0, {
        measured: broker.leaders,
        unit: 'count',
      }),
    ],
    unchecked: [
      'the groups that it coordinates, and the log ends of what it leads, while it does not answer',
    ],
    falsifier: 'other clients reach it from this host',
    byHand: [
      `${kafkaCommand('kafka-broker-api-versions.sh', cluster.name, snapshot)} | grep '^${broker.address}'`,
      `${kafkaCommand('kafka-topics.sh', cluster.name, snapshot)} --describe --under-replicated-partitions`,
    ],
    explains: followsFrom(cluster.name, snapshot),
  });
}

function clusterLost(
  cluster: ClusterView,
  why: Unknown<unknown>,
  brokers: number,
  snapshot: Snapshot,
): Judgement {
  const subject = ofCluster(cluster.name);
  const finding = made(brokerLost.id, subject, {
    severity: 'critical',
    verdict: 'cluster-lost',
    sentence: `${brokers > 0 ? `none of its ${plural(brokers, 'broker')} answers` : 'it does not answer'}: ${reason(why.unknown)}`,
    consequence: 'nothing of it is known now',
    ...weigh(0.7, []),
    evidence: [statement('answer', sentence(why.unknown), 'an answer', 'the last request of kmon', true)],
    unchecked: ['whether it is down or out of reach from here: nobody else is asked'],
    falsifier: 'other clients reach it from another host: then the way from here is cut',
    byHand: [kafkaCommand('kafka-broker-api-versions.sh', cluster.name, snapshot)],
    explains: [
      ...followsFrom(cluster.name, snapshot),
      { rule: brokerLost.id, subject: { kind: 'broker', id: `${cluster.name}/*` } },
      // Workers without their cluster leave the group and run no tasks, whose metrics end.
      { rule: 'sight' },
    ],
  });
  return { subject, finding, heldSince: { at: why.since, bound: why.last === undefined } };
}

/** What befalls a cluster, its groups and the flows at it when a broker is gone. Losses are never hidden under it. */
function followsFrom(cluster: string, { flows }: Snapshot): Explains[] {
  const touched = flows.filter(f => f.source?.cluster === cluster || f.target?.cluster === cluster);
  return [
    { rule: 'partitions-impaired', subject: { kind: 'cluster', id: cluster } },
    ...['group-lag', 'group-commits', 'group-rewind', 'group-rebalances', 'group-skew'].map(rule => ({
      rule,
      subject: { kind: 'group' as const, id: `${cluster}/*` },
    })),
    ...['flow-limits', 'flow-running', 'mirror-repeats', 'producer-retries'].flatMap(rule =>
      touched.map(({ id }) => ({ rule, subject: { kind: 'flow' as const, id } })),
    ),
  ];
}

function reason({ kind, detail }: Failure): string {
  const words = kind === 'timeout' ? 'timed out' : kind;
  return detail === '' ? words : `${words}, ${detail}`;
}
