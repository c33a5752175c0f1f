import { latest, valueOf } from '../../core/known.js';
import { plural } from '../../core/units.js';
import type { GroupView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofGroup } from '../subject.js';
import { commitAfterWork } from './durable-advice.js';
import { describeGroup } from './kafka-command.js';
import { isNews, listed, made } from './make.js';

const description: Description = {
  what: 'Did committed offsets of a group vanish?',
  formula: `
vanished  a partition had a committed offset, has had none since then, and its topic is still there
warning   the next consumer starts where auto.offset.reset says: latest passes over what came meanwhile, earliest reads all again`,
  thresholds: ['event-shown'],
  needs: [
    { fact: 'committed', without: 'blind' },
    { fact: 'cluster', without: 'blind' },
    { fact: 'broker-configs', without: 'less-sure' },
  ],
  traps: [
    'Offsets expire offsets.retention.minutes (7 days by default) after a group lost its last member, or ceased to subscribe to the topic. Kmon does not watch for so long: it sees that they went, and not since when the clock ran.',
    'A topic that is deleted takes its offsets along: that is no expiry. Metadata tell so a little later, hence the minute.',
    'A client whose position was overtaken by retention may commit that it has none (kafkajs commits -1) until it has read on: that is listed under the overrun, and over when it commits again.',
    'A group all of whose offsets expire vanishes as a whole, and no longer has a row.',
  ],
  wrongIf: ['someone deleted them on purpose (kafka-consumer-groups --delete-offsets)'],
  remedies: ['set the offsets by hand before the consumers start'],
};

export const offsetsExpired: Rule = {
  id: 'offsets-expired',
  fireAfter: 60_000,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => snapshot.groups.map(group => judgeGroup(group, snapshot, limits)),
};

function judgeGroup(group: GroupView, snapshot: Snapshot, limits: Limits): Judgement {
  const subject = ofGroup(group);
  const { vanished } = group.befell;
  if (vanished === undefined || !isNews(vanished.at, snapshot.at, limits)) return { subject };
  const { partitions, topics } = vanished;
  const state = valueOf(group.state);
  const cluster = snapshot.clusters.find(c => c.name === group.cluster);
  const broker = cluster && latest(cluster.brokers)?.value.find(b => valueOf(b.config) !== undefined);
  const minutes = broker && valueOf(broker.config)?.['offsets.retention.minutes'];
  return {
    subject,
    finding: made(offsetsExpired.id, subject, {
      severity: 'warning',
      verdict: 'offsets-gone',
      sentence: `${plural(partitions, 'committed offset')} of it ${partitions === 1 ? 'is' : 'are'} no longer there: ${listed(topics)}`,
      consequence: 'its consumers start where auto.offset.reset says',
      ...weigh(0.7, [
        { what: 'state of the group', holds: state === undefined ? 'unknown' : state === 'Empty', by: 0.15 },
      ]),
      evidence: [
        statement('committed offsets', `${partitions} fewer`, 'none fewer', 'OffsetFetch', true, {
          measured: partitions,
          limit: 0,
          unit: 'count',
        }),
        statement(
          'offsets.retention.minutes',
          minutes ?? '–',
          'from when the group has no member',
          'the broker’s configuration',
          minutes === undefined ? 'unknown' : true,
        ),
      ],
      unchecked: ['whether they expired or were deleted: the protocol does not tell'],
      falsifier: 'someone deleted them on purpose',
      remedies: [
        {
          action: 'reset-offsets',
          cures: true,
          note: 'before its consumers start: they begin there and not where auto.offset.reset says',
        },
      ],
      byHand: [
        describeGroup(group, snapshot),
        `# before the consumers start: --reset-offsets --topic ${topics[0] ?? '<topic>'} --to-datetime <when> --dry-run, then --execute`,
      ],
      advice: [
        commitAfterWork(group.group),
        {
          where: `brokers of ${group.cluster}`,
          lines: ['offsets.retention.minutes=43200'],
          why: 'thirty days outlast a long stop; __consumer_offsets holds the entries so much longer',
        },
      ],
    }),
  };
}
