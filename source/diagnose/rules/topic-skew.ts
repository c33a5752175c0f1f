import { isKnown, latest, valueOf } from '../../core/known.js';
import { percent } from '../../core/units.js';
import type { BrokerView, GroupView, Snapshot, Spread, TopicView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { perSecond, statement } from '../evidence.js';
import type { Evidence, Explains, Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofTopic } from '../subject.js';
import { describeTopic } from './kafka-command.js';
import { spreadKeys } from './client-advice.js';
import { share } from './flow-facts.js';
import { listed } from './make.js';

const description: Description = {
  what: 'Do producers write most of a topic to one partition?',
  formula: `
gate           10 records/s over the topic, 1.7 a partition: 100 in a minute, of which chance makes 1.4 × the middle one
hot-partition  with 6 partitions or more: arrival at the busiest ÷ the middle one (median) ≥ 3
               with 3 to 5: its share of all arrival ≥ 50 %
warning        only with an effect: the host of its leader is at 85 % of its CPU, and a tenth at least of what is written to
               that broker goes to this partition; or the lag of a group lies there (group-skew, which is then listed under this)
otherwise      for information

effective      Σ ÷ max: so many partitions of equal load would do as much`,
  thresholds: [
    'volume-rate',
    'skew-median',
    'skew-top',
    'lag-share',
    'volume-lag',
    'broker-cpu',
    'broker-share',
  ],
  needs: [
    { fact: 'offsets', without: 'blind' },
    { fact: 'log-dirs', without: 'less-sure' },
    { fact: 'node-cpu', without: 'less-sure' },
  ],
  traps: [
    'mean + 2 σ can never be exceeded with five partitions: the middle one is compared with.',
    'Luck of the hash is no hot key: 100 keys of equal weight on 48 partitions make 2.9 × the mean.',
    'A key that is a time makes another partition hot each day: then bytes do not lie where arrival does.',
    'A host may be busy with something else. Measured on a machine that others used up: of 45 records/s to one partition its CPU was no effect.',
    'A replicated topic is as uneven as its source, where it is judged.',
    'More partitions do not help one hot key, and move the other keys.',
  ],
  wrongIf: ['a burst of one producer, which is over within minutes'],
  remedies: ['another key, or a salted one', 'a topic of its own for the key with the most'],
};

export const topicSkew: Rule = {
  id: 'topic-skew',
  fireAfter: 180_000,
  keep: 300_000,
  description,
  judge: (snapshot, limits) => snapshot.topics.flatMap(topic => judgeTopic(topic, snapshot, limits)),
};

/** With fewer partitions the middle one says little: of three, half of all is only twice as much. */
const enough = 6;
/** What has no partition of 1.5 × the mean is even: no further look is taken at it. */
const screening = 1.5;

function judgeTopic(topic: TopicView, snapshot: Snapshot, limits: Limits): readonly Judgement[] {
  if (topic.internal || topic.partitionCount < 3 || topic.writers.length > 0) return [];
  const arrival = valueOf(topic.arrival);
  if (arrival === undefined) return [];
  const subject = ofTopic(topic.cluster, topic.topic);
  if (arrival < limits.value('volume-rate')) return [{ subject }];
  if (topic.peakArrival < screening * (arrival / topic.partitionCount)) return [{ subject }];
  const { arrival: spread } = topic.skew;
  if (!isKnown(spread)) return [{ subject }];
  const uneven =
    spread.value.items >= enough
      ? limits.compare('busiest partition ÷ the middle one', spread.value.maxToMedian, '≥', 'skew-median')
      : limits.compare('share of the busiest partition', spread.value.topShare, '≥', 'skew-top');
  if (uneven.holds !== true) return [{ subject }];
  return [{ subject, finding: findingOf(topic, spread.value, uneven, snapshot, limits) }];
}

function findingOf(
  topic: TopicView,
  spread: Spread,
  uneven: Evidence,
  snapshot: Snapshot,
  limits: Limits,
): Finding {
  const volume = limits.compare('arrival', spread.total, '≥', 'volume-rate');
  const leader = leaderOf(topic, spread.top, snapshot);
  const cpu = limits.compare(
    'CPU of its leader’s host',
    leader && valueOf(leader.machine.hostCpu),
    '≥',
    'broker-cpu',
  );
  const part = limits.compare(
    'its share of what is written to that broker',
    leader && share(spread.total * spread.topShare, leader.arrival.perSecond),
    '≥',
    'broker-share',
  );
  const bytes = valueOf(topic.skew.bytes);
  const behind = behindThere(topic, spread.top, snapshot, limits);
  return {
    rule: topicSkew.id,
    subject: ofTopic(topic.cluster, topic.topic),
    verdict: 'hot-partition',
    severity: cpu.holds === true && part.holds === true ? 'warning' : 'info',
    sentence: `${spread.top} takes ${percent(spread.topShare)} of the arrival: ${spread.items} partitions do the work of ${spread.effective.toFixed(1)}`,
    consequence:
      behind.length > 0
        ? `the lag of ${listed(behind.map(g => g.group))} lies there`
        : `${perSecond(spread.total * spread.topShare)} go to one partition, which one member reads`,
    ...weigh(0.6, [
      {
        what: 'bytes on disk lie there, too',
        holds: bytes === undefined ? 'unknown' : bytes.top === spread.top,
        by: 0.2,
      },
      { what: 'a group whose lag lies there', holds: behind.length > 0, by: 0.1 },
      { what: 'sampled keys', holds: topic.sampled === undefined ? 'unknown' : false, by: 0.1 },
    ]),
    evidence: [
      volume,
      uneven,
      statement(
        'partitions of equal load that would do',
        spread.effective.toFixed(1),
        `of ${spread.items}`,
        'Σ ÷ max',
        true,
        {
          measured: spread.effective,
          limit: spread.items,
          unit: 'count',
        },
      ),
      statement(
        'most bytes on disk',
        bytes?.top ?? '–',
        spread.top,
        'DescribeLogDirs',
        bytes === undefined ? 'unknown' : bytes.top === spread.top,
      ),
      cpu,
      part,
    ],
    unchecked: [
      'keys: one hot key, few keys, records without a key and a partitioner of their own look alike without samples of its records (--sample)',
    ],
    falsifier: 'the next minutes’ arrival goes to another partition',
    remedies: [],
    byHand: [describeTopic(topic.cluster, topic.topic, snapshot)],
    advice: [spreadKeys(topic.topic)],
    explains: behind.map((group): Explains => ({
      rule: 'group-skew',
      subject: { kind: 'group', id: group.id },
    })),
  };
}

/** Groups with enough lag, most of which lies in the partition `top`. */
function behindThere(
  topic: TopicView,
  top: string,
  snapshot: Snapshot,
  limits: Limits,
): readonly GroupView[] {
  const readers = new Set(topic.readers.groups);
  return snapshot.groups.filter(group => {
    if (!readers.has(group.id)) return false;
    const lag = valueOf(group.lag) ?? 0;
    if (lag < limits.value('volume-lag') || group.mostLag < limits.value('lag-share') * lag) return false;
    const there = group.partitions.find(p => `${p.topic}/${p.partition}` === top);
    return there !== undefined && (valueOf(there.lag) ?? 0) >= limits.value('lag-share') * lag;
  });
}

function leaderOf(topic: TopicView, top: string, { clusters }: Snapshot): BrokerView | undefined {
  const leader = topic.partitions.find(p => `${p.topic}/${p.partition}` === top)?.leader;
  const cluster = clusters.find(c => c.name === topic.cluster);
  return cluster && latest(cluster.brokers)?.value.find(b => b.id === leader);
}
