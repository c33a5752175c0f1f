import { valueOf } from '../../core/known.js';
import { count, duration } from '../../core/units.js';
import type { LogTruncation } from '../../model/topic-view.js';
import type { GroupView, Snapshot, TopicView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofTopic } from '../subject.js';
import { durableProducer, durableTopic } from './durable-advice.js';
import { describeTopic } from './kafka-command.js';
import { isNews, listed, made } from './make.js';

const description: Description = {
  what: 'Did a log lose its end: records that were written, and perhaps read, and are no more?',
  formula: `
truncated  the log end went back (L < L′, the second asked after the first was answered) under the same topic id
lost       L′ − L at least: what was appended between kmon's readings and cut off as well is not counted
read       groups whose committed offset lies beyond L: they have read records that no longer exist

A leader that was not in sync was elected (unclean.leader.election.enable), or a broker lost its last writes with the
only replica that had them.`,
  thresholds: ['event-shown'],
  needs: [
    { fact: 'offsets', without: 'blind' },
    { fact: 'cluster', without: 'blind' },
    { fact: 'topic-configs', without: 'less-sure' },
  ],
  traps: [
    'A topic that was deleted and made anew begins at 0: its id is another one, and that is another finding. Before Kafka 2.8 there are no ids.',
    'The high watermark of a new leader may stand back for a moment; ListOffsets tells no end until it has caught up (KIP-207).',
    'A broker that stood still answers as the leader that it was: an end of an older leader epoch is not believed, for half a minute.',
    'That the election was unclean is another finding (unclean-election), and this one is listed under it; where who was in sync is not known, a log end that went back is the proof of what it did.',
  ],
  wrongIf: ['the topic was made anew and the cluster tells no topic ids'],
  remedies: [
    'none brings the records back: find them at the producer, or in the log directory of the broker that led before',
  ],
};

export const logTruncated: Rule = {
  id: 'log-truncated',
  fireAfter: 0,
  keep: 120_000,
  description,
  judge: (snapshot, limits) => snapshot.topics.flatMap(topic => judgeTopic(topic, snapshot, limits) ?? []),
};

function judgeTopic(topic: TopicView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  if (topic.truncations.length === 0) return undefined;
  const subject = ofTopic(topic.cluster, topic.topic);
  const fresh = topic.truncations.filter(t => isNews(t.at, snapshot.at, limits));
  if (fresh.length === 0) return { subject };
  // Until metadata were read again it may be another topic under the same name.
  if (topic.topicId !== undefined && !fresh.some(t => t.sure)) return { subject };
  return { subject, finding: findingOf(topic, fresh, snapshot) };
}

function findingOf(topic: TopicView, fresh: readonly LogTruncation[], snapshot: Snapshot): Finding {
  const records = fresh.reduce((sum, t) => sum + t.from - t.to, 0);
  const unclean = valueOf(topic.config)?.values['unclean.leader.election.enable'];
  const moved = fresh.some(t => {
    const last = topic.partitions[t.partition]?.leaderMoved;
    return last !== undefined && Math.abs(last.at - t.at) <= 60_000;
  });
  const readers = snapshot.groups.filter(g => topic.readers.groups.includes(g.id));
  const ahead = readers.filter(g => hasReadBeyond(g, topic.topic, fresh));
  const names = fresh.map(t => `${t.partition} (${t.from} → ${t.to})`);
  return made(logTruncated.id, ofTopic(topic.cluster, topic.topic), {
    severity: 'critical',
    verdict: 'truncated',
    sentence: `the log end went back: at least ${count(records)} records that were written are gone, partition ${listed(names)}`,
    consequence:
      ahead.length > 0
        ? `read before they went by ${listed(ahead.map(g => g.group))}`
        : 'nobody can read them any more',
    ...weigh(topic.topicId === undefined ? 0.6 : 0.85, [
      { what: 'that the leader moved then', holds: moved, by: 0.05 },
      {
        what: 'unclean.leader.election.enable',
        holds: unclean === undefined ? 'unknown' : unclean === 'true',
        by: 0.05,
      },
    ]),
    evidence: [
      ...fresh
        .slice(-5)
        .map(t =>
          statement(
            `log end of ${topic.topic}/${t.partition}, ${duration(snapshot.at - t.at)} ago`,
            String(t.to),
            `≥ ${t.from}, its end before`,
            'ListOffsets, same topic id',
            true,
            { measured: t.to, limit: t.from, unit: 'records' },
          ),
        ),
      statement('leader moved within a minute of it', moved ? 'yes' : 'not seen', 'yes', 'Metadata', moved),
      statement(
        'unclean.leader.election.enable',
        unclean ?? '–',
        'true',
        'topic configuration',
        unclean === undefined ? 'unknown' : unclean === 'true',
      ),
    ],
    unchecked: [
      ...(topic.unclean.length > 0
        ? []
        : ['whether the election was unclean: no leader was seen that was not in sync before']),
      ...(topic.topicId === undefined
        ? ['whether the topic was made anew: this cluster tells no topic ids']
        : []),
    ],
    falsifier: 'the topic was deleted and made anew under the same id, which Kafka does not do',
    byHand: [describeTopic(topic.cluster, topic.topic, snapshot)],
    advice: [durableTopic(topic.topic), durableProducer(`producers of ${topic.topic}`)],
    explains: [
      ...readers.flatMap(({ id }) =>
        ['group-truncated', 'group-rewind', 'commit-jump'].map(rule => ({
          rule,
          subject: { kind: 'group' as const, id },
        })),
      ),
      ...[...topic.readers.flows, ...topic.writers].flatMap(id =>
        ['records-not-written', 'mirror-overrun'].map(rule => ({
          rule,
          subject: { kind: 'flow' as const, id },
        })),
      ),
    ],
  });
}

function hasReadBeyond(group: GroupView, topic: string, fresh: readonly LogTruncation[]): boolean {
  const cut = new Map(fresh.map(t => [t.partition, t]));
  return group.partitions.some(p => {
    const t = p.topic === topic ? cut.get(p.partition) : undefined;
    return t !== undefined && (valueOf(p.committed) ?? -Infinity) > t.to;
  });
}
