import { valueOf } from '../../core/known.js';
import { count, duration } from '../../core/units.js';
import type { CommitEvent, GroupPartitionView, GroupView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Advice, Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofGroup } from '../subject.js';
import { durableProducer, durableTopic } from './durable-advice.js';
import { commitsOffsets, hasNobody, lagNow, named } from './group-facts.js';
import { describeGroup, describeTopic } from './kafka-command.js';
import { isNews, made } from './make.js';

const description: Description = {
  what: 'Has a group read records that are no longer in the log, because its end was cut off?',
  formula: `
truncated  it committed C under the epoch e of a leader (OffsetFetch v5), and the leader of now, whose epoch is a later one, says
           that the records of e end before C (OffsetForLeaderEpoch, KIP-320)
records    Σ (C − end of e) over its partitions: read, and gone. At their offsets there are other records now, or will be, which a
           group that goes on from C passes over
critical   the group has members;  warning  it has none

It tells what happened before kmon looked, too, and where the new leader has grown beyond the old end already, so that the log end
never seemed to go back. Asked once a minute, only of commits whose epoch is older than the leader's, and once for each leader.`,
  thresholds: ['event-shown'],
  needs: [
    { fact: 'committed', without: 'blind' },
    { fact: 'epoch-ends', without: 'blind' },
    { fact: 'cluster', without: 'blind' },
  ],
  traps: [
    'A clean failover leaves the records of an epoch where they were: it then ends at C or behind it.',
    'Retention and compaction take records away and shorten no epoch.',
    'Clients that do not speak KIP-320 commit no epoch (kafkajs, older librdkafka; offsets that a tool set): of those nothing can be said, and nothing is.',
    'A topic that was made anew under its name before kmon looked: its epochs begin at 0, and the commits are those of the old one. While kmon looks, that is topic-recreated.',
  ],
  wrongIf: ['the topic was deleted and made anew before kmon began to look'],
  remedies: [
    'none brings the records back: what the group did with them was done. Set it back to the end of the epoch, or it passes over what was written there since',
  ],
};

export const groupTruncated: Rule = {
  id: 'group-truncated',
  fireAfter: 0,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => snapshot.groups.flatMap(group => judgeGroup(group, snapshot, limits) ?? []),
};

type Cut = { readonly partition: GroupPartitionView; readonly event: CommitEvent };

function judgeGroup(group: GroupView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  if (!commitsOffsets(group) || group.befell.truncations.count === 0) return undefined;
  const subject = ofGroup(group);
  const cuts = group.partitions.flatMap(partition =>
    partition.events
      .filter(event => event.kind === 'truncated' && isOfNow(partition, event, snapshot, limits))
      .map((event): Cut => ({ partition, event })),
  );
  if (cuts.length === 0) return { subject };
  const at = Math.min(...cuts.map(({ event }) => event.at));
  return { subject, finding: findingOf(group, cuts, snapshot), heldSince: { at, bound: true } };
}

/** As long as the commit stands there, and for a while after. */
function isOfNow(
  { committed }: GroupPartitionView,
  { at, from }: CommitEvent,
  snapshot: Snapshot,
  limits: Limits,
): boolean {
  return isNews(at, snapshot.at, limits) || valueOf(committed) === from;
}

function findingOf(group: GroupView, cuts: readonly Cut[], snapshot: Snapshot): Finding {
  const records = cuts.reduce((sum, { event }) => sum + event.records, 0);
  const partitions = cuts.map(({ partition }) => partition);
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  const known = snapshot.topics.filter(t => t.cluster === group.cluster && topics.includes(t.topic));
  const haveIds = known.length > 0 && known.every(t => t.topicId !== undefined);
  const isUnclean = known.some(t => t.unclean.length > 0 || t.truncations.length > 0);
  return made(groupTruncated.id, ofGroup(group), {
    severity: hasNobody(group) ? 'warning' : 'critical',
    verdict: 'read-what-is-gone',
    sentence: `read ${count(records)} records that are no longer in the log of ${named(partitions)}`,
    consequence: `goes on behind them and passes over what is written at their offsets, ${lagNow(group)}`,
    ...weigh(0.85, [
      { what: 'ids of the topics', holds: haveIds ? true : 'unknown', by: 0.05 },
      { what: 'that kmon saw the election or the log end go back', holds: isUnclean, by: 0.1 },
    ]),
    evidence: cuts
      .slice(0, 5)
      .map(({ partition: { topic, partition }, event }) =>
        statement(
          `commit of ${topic}/${partition}, found ${duration(snapshot.at - event.at)} ago`,
          String(event.from),
          `≤ ${event.to}, where the records of its epoch end`,
          'OffsetForLeaderEpoch (KIP-320)',
          true,
          { measured: event.from, limit: event.to, unit: 'records' },
        ),
      ),
    unchecked: [
      'what the application did with them',
      'whether a topic was made anew under its name before kmon began to look',
    ],
    falsifier: 'the topic was deleted and made anew before kmon began to look',
    byHand: [
      describeGroup(group, snapshot),
      ...topics.slice(0, 2).map(t => describeTopic(group.cluster, t, snapshot)),
    ],
    advice: [
      stopAtTruncation(group.group),
      ...topics.slice(0, 1).flatMap(topic => [durableTopic(topic), durableProducer(`producers of ${topic}`)]),
    ],
    explains: ['group-rewind', 'commit-jump', 'group-lag'].map(rule => ({
      rule,
      subject: { kind: 'group' as const, id: group.id },
    })),
  });
}

function stopAtTruncation(group: string): Advice {
  return {
    where: `consumers of ${group}`,
    lines: ['auto.offset.reset=none'],
    why: 'a Java consumer finds a truncation when it meets the new leader, and goes on at the end of the epoch without a word. With none it stops with a LogTruncationException, which names the offset: someone can then undo what the lost records did',
  };
}
