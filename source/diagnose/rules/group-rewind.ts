import { isKnown, valueOf } from '../../core/known.js';
import { count, duration } from '../../core/units.js';
import type { CommitEvent, GroupPartitionView, GroupView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofGroup } from '../subject.js';
import { describeMembers } from './kafka-command.js';
import { commitForward } from './client-advice.js';
import { commitsOffsets, lagNow, named, withoutLag } from './group-facts.js';

const description: Description = {
  what: 'Did a group go back behind what it had committed?',
  formula: `
rewound   a committed offset is lower than the one before (C < C′), of the same topic, and the group has not passed C′ since
records   Σ (C′ − C) over its partitions: so many are read again
info      the group had no members then: an operator's tool, or MirrorMaker 2, set it back; said from 1,000 records on
critical  10,000 records, or as many as the group consumes in 60 s

This is Burrow's REWIND: it ends when a later commit is no longer below the one before.`,
  thresholds: ['rewind-records', 'rewind-traffic', 'volume-lag'],
  needs: [
    { fact: 'committed', without: 'blind' },
    { fact: 'described', without: 'less-sure' },
  ],
  traps: [
    'An old owner that commits late sets a partition back for one commit: what is passed again within 15 s is not said.',
    'A topic that was deleted and made anew begins at 0: its commits are other ones.',
    'With isolation.level=read_committed and transactions the count is one of offsets, a little above that of records.',
  ],
  wrongIf: ['someone set the offsets back on purpose, while the group ran'],
  remedies: ['none: what was committed is lower now, and what lies between is read again'],
};

export const groupRewind: Rule = {
  id: 'group-rewind',
  fireAfter: 15_000,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => snapshot.groups.flatMap(group => judgeGroup(group, snapshot, limits)),
};

type Rewound = { readonly partition: GroupPartitionView; readonly event: CommitEvent };

function judgeGroup(group: GroupView, snapshot: Snapshot, limits: Limits): readonly Judgement[] {
  const subject = ofGroup(group);
  if (!commitsOffsets(group)) return [];
  if (!isKnown(group.lag)) return withoutLag(group);
  if (group.lastRewind === undefined) return [{ subject }];
  const open = group.partitions.flatMap(partition =>
    partition.events
      .filter(event => event.kind === 'rewind' && event.recovered === undefined)
      .map((event): Rewound => ({ partition, event })),
  );
  const byTool = open.every(({ event }) => event.state === 'Empty');
  const records = open.reduce((sum, { event }) => sum + event.records, 0);
  if (open.length === 0 || (byTool && records < limits.value('volume-lag'))) return [{ subject }];
  return [{ subject, finding: findingOf(group, open, records, byTool, snapshot, limits), ...since(open) }];
}

function since(open: readonly Rewound[]): Pick<Judgement, 'heldSince'> {
  return { heldSince: { at: Math.min(...open.map(({ event }) => event.at)), bound: false } };
}

function findingOf(
  group: GroupView,
  open: readonly Rewound[],
  records: number,
  byTool: boolean,
  snapshot: Snapshot,
  limits: Limits,
): Finding {
  const many = limits.compare('records read again', records, '≥', 'rewind-records');
  const consume = valueOf(group.consume);
  const traffic = limits.compare(
    'the same ÷ consumption',
    consume === undefined || consume === 0 ? undefined : records / consume,
    '≥',
    'rewind-traffic',
  );
  const partitions = [...new Set(open.map(o => o.partition))];
  const isLarge = many.holds === true || traffic.holds === true;
  return {
    rule: groupRewind.id,
    subject: ofGroup(group),
    verdict: 'rewound',
    severity: byTool ? 'info' : isLarge ? 'critical' : 'warning',
    sentence: `${byTool ? 'was set back without members' : 'went back behind its commits'} in ${named(partitions)}`,
    consequence: `${count(records)} records are read again, ${lagNow(group)}`,
    ...weigh(0.8, [
      {
        what: 'state of the group then',
        holds: open.some(o => o.event.state === undefined) ? 'unknown' : true,
        by: 0.1,
      },
      { what: 'rebalances at the same time', holds: isNearRebalance(group, open), by: 0.05 },
    ]),
    evidence: [
      ...open
        .slice(0, 5)
        .map(({ partition: { topic, partition }, event }) =>
          statement(
            `commit of ${topic}/${partition}, ${duration(snapshot.at - event.at)} ago`,
            `${event.from} → ${event.to}`,
            'never lower',
            'Burrow: REWIND',
            true,
            { measured: event.to, limit: event.from, unit: 'records' },
          ),
        ),
      many,
      traffic,
    ],
    unchecked: ['which member made the commit: the protocol does not tell'],
    falsifier: 'someone set the offsets back on purpose, while the group ran',
    remedies: [],
    byHand: describeMembers(group, snapshot),
    advice: byTool ? [] : [commitForward(group.group)],
    explains: [{ rule: 'group-lag', subject: { kind: 'group', id: group.id } }],
  };
}

function isNearRebalance({ rebalances }: GroupView, open: readonly Rewound[]): boolean {
  return rebalances.recent.some(r => open.some(({ event }) => Math.abs(event.at - r.at) <= 30_000));
}
