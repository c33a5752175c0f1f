import { isKnown } from '../../core/known.js';
import { count, percent } from '../../core/units.js';
import type { Snapshot, TopicView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Evidence, Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Rule } from '../rule.js';
import { ofTopic } from '../subject.js';
import { spreadKeys } from './client-advice.js';
import { describeTopic } from './kafka-command.js';
import { made } from './make.js';
import { judgeSamples, topKey, unreadNote, type Sampled } from './record-samples.js';

const description: Description = {
  what: 'Do the keys of a topic, where samples of its records are taken, spread over its partitions?',
  formula: `
gate          200 sampled records, two partitions or more

constant-key  one key in all of them
empty-keys    keys of no bytes: ≥ 10 % of the records, which go to one partition
hot-key       one key's share of what arrives ≥ 1 ÷ partitions: it fills one by itself
few-keys      and the topic is uneven (topic-skew): different keys ÷ partitions < 20
unkeyed       and the topic is uneven: ≥ 50 % without a key

warning       constant-key and empty-keys; hot-key while the topic is uneven; otherwise for information
share         Σ over partitions of (records of the key ÷ records sampled there) × (arrival there ÷ arrival)`,
  thresholds: ['sample-records', 'empty-keys', 'few-keys', 'unkeyed-records', 'skew-median', 'skew-top'],
  needs: [
    { fact: 'records', without: 'blind' },
    { fact: 'offsets', without: 'less-sure' },
  ],
  traps: [
    'Only topics that the user names are sampled: the newest 2,000 records of each partition, counted and dropped.',
    'Keys are told apart by hashes that are others in each run of kmon; the 64 most frequent of a partition are kept.',
    'A sample is a moment: a key that is a time is another one in the next minute.',
  ],
  wrongIf: ['the next samples have another key on top: a batch job, or a key that is a time'],
  remedies: ['another key, or a salted one', 'a topic of its own for the key with the most'],
};

export const keySpread: Rule = {
  id: 'key-spread',
  fireAfter: 30_000,
  keep: 300_000,
  description,
  judge: (snapshot, limits) =>
    judgeSamples(snapshot, limits, (topic, sampled) => {
      const said = topic.partitionCount < 2 ? undefined : verdictOf(topic, sampled, limits);
      return said && findingOf(topic, sampled, said, snapshot);
    }),
};

type Said = Pick<Finding, 'verdict' | 'severity' | 'sentence' | 'consequence'> & {
  readonly evidence: readonly Evidence[];
};

function verdictOf(topic: TopicView, sampled: Sampled, limits: Limits): Said | undefined {
  const { records, keyed, unkeyed, empty, distinct } = sampled;
  const partitions = topic.partitionCount;
  const onePartition = 'one partition does all the work, and one member of each group';
  if (distinct === 1 && unkeyed === 0)
    return {
      verdict: 'constant-key',
      severity: 'warning',
      sentence: `all ${count(records)} sampled records have ${empty === records ? 'an empty key' : 'the same key'}`,
      consequence: onePartition,
      evidence: [statement('different keys', '1', `of ${count(records)} records`, 'samples', true)],
    };
  const emptyOnes = limits.compare('share of records with an empty key', empty / records, '≥', 'empty-keys');
  if (emptyOnes.holds === true)
    return {
      verdict: 'empty-keys',
      severity: 'warning',
      sentence: `${percent(empty / records)} of the sampled records have a key of no bytes`,
      consequence: 'all of these go to one partition: a record without a key would not',
      evidence: [emptyOnes],
    };
  const { share } = topKey(topic, sampled);
  const uneven = unevenBy(topic, limits);
  if (share !== undefined && share >= 1 / partitions)
    return {
      verdict: 'hot-key',
      severity: uneven?.holds === true ? 'warning' : 'info',
      sentence: `one key takes ${percent(share)} of what arrives: it fills a partition of ${partitions} by itself`,
      consequence: 'more partitions do not help, and would move the other keys',
      evidence: [
        statement('share of the most frequent key', percent(share), `≥ 1 ÷ ${partitions}`, 'samples', true, {
          measured: share,
          limit: 1 / partitions,
          unit: 'share',
        }),
        ...(uneven ? [uneven] : []),
      ],
    };
  if (uneven?.holds !== true) return undefined;
  const few = limits.compare('different keys ÷ partitions', distinct / partitions, '<', 'few-keys');
  const without = limits.compare('share of records without a key', unkeyed / records, '≥', 'unkeyed-records');
  if (without.holds === true)
    return {
      verdict: 'unkeyed',
      severity: 'info',
      sentence: `${percent(unkeyed / records)} of the sampled records have no key, and yet they lie unevenly`,
      consequence: 'the producer fills one batch after the other, or chooses partitions itself',
      evidence: [without, uneven],
    };
  if (few.holds === true && keyed > 0)
    return {
      verdict: 'few-keys',
      severity: 'info',
      sentence: `${count(distinct)} different keys for ${partitions} partitions: by the luck of the hash some get several`,
      consequence: 'a finer key spreads better; more partitions do not',
      evidence: [few, uneven],
    };
  return undefined;
}

/** How topic-skew would compare it; undefined where arrival is not known. */
function unevenBy({ skew: { arrival } }: TopicView, limits: Limits): Evidence | undefined {
  if (!isKnown(arrival)) return undefined;
  const { items, maxToMedian, topShare } = arrival.value;
  return items >= 6
    ? limits.compare('busiest partition ÷ the middle one', maxToMedian, '≥', 'skew-median')
    : limits.compare('share of the busiest partition', topShare, '≥', 'skew-top');
}

function findingOf(topic: TopicView, sampled: Sampled, said: Said, snapshot: Snapshot): Finding {
  const { partitions, records, unread } = sampled;
  return made(keySpread.id, ofTopic(topic.cluster, topic.topic), {
    ...said,
    ...weigh(0.7, [
      { what: 'samples of all partitions', holds: partitions.length === topic.partitionCount, by: 0.2 },
      { what: 'batches that kmon could not unpack', holds: unread > records, by: -0.3 },
    ]),
    evidence: [
      ...said.evidence,
      statement(
        'sampled records',
        count(records),
        `of ${partitions.length} of ${topic.partitionCount} partitions`,
        'Fetch, the newest of each',
        true,
        { measured: records, unit: 'count' },
      ),
    ],
    unchecked: unreadNote(sampled),
    falsifier: 'the next samples have another key on top',
    byHand: [describeTopic(topic.cluster, topic.topic, snapshot)],
    advice: [spreadKeys(topic.topic)],
    explains: [{ rule: 'topic-skew', subject: { kind: 'topic', id: topic.id } }],
  });
}
