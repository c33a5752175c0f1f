import type { Millis } from '../../core/clock.js';
import { latest, valueOf } from '../../core/known.js';
import { percent } from '../../core/units.js';
import type { BrokerView, GroupPartitionView, GroupView, Snapshot } from '../../model/snapshot.js';
import { weigh, type Weight } from '../confidence.js';
import { growth, perSecond } from '../evidence.js';
import type { Advice, Evidence, Finding, Severity } from '../finding.js';
import type { Limits } from '../limits.js';
import { ofGroup } from '../subject.js';
import { describeMembers, describeTopic } from './kafka-command.js';
import { commitByHand, pollInterval, roundRobin, spreadKeys } from './client-advice.js';
import { lagNow } from './group-facts.js';
import { keepsUp, lagsOf, liesOnOne, partsBy, type Least, type Part, type Parts } from './group-shares.js';

/** What is compared of every verdict. */
type Judged = Parts & {
  readonly grows: boolean;
  readonly evidence: readonly Evidence[];
  readonly saturated: Evidence;
};

type Verdict = {
  readonly verdict: string;
  readonly sentence: string;
  readonly judged: Judged;
  /** What makes it a warning beside a lag that grows. */
  readonly isImpact: boolean;
  readonly support: readonly Weight[];
  readonly advice: readonly Advice[];
  readonly falsifier: string;
};

const window: Millis = 300_000;

/** Of a group that is behind: the partition, broker or member that most of its lag lies on. */
export function whereLagLies(
  group: GroupView,
  gate: readonly Evidence[],
  snapshot: Snapshot,
  limits: Limits,
): Finding | undefined {
  const lags = lagsOf(group.partitions);
  const said =
    onPartition(group, lags, snapshot, limits) ??
    onLeader(group, lags, snapshot, limits) ??
    onMember(group, lags, snapshot, limits);
  if (said === undefined) return undefined;
  const { verdict, sentence, judged, isImpact, support, advice, falsifier } = said;
  const waited = valueOf(group.timeLag);
  const late = limits.compare('age of the first unread record', waited && waited.ms / 1000, '≥', 'late');
  const most = limits.compare('share of the lag there', judged.worst.lag, '≥', 'lag-share-critical');
  const impact = judged.grows || isImpact || judged.saturated.holds === true;
  const severity: Severity = !impact
    ? 'info'
    : most.holds === true && judged.grows && late.holds === true
      ? 'critical'
      : 'warning';
  const [first] = judged.worst.partitions;
  return {
    rule: 'group-skew',
    subject: ofGroup(group),
    verdict,
    severity,
    sentence,
    consequence: `${lagNow(group)}, ${percent(judged.worst.lag)} of it there${judged.grows ? ' and growing' : ''}`,
    ...weigh(0.6, [
      { what: 'growth of the lag there', holds: judged.grows, by: 0.1 },
      {
        what: 'CPU of the leader’s host',
        holds: judged.saturated.holds,
        by: verdict === 'slow-leader' ? 0.2 : -0.1,
      },
      ...support,
    ]),
    evidence: [...gate, ...judged.evidence, judged.saturated, late],
    unchecked: [
      ...(verdict === 'hot-partition'
        ? ['keys: one hot key, few keys and a partitioner of their own look alike without sampling records']
        : []),
      'how long the members work on a record: only their own metrics tell',
    ],
    falsifier,
    remedies: [],
    byHand: [
      ...describeMembers(group, snapshot),
      ...(first === undefined ? [] : [describeTopic(group.cluster, first.topic, snapshot)]),
    ],
    advice,
    ...(severity !== 'info' && {
      explains: [{ rule: 'group-lag', subject: { kind: 'group', id: group.id } }],
    }),
  };
}

function onPartition(
  group: GroupView,
  lags: readonly number[],
  snapshot: Snapshot,
  limits: Limits,
): Verdict | undefined {
  const { partitions } = group;
  const least = leastOf(limits);
  if (partitions.length < 3 || !liesOnOne(lags, least.share)) return undefined;
  const parts = partsBy(partitions, lags, p => `${p.topic}/${p.partition}`, 'by number', least);
  const judged = parts && judge(group, parts, 'partition', snapshot, limits);
  const [partition] = judged?.worst.partitions ?? [];
  if (judged === undefined || partition === undefined) return undefined;
  const { worst } = judged;
  const more = limits.compare('its arrival ÷ an even share', judged.arrivalExcess, '≥', 'arrival-excess');
  const isHot = more.holds === true;
  const owner = partition.owner === undefined ? '' : `, owned by ${partition.owner}`;
  return {
    verdict: isHot ? 'hot-partition' : 'slow-partition',
    sentence: isHot
      ? `${worst.name} is hot: ${percent(worst.arrival)} of the arrival, ${percent(worst.lag)} of the lag${owner}`
      : `${percent(worst.lag)} of the lag lies in ${worst.name}, at which no more arrives than elsewhere${owner}`,
    judged: { ...judged, evidence: [...judged.evidence, more] },
    isImpact: false,
    support: [{ what: 'arrival there', holds: worst.arrives > 0 ? isHot : 'unknown', by: isHot ? 0.2 : 0.1 }],
    advice: isHot ? [spreadKeys(partition.topic)] : [commitByHand(group), pollInterval(group.group)],
    falsifier: isHot
      ? 'the next minutes’ arrival goes to another partition: the key is a time'
      : 'its owner got it a moment ago, together with its lag',
  };
}

function onLeader(
  group: GroupView,
  lags: readonly number[],
  snapshot: Snapshot,
  limits: Limits,
): Verdict | undefined {
  const parts = partsBy(
    group.partitions,
    lags,
    p => (p.leader === undefined || p.leader < 0 ? undefined : String(p.leader)),
    'by partitions',
    leastOf(limits),
  );
  if (parts === undefined) return undefined;
  const late = parts.worst.partitions.filter(p => (valueOf(p.lag) ?? 0) > limits.value('allowed-lag'));
  const owners = new Set(late.map(p => p.owner));
  if (late.length < 2 || owners.size < 2 || owners.has(undefined)) return undefined;
  const judged = judge(group, parts, 'leader', snapshot, limits);
  if (judged === undefined || judged.arrivalExcess >= limits.value('arrival-excess')) return undefined;
  const { worst } = judged;
  return {
    verdict: 'slow-leader',
    sentence: `${percent(worst.lag)} of the lag lies in partitions that broker ${worst.name} leads, whoever owns them`,
    judged,
    isImpact: false,
    support: [{ what: 'several owners', holds: owners.size >= 3, by: 0.1 }],
    advice: [
      {
        where: `cluster ${group.cluster}`,
        lines: [`# relieve broker ${worst.name}: let others lead some of its partitions`],
        why:
          'consumers fetch from the leader alone (without client.rack), so that what it leads is as slow as it is. Another leader moves the load, and ' +
          'clients reconnect for a moment.',
      },
    ],
    falsifier: 'other groups read the same partitions without lag',
  };
}

function onMember(
  group: GroupView,
  lags: readonly number[],
  snapshot: Snapshot,
  limits: Limits,
): Verdict | undefined {
  const parts = partsBy(group.partitions, lags, p => p.owner, 'by number', leastOf(limits));
  const judged = parts && judge(group, parts, 'member', snapshot, limits);
  if (judged === undefined) return undefined;
  const { worst, all } = judged;
  const more = limits.compare('its arrival ÷ an even share', judged.arrivalExcess, '≥', 'arrival-excess');
  const evidence = [...judged.evidence, more];
  if (more.holds === true)
    return {
      verdict: 'uneven',
      sentence: `${worst.name} owns ${worst.partitions.length} of ${group.partitions.length} partitions, ${percent(worst.arrival)} of the arrival, and ${percent(worst.lag)} of the lag`,
      judged: { ...judged, evidence },
      isImpact: false,
      support: [{ what: 'arrival by member', holds: true, by: 0.2 }],
      advice: [roundRobin(group.group)],
      falsifier: 'members subscribe to different topics on purpose',
    };
  const slow = limits.compare('its consumption ÷ arrival', keepsUp(worst), '<', 'consume-slow');
  const others = all.filter(part => part !== worst).flatMap(part => keepsUp(part) ?? []);
  const keep = limits.compare('that of the slowest other one', Math.min(...others), '≥', 'consume-slow');
  if (slow.holds !== true || others.length === 0 || keep.holds !== true) return undefined;
  return {
    verdict: 'slow-member',
    sentence: `${worst.name} consumes ${perSecond(worst.consumed)} of ${perSecond(worst.arrives)}, and the others keep up: ${percent(worst.lag)} of the lag`,
    judged: { ...judged, evidence: [...evidence, slow, keep] },
    isImpact: true,
    support: [{ what: 'others keep up', holds: true, by: 0.2 }],
    advice: [pollInterval(group.group)],
    falsifier: 'it was given these partitions a moment ago, together with their lag',
  };
}

function leastOf(limits: Limits): Least {
  return { share: limits.value('lag-share'), excess: limits.value('lag-excess') };
}

function judge(
  group: GroupView,
  parts: Parts,
  of: string,
  snapshot: Snapshot,
  limits: Limits,
): Judged | undefined {
  const { worst, excess } = parts;
  const share = limits.compare(`share of the lag, of one ${of} (${worst.name})`, worst.lag, '≥', 'lag-share');
  const more = limits.compare('the same ÷ an even share', excess, '≥', 'lag-excess');
  if (share.holds !== true || more.holds !== true) return undefined;
  const gap = worst.arrives - worst.consumed;
  const gaining = limits.compare(
    'growth there ÷ arrival',
    worst.arrives > 0 ? gap / worst.arrives : undefined,
    '≥',
    'rising',
  );
  const grows = gaining.holds === true && !(grown(worst, snapshot.at) <= 0);
  return {
    ...parts,
    grows,
    evidence: [share, more, { ...gaining, value: `${gaining.value} (${growth(gap)})` }],
    saturated: limits.compare(
      'CPU of the leader’s host',
      leaderCpu(group, worst.partitions, snapshot),
      '≥',
      'broker-cpu',
    ),
  };
}

/** Growth of its lag over five minutes, by two samples of each partition; NaN where one is not known. */
function grown({ partitions }: Part, at: Millis): number {
  return partitions.reduce((sum, { series }) => sum + series.at(at) - series.at(at - window), 0);
}

/** Of the busiest host among the leaders of these partitions. */
function leaderCpu(
  group: GroupView,
  partitions: readonly GroupPartitionView[],
  snapshot: Snapshot,
): number | undefined {
  const cluster = snapshot.clusters.find(c => c.name === group.cluster);
  const brokers: readonly BrokerView[] = (cluster && latest(cluster.brokers)?.value) ?? [];
  const leaders = new Set(partitions.map(p => p.leader));
  const shares = brokers.filter(b => leaders.has(b.id)).flatMap(b => valueOf(b.machine.hostCpu) ?? []);
  return shares.length === 0 ? undefined : Math.max(...shares);
}
