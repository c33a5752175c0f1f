import type { Millis } from '../../core/clock.js';
import { sentence, type Failure } from '../../core/failure.js';
import { isKnown, valueOf } from '../../core/known.js';
import { count } from '../../core/units.js';
import type { BrokerView, ClusterView, PreferredRole, Snapshot } from '../../model/snapshot.js';
import { weigh, weight } from '../confidence.js';
import { perSecond, statement } from '../evidence.js';
import type { Finding, RemedyHint } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofCluster } from '../subject.js';
import { electPreferred, reorderReplicas } from './kafka-command.js';

const description: Description = {
  what: 'Has leadership gone from a broker, or to one?',
  formula: `
fair share      of all leaders, as a broker's replicas are to all replicas; equal ones where they are not known
gone            some broker leads < 25 % of its fair share, while another one leads ≥ 1.25 × its own
uneven          some broker leads ≥ 1.25 × its fair share: for information, after ten minutes
cured by        an election, where it would leave neither as it is
gate            two brokers, and four partitions a broker`,
  thresholds: ['leaders-gone', 'leaders-uneven', 'broker-cpu'],
  needs: [
    { fact: 'cluster', without: 'blind' },
    { fact: 'log-dirs', without: 'less-sure' },
    { fact: 'node-cpu', without: 'less-sure' },
  ],
  traps: [
    'A broker that was just started leads nothing until the next election: within 5 min with auto.leader.rebalance.enable.',
    'A new broker without replicas can lead nothing: it needs a reassignment, and no election.',
    'A broker that is down is in no metadata: the others lead more, and fairly so.',
  ],
  wrongIf: ['leaders are kept away from a broker on purpose: it is to be taken out of service'],
  remedies: [
    'elect the preferred leaders, where they are in sync and do not lead',
    'another order of the replicas, where one broker comes first in too many: an election gives leadership back to that one',
  ],
};

export const brokerLeaders: Rule = {
  id: 'broker-leaders',
  fireAfter: 45_000,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => snapshot.clusters.map(cluster => judgeCluster(cluster, snapshot, limits)),
};

/** Leaders a broker below which their number says nothing. */
const least = 4;
const hour: Millis = 3_600_000;
const settles: Millis = 600_000;

type Share = { readonly broker: BrokerView; readonly leads: number; readonly fair: number };

function judgeCluster(cluster: ClusterView, snapshot: Snapshot, limits: Limits): Judgement {
  const subject = ofCluster(cluster.name);
  if (!isKnown(cluster.brokers)) return { subject, unjudged: cluster.brokers.unknown };
  const shares = sharesOf(cluster.brokers.value);
  const total = shares.reduce((sum, s) => sum + s.leads, 0);
  if (shares.length < 2 || total < least * shares.length) return { subject };
  const ratios = shares.filter(s => s.fair > 0);
  const most = ratios.reduce((a, b) => (b.leads / b.fair > a.leads / a.fair ? b : a));
  const fewest = ratios.reduce((a, b) => (b.leads / b.fair < a.leads / a.fair ? b : a));
  const uneven = limits.compare(
    `leaders of broker ${most.broker.id} ÷ its fair share`,
    most.leads / most.fair,
    '≥',
    'leaders-uneven',
  );
  const gone = limits.compare(
    `leaders of broker ${fewest.broker.id} ÷ its fair share`,
    fewest.leads / fewest.fair,
    '<',
    'leaders-gone',
  );
  if (uneven.holds !== true) return { subject };
  const isGone = gone.holds === true;
  const moved = isGone ? movedFrom(fewest.broker.id, cluster.name, snapshot) : 0;
  const cpu = limits.compare(
    `CPU of the host of broker ${most.broker.id}`,
    valueOf(most.broker.machine.hostCpu),
    '≥',
    'broker-cpu',
  );
  const order = orderOf(shares);
  const election = 'unknown' in order ? undefined : electionOf(order, most, fewest, isGone, limits);
  const replicasKnown = shares.every(s => isKnown(s.broker.replicas));
  const finding: Finding = {
    rule: brokerLeaders.id,
    subject,
    verdict: isGone ? 'leaders-gone' : 'leaders-uneven',
    severity: isGone || cpu.holds === true ? 'warning' : 'info',
    sentence: isGone
      ? `broker ${fewest.broker.id} leads ${fewest.leads} of ${total} partitions, broker ${most.broker.id} leads ${most.leads}`
      : `broker ${most.broker.id} leads ${most.leads} of ${total} partitions, ${Math.round(most.fair)} would be fair`,
    consequence: `${perSecond(most.broker.arrival.perSecond)} are written to broker ${most.broker.id} alone`,
    ...weigh(0.6, [
      { what: 'replicas of the brokers', holds: replicasKnown ? true : 'unknown', by: 0.2 },
      { what: 'leaders that were seen to move away', holds: moved > 0, by: 0.15 },
      { ...weight(cpu, 0.05), what: 'CPU of the brokers' },
    ]),
    evidence: [
      uneven,
      gone,
      ...shares.map(({ broker, leads, fair }) =>
        statement(
          `leaders of broker ${broker.id}`,
          count(leads),
          count(Math.round(fair)),
          'by its replicas',
          true,
          {
            measured: leads,
            limit: Math.round(fair),
            unit: 'count',
          },
        ),
      ),
      ...(election === undefined
        ? []
        : [
            statement(
              'leaders that an election would move',
              count(election.moves),
              '≥ 1',
              'by the order of replicas',
              election.moves > 0,
              { measured: election.moves, limit: 1, unit: 'count' },
            ),
          ]),
      statement('leaders that left it within the hour', count(moved), '≥ 1', 'by metadata', moved > 0),
      cpu,
    ],
    unchecked: 'unknown' in order ? [`which leaders are the preferred ones: ${sentence(order.unknown)}`] : [],
    falsifier: 'leaders are kept away from it on purpose',
    remedies: election === undefined ? [] : [election.hint],
    byHand: election?.orderIsUneven
      ? reorderReplicas(cluster.name, snapshot)
      : electPreferred(cluster.name, snapshot),
    advice: [
      {
        where: `brokers of ${cluster.name}`,
        lines: [
          'auto.leader.rebalance.enable=true',
          'leader.imbalance.check.interval.seconds=300',
          'leader.imbalance.per.broker.percentage=10',
        ],
        why:
          'these are the defaults: a broker that returned leads again what it should within five minutes. Every election interrupts producers and consumers of ' +
          'the partition for a moment; a broker that starts again and again makes them again and again.',
      },
    ],
  };
  return { subject, finding, ...(!isGone && cpu.holds !== true && { fireAfter: settles }) };
}

function sharesOf(brokers: readonly BrokerView[]): readonly Share[] {
  const total = brokers.reduce((sum, b) => sum + b.leaders, 0);
  const replicas = brokers.map(b => valueOf(b.replicas));
  const all = replicas.reduce<number | undefined>(
    (sum, n) => (sum === undefined || n === undefined ? undefined : sum + n),
    0,
  );
  return brokers.map((broker, i) => {
    const own = replicas[i];
    const part = all === undefined || all === 0 || own === undefined ? 1 / brokers.length : own / all;
    return { broker, leads: broker.leaders, fair: total * part };
  });
}

type Placed = Share & { readonly preferred: PreferredRole };

/** What the order of replicas gives each broker, or why that is not known of one. */
function orderOf(shares: readonly Share[]): readonly Placed[] | { readonly unknown: Failure } {
  const placed: Placed[] = [];
  for (const share of shares) {
    const { preferred } = share.broker;
    if (!isKnown(preferred)) return { unknown: preferred.unknown };
    placed.push({ ...share, preferred: preferred.value });
  }
  return placed;
}

type Election = {
  readonly hint: RemedyHint;
  /** Leaders that it would move. */
  readonly moves: number;
  readonly orderIsUneven: boolean;
};

/** What an election of the preferred leaders would come to. */
function electionOf(
  order: readonly Placed[],
  most: Share,
  fewest: Share,
  wasGone: boolean,
  limits: Limits,
): Election {
  const sum = (of: (role: PreferredRole) => number): number =>
    order.reduce((total, { preferred }) => total + of(preferred), 0);
  const [moves, behind] = [sum(role => role.away), sum(role => role.behind)];
  const stands = (of: (role: PreferredRole) => number): boolean => {
    const ratios = order.filter(({ fair }) => fair > 0).map(({ preferred, fair }) => of(preferred) / fair);
    const isGone = ratios.some(ratio => ratio < limits.value('leaders-gone'));
    return ratios.some(ratio => ratio >= limits.value('leaders-uneven')) && (isGone || !wasGone);
  };
  const said = (cures: boolean, note: string): RemedyHint => ({ action: 'elect-leaders', cures, note });
  if (stands(role => role.partitions) || moves + behind === 0) {
    const first = order.reduce((a, b) => (b.preferred.partitions > a.preferred.partitions ? b : a));
    const { partitions, elected } = first.preferred;
    const note =
      `broker ${first.broker.id} is the first replica of ${count(partitions)} of ${count(sum(role => role.partitions))} partitions, ` +
      `and would lead ${count(elected)} of them: put the replicas into another order`;
    return { hint: said(false, note), moves, orderIsUneven: true };
  }
  if (moves === 0 || stands(role => role.elected)) {
    const note = `${count(behind)} preferred leaders are not in sync: they must catch up before they can be elected`;
    return { hint: said(false, note), moves, orderIsUneven: false };
  }
  const then = ({ broker, leads }: Share): string => {
    const after = order.find(one => one.broker === broker)?.preferred.elected ?? NaN;
    return `broker ${broker.id} leads ${count(leads)} → ${count(after)}`;
  };
  const note = `${count(moves)} partitions go back to their preferred leaders, which are in sync: ${then(most)}, ${then(fewest)}`;
  return { hint: said(true, note), moves, orderIsUneven: false };
}

/** How many leaders were seen to move away from a broker lately. */
function movedFrom(broker: number, cluster: string, { topics, at }: Snapshot): number {
  let moved = 0;
  for (const topic of topics) {
    if (topic.cluster !== cluster || topic.leaderMoves === 0) continue;
    for (const { leaderMoved } of topic.partitions)
      if (leaderMoved?.from === broker && at - leaderMoved.at <= hour) moved++;
  }
  return moved;
}
