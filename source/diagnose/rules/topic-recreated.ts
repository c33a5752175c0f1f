import { duration } from '../../core/units.js';
import type { Snapshot, TopicView } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofTopic } from '../subject.js';
import { describeTopic } from './kafka-command.js';
import { isNews, listed, made } from './make.js';

const description: Description = {
  what: 'Was a topic deleted and made anew under its name?',
  formula: `
recreated  its topic id is another one than before (Metadata v10, Kafka 2.8)
warning    what was in it is gone; offsets begin at 0, so that committed offsets and positions of the old one point
           past its end: consumers and MirrorMaker 2 go where auto.offset.reset says

What groups and flows do after it is listed under it and not for itself.`,
  thresholds: ['event-shown'],
  needs: [{ fact: 'cluster', without: 'blind' }],
  traps: ['Before Kafka 2.8 a topic that was made anew looks like one whose log was truncated.'],
  wrongIf: ['there is no way: an id is never used twice'],
  remedies: [
    'reset the offsets of the groups that read it; restart the MirrorMaker 2 connector after its positions were removed',
  ],
};

export const topicRecreated: Rule = {
  id: 'topic-recreated',
  fireAfter: 0,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => snapshot.topics.flatMap(topic => judgeTopic(topic, snapshot, limits) ?? []),
};

function judgeTopic(topic: TopicView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  if (topic.recreated === undefined) return undefined;
  const subject = ofTopic(topic.cluster, topic.topic);
  if (!isNews(topic.recreated, snapshot.at, limits)) return { subject };
  return { subject, finding: findingOf(topic, topic.recreated, snapshot) };
}

function findingOf(topic: TopicView, recreated: number, snapshot: Snapshot): Finding {
  const { groups, flows } = topic.readers;
  const readers = [...groups, ...flows].map(id => id.slice(id.indexOf('/') + 1));
  return made(topicRecreated.id, ofTopic(topic.cluster, topic.topic), {
    severity: 'warning',
    verdict: 'recreated',
    sentence: `was deleted and made anew ${duration(snapshot.at - recreated)} ago: what was in it is gone`,
    consequence: readers.length > 0 ? `offsets begin at 0 for ${listed(readers)}` : 'offsets begin at 0',
    ...weigh(0.98, []),
    evidence: [statement('topic id', topic.topicId ?? '–', 'the one of before', 'Metadata', true)],
    falsifier: 'none: an id is never used twice',
    byHand: [describeTopic(topic.cluster, topic.topic, snapshot)],
    advice: [
      {
        where: `consumers of ${topic.topic}`,
        lines: ['auto.offset.reset=earliest'],
        why: 'with latest, what was written between the making of the topic and the first poll is passed over',
      },
    ],
    explains: [
      ...groups.flatMap(id =>
        ['group-*', 'commit-jump', 'offsets-expired'].map(rule => ({
          rule,
          subject: { kind: 'group' as const, id },
        })),
      ),
      ...[...flows, ...topic.writers].flatMap(id =>
        ['flow-limits', 'mirror-*', 'records-not-written', 'another-writer'].map(rule => ({
          rule,
          subject: { kind: 'flow' as const, id },
        })),
      ),
      { rule: 'log-truncated', subject: { kind: 'topic', id: topic.id } },
      { rule: 'partitions-added', subject: { kind: 'topic', id: topic.id } },
    ],
  });
}
