import { valueOf } from '../../core/known.js';
import { duration, percent } from '../../core/units.js';
import type { PartitionsAdded } from '../../model/topic-view.js';
import type { GroupView, Snapshot, TopicView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofTopic } from '../subject.js';
import { describeTopic } from './kafka-command.js';
import { listed, made } from './make.js';
import { samplesOf } from './record-samples.js';

const description: Description = {
  what: 'Were partitions added, so that keys have moved and their order is broken?',
  formula: `
partition = hash(key) mod n, so that with n′ partitions a share of the keys goes elsewhere:

moved    1 − n ÷ lcm(n, n′) of the keys: 6 → 12 half, 3 → 4 three quarters, 10 → 11 nine in ten
broken   of those, records from before lie in another partition than those from after: whoever reads both in parallel
         may see the newer first
warning  while a group has not read past where the old partitions ended then
info     for an hour after it, for groups that begin anew; and of a topic that a flow writes, which follows its source`,
  thresholds: ['added-shown'],
  needs: [
    { fact: 'cluster', without: 'blind' },
    { fact: 'committed', without: 'less-sure' },
  ],
  traps: [
    'Records without a key go to any partition anyway: of an unkeyed topic nothing is broken. Whether it is keyed is not known: kmon does not read records.',
    'That two kinds of clients hash differently and put one key into two partitions, or that timestamps go back, is told where samples of its records are taken (`key-order`).',
    'MirrorMaker 2 writes partition p to partition p: a topic that it made follows its source, and breaks nothing more.',
  ],
  wrongIf: ['the records have no keys, or their producers choose the partition themselves'],
  remedies: [
    'let the groups read past the boundary; next time a new topic with the final number, drain, and cut over',
  ],
};

export const partitionsAdded: Rule = {
  id: 'partitions-added',
  fireAfter: 10_000,
  keep: 30_000,
  description,
  judge: (snapshot, limits) => snapshot.topics.flatMap(topic => judgeTopic(topic, snapshot, limits) ?? []),
};

function judgeTopic(topic: TopicView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  const { partitionsAdded: added } = topic;
  if (added === undefined || topic.internal) return undefined;
  const subject = ofTopic(topic.cluster, topic.topic);
  const readers = snapshot.groups.filter(g => topic.readers.groups.includes(g.id));
  const behind = readers.filter(g => hasNotPassed(g, topic.topic, added));
  if (behind.length === 0 && snapshot.at - added.at > limits.millis('added-shown')) return { subject };
  return {
    subject,
    finding: findingOf(topic, added, behind, snapshot),
    heldSince: { at: added.at, bound: false },
  };
}

/** Unread records of before the boundary; where an end was not known then, nothing is claimed. */
function hasNotPassed(group: GroupView, topic: string, { from, ends }: PartitionsAdded): boolean {
  return group.partitions.some(
    p =>
      p.topic === topic &&
      p.partition < from &&
      (valueOf(p.committed) ?? Infinity) < (ends[p.partition] ?? NaN),
  );
}

/** The share of keys whose partition is another one: 1 − n ÷ lcm(n, m). */
export function movedShare(from: number, to: number): number {
  return 1 - gcd(from, to) / to;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function findingOf(
  topic: TopicView,
  added: PartitionsAdded,
  behind: readonly GroupView[],
  snapshot: Snapshot,
): Finding {
  const { from, to, at } = added;
  const share = movedShare(from, to);
  const mirrored = topic.writers.length > 0;
  const keyed = hasKeys(topic);
  const keys = `${percent(share)} of its keys ${mirrored ? 'have moved, as at its source' : 'have moved'}`;
  return made(partitionsAdded.id, ofTopic(topic.cluster, topic.topic), {
    severity: behind.length > 0 && !mirrored ? 'warning' : 'info',
    verdict: 'keys-moved',
    sentence: `${from} → ${to} partitions ${duration(snapshot.at - at)} ago: if it is keyed, ${keys} to another one`,
    consequence:
      behind.length > 0
        ? `order is broken for ${listed(behind.map(g => g.group))} until it has read past that`
        : 'order across that moment is not sure',
    ...weigh(0.6, [
      { what: 'whether its records have keys', holds: keyed ?? 'unknown', by: 0.35 },
      { what: 'groups that have not read past it', holds: behind.length > 0, by: 0.05 },
    ]),
    evidence: [
      statement('partitions', String(to), `${from}, as before`, 'Metadata', true, {
        measured: to,
        limit: from,
        unit: 'count',
      }),
      statement(
        'keys that have moved',
        percent(share),
        `1 − ${from} ÷ lcm(${from}, ${to})`,
        'hash(key) mod partitions',
        true,
        {
          measured: share,
          unit: 'share',
        },
      ),
      statement(
        'groups that have not read past it',
        String(behind.length),
        '0',
        'committed offsets',
        behind.length > 0,
        {
          measured: behind.length,
          limit: 0,
          unit: 'count',
        },
      ),
    ],
    unchecked:
      keyed === undefined
        ? [
            'whether its records have keys, and one key lies in two partitions: records are not sampled (--sample)',
          ]
        : [],
    falsifier: 'the records have no keys, or their producers choose the partition themselves',
    byHand: [describeTopic(topic.cluster, topic.topic, snapshot)],
    advice: [
      {
        where: `producers of ${topic.topic}`,
        lines: [
          '# one key for one context of order, and one partitioner for all:',
          'partitioner=murmur2_random        # librdkafka; Java clients do so by default',
          'enable.idempotence=true',
        ],
        why: 'records of one key keep their order only within one partition. Clients of two kinds hash differently unless they are told',
      },
      {
        where: `topic ${topic.topic}`,
        lines: [
          `# to grow a keyed topic: a new one of ${nextMultiple(from, to)} partitions, drain ${topic.topic}, cut over`,
        ],
        why: 'partitions cannot be taken back, and each addition moves keys again. A multiple moves the fewest: doubling one half',
      },
    ],
  });
}

/** As samples of its records say, where they are taken. */
function hasKeys(topic: TopicView): boolean | undefined {
  const sampled = samplesOf(topic);
  return sampled === undefined || 'kind' in sampled ? undefined : sampled.keyed > sampled.unkeyed;
}

function nextMultiple(from: number, to: number): number {
  return from * Math.ceil(to / from);
}
