import type { Millis } from '../../core/clock.js';
import { valueOf } from '../../core/known.js';
import { count, duration } from '../../core/units.js';
import type { CommitEvent, GroupPartitionView, GroupView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { perSecond, statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofGroup } from '../subject.js';
import { commitAfterWork } from './durable-advice.js';
import { describeGroup } from './kafka-command.js';
import { isNews, listed, made } from './make.js';

const description: Description = {
  what: 'Did a group pass over records without reading them?',
  formula: `
jump      ΔC > 3 × the fastest pace that was seen of it, and of arrival; 1,000 records at least, which lay there when C
          was last seen; and the new C is the end of the log, or its start (±1), or the group had no members
skipped   ΔC − what it could have read in that time
warning   it had members: auto.offset.reset=latest after an offset out of range, or seekToEnd in the application
info      to the end, by ≤ 500,000 records/s of the group: a question, for members that nothing holds back any more read as fast
info      it had no members: an operator's tool, or MirrorMaker 2's sync.group.offsets, set it`,
  thresholds: ['jump-pace', 'event-shown'],
  needs: [
    { fact: 'committed', without: 'blind' },
    { fact: 'offsets', without: 'blind' },
    { fact: 'described', without: 'less-sure' },
  ],
  traps: [
    'Who is at the end reads a burst as fast as it comes. Measured: a flow that could read its source again wrote twice as fast as usual after a minute of nothing, and its readers followed. Nothing had lain there, so nothing was passed over.',
    'A first catching up of unheard-of pace ends at the end of the log, too, and looks the same: hence never more than medium confidence. Measured: a member that was slow no longer worked off 24,800 records of 500 B between two looks, 2 s apart: 12,600 records/s; and a group of three that was no longer slow 141,000: 70,000 records/s.',
    'Members that have just come, or were rewound, work off a backlog at whatever pace: for two minutes after it only a leap out of removed records is told. Measured: a group that had gone back read the last 15,000 records in two seconds, once nothing held it back.',
    'The start of a share group leaps by itself: records are acknowledged in any order, and it goes on when the last before it is.',
    'Whether a group commits ahead of its work cannot be told from its cadence: commits every 5 s are the default of enable.auto.commit, and prove nothing.',
  ],
  wrongIf: ['the group worked off these records faster than ever before'],
  remedies: ['reset the offsets to before the jump, if the records matter'],
};

export const commitJump: Rule = {
  id: 'commit-jump',
  fireAfter: 15_000,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => snapshot.groups.map(group => judgeGroup(group, snapshot, limits)),
};

function judgeGroup(group: GroupView, snapshot: Snapshot, limits: Limits): Judgement {
  const subject = ofGroup(group);
  const { at } = snapshot;
  if (!isNews(group.befell.jumps.last, at, limits)) return { subject };
  const jumps = group.partitions.flatMap(p =>
    p.events
      .filter(
        e =>
          e.kind === 'jump' && isNews(e.at, at, limits) && !catchesUp(group, p, e) && !isHandedOut(group, e),
      )
      .map(event => ({ p, event })),
  );
  if (jumps.length === 0) return { subject };
  const records = jumps.reduce((sum, { event }) => sum + event.records, 0);
  const byTool = jumps.every(({ event }) => event.state === 'Empty');
  const pace = paceOf(jumps.map(({ event }) => event));
  const states = jumps.some(({ event }) => event.state !== undefined);
  const names = jumps.map(({ p }) => `${p.topic}/${p.partition}`);
  const toStart = jumps.every(({ p, event }) => Math.abs(event.to - (valueOf(p.start) ?? NaN)) <= 1);
  const [first] = jumps;
  const plausible = limits.compare('pace of the group', pace, '≤', 'jump-pace');
  const mayHaveRead = !toStart && plausible.holds === true;
  const told = byTool ? setForward : mayHaveRead ? leapt : jumped;
  return {
    subject,
    finding: made(commitJump.id, subject, {
      ...told({
        records: count(records),
        names: listed(names),
        end: toStart ? 'start' : 'end',
        pace: perSecond(pace),
      }),
      ...weigh(0.5, [
        { what: 'state of the group at that time', holds: states ? true : 'unknown', by: 0.1 },
        { what: 'that an operator set it', holds: byTool, by: 0.3 },
        { what: 'a log start that it could have fallen behind', holds: toStart, by: 0.15 },
      ]),
      evidence: [
        ...(byTool ? [] : [plausible]),
        ...jumps
          .slice(0, 5)
          .map(({ p, event }) =>
            statement(
              `${p.topic}/${p.partition}, ${duration(at - event.at)} ago`,
              `${event.from} → ${event.to}`,
              'three times the pace that was seen of it',
              'committed offsets',
              true,
              { measured: event.records, unit: 'records' },
            ),
          ),
      ],
      unchecked: ['whether it read them: brokers do not tell who fetched what'],
      falsifier: 'the group worked them off faster than ever before, or another consumer read them',
      remedies: [
        {
          action: 'reset-offsets',
          cures: true,
          note: 'back to where it was: what it passed over is read, as far as it is still there',
        },
      ],
      byHand: [
        describeGroup(group, snapshot),
        `# read them again: --reset-offsets --topic ${first?.p.topic ?? '<topic>'}:${first?.p.partition ?? 0} --to-offset ${first?.event.from ?? 0} --dry-run`,
      ],
      advice: byTool ? [] : [commitAfterWork(group.group)],
    }),
  };
}

type Leap = { readonly records: string; readonly names: string; readonly end: string; readonly pace: string };
type Told = Pick<Finding, 'severity' | 'verdict' | 'sentence' | 'consequence'>;

function setForward({ records, names }: Leap): Told {
  return {
    severity: 'info',
    verdict: 'set-forward',
    sentence: `its offsets were set forward by ${records} records while it had no members: ${names}`,
    consequence: 'what lies between is not read',
  };
}

function leapt({ records, names, pace }: Leap): Told {
  return {
    severity: 'info',
    verdict: 'leapt',
    sentence: `it came to the end over ${records} records at ${pace}, faster than ever before: read, or passed over? ${names}`,
    consequence: 'a question, and no loss yet',
  };
}

function jumped({ records, names, end }: Leap): Told {
  return {
    severity: 'warning',
    verdict: 'jumped',
    sentence: `its commits leapt to the ${end} of the log over ${records} records: ${names}`,
    consequence: `${records} records passed over, unless it read them`,
  };
}

/** Records a second over the time in which all of these happened; undefined where that is not known. */
function paceOf(jumps: readonly CommitEvent[]): number | undefined {
  const from = Math.min(...jumps.map(({ at, within }) => at - (within ?? NaN)));
  const to = Math.max(...jumps.map(({ at }) => at));
  const records = jumps.reduce((sum, jump) => sum + jump.records, 0);
  return to > from ? (records / (to - from)) * 1000 : undefined;
}

/** A share group with members has its records handed out one by one: none is passed over. */
function isHandedOut({ type }: GroupView, { state }: CommitEvent): boolean {
  return type === 'share' && state !== 'Empty';
}

/** So long after members came, or went back, a backlog is worked off at whatever pace, ms. */
const afterStart = 120_000;

/** Members that have just come, or went back, work off what waited for them; unless what they would begin with is gone. */
function catchesUp(
  { rebalances }: GroupView,
  { start, events }: GroupPartitionView,
  { at, from }: CommitEvent,
): boolean {
  const isSoonAfter = (then: Millis): boolean => at - then >= -10_000 && at - then <= afterStart;
  const came = rebalances.recent.some(r => r.joined.length > 0 && isSoonAfter(r.at));
  const wentBack = events.some(e => e.kind === 'rewind' && isSoonAfter(e.at));
  return (came || wentBack) && !((valueOf(start) ?? NaN) > from);
}
