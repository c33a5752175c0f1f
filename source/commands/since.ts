import type { Millis } from '../core/clock.js';
import { isKnown, valueOf, type Known } from '../core/known.js';
import { count, plural } from '../core/units.js';
import type { Limits } from '../diagnose/limits.js';
import type { FlowView, GroupView } from '../model/snapshot.js';
import { withConsequences } from '../session/consequences.js';
import { flowLag, groupLag, isLagless, type Interval, type Mark } from '../session/mark.js';
import { flowSince, groupSince, isNew, type Change, type Seen } from '../session/since.js';
import type { View } from '../session/view.js';
import type { SinceReport } from './verdict/since-shape.js';

/** What a check compares with, and where that comes from. */
export type Comparison = {
  readonly mark: Mark;
  readonly from: SinceReport['from'];
  readonly limits: Limits;
};

type Subject = SinceReport['changes'][number]['subject'];
type Lag = NonNullable<SinceReport['changes'][number]['lag']>;

/** What could not be compared. `required` where silence about it must not be taken for ok. */
export type Uncompared = {
  readonly what: string;
  readonly reason: string;
  readonly next: string;
  readonly required: boolean;
};

export type Compared = { readonly report: SinceReport; readonly uncompared: readonly Uncompared[] };

/** Everything that is shown now, beside what it was at the mark. */
export function compare(view: View, comparison: Comparison): Compared {
  const { mark, from } = comparison;
  const now = view.findings.flatMap(withConsequences);
  const lines = [
    ...view.snapshot.flows.map(flow => flowLine(flow, view.at, comparison)),
    ...view.snapshot.groups.map(group => groupLine(group, comparison)),
    ...gone(view, mark),
  ];
  return {
    report: {
      mark: { at: new Date(mark.at).toISOString(), label: mark.label ?? null },
      from,
      seconds: Math.round((view.at - mark.at) / 1000),
      newFindings: view.findings.filter(f => isNew(mark, f)).map(f => f.key),
      endedFindings: mark.baseline.findings.filter(f => now.every(n => n.key !== f.key)).map(f => f.key),
      changes: lines.map(line => line.change),
    },
    uncompared: [...unmarked(lines, comparison), ...lines.flatMap(line => line.uncompared), ...unseen(lines)],
  };
}

/** Where not all was seen at the mark, what it does not have may have been there all the same. */
function unmarked(lines: readonly Line[], { mark }: Comparison): readonly Uncompared[] {
  const fresh = lines.filter(({ change }) => change.is === 'new');
  if (mark.baseline.complete || fresh.length === 0) return [];
  return [
    {
      what: `what changed of ${fresh
        .map(({ change }) => change.subject.name)
        .slice(0, 3)
        .join(', ')}${fresh.length > 3 ? ', …' : ''}`,
      reason: 'not all flows and groups were seen at the mark',
      next: 'kmon mark waits until they are, and says what is not known: set the mark with it',
      required: true,
    },
  ];
}

/** One line for all whose rebalances may be more than what was seen of them. */
function unseen(lines: readonly Line[]): readonly Uncompared[] {
  const partly = lines.filter(({ change }) => change.rebalances?.all === false);
  const [first] = partly;
  if (first === undefined) return [];
  const { kind, name } = first.change.subject;
  return [
    {
      what:
        partly.length === 1
          ? `rebalances of ${kind} ${name}`
          : `rebalances of ${partly.length} flows and groups`,
      reason: 'kmon did not look all the time: those that changed nothing that lasts are not counted',
      next: 'kmon record, or the screen, beside the deployment sees all of them',
      required: false,
    },
  ];
}

type Line = {
  readonly change: SinceReport['changes'][number];
  readonly uncompared: readonly Uncompared[];
};

function flowLine(flow: FlowView, at: Millis, { mark, limits }: Comparison): Line {
  const then = mark.baseline.flows.find(one => one.id === flow.id);
  const subject = { kind: 'flow' as const, id: flow.id, name: flow.connector };
  const rates = {
    poll: { then: then?.poll ?? null, now: numberOf(flow.poll.now) },
    write: { then: then?.write ?? null, now: numberOf(flow.write.now) },
    arrival: { then: then?.arrival ?? null, now: numberOf(flow.arrival.now) },
  };
  const lagless = flow.kind !== 'mirror-source' || isLagless(flow.lag);
  return line(subject, limits, {
    then,
    since: flowSince(mark, flow, at),
    now: flowLag(flow),
    lagless,
    pace: rates.arrival,
    rates,
    parts: flow.tasks.length,
  });
}

function groupLine(group: GroupView, { mark, limits }: Comparison): Line {
  const then = mark.baseline.groups.find(one => one.id === group.id);
  const subject = { kind: 'group' as const, id: group.id, name: group.group };
  const rates = { consume: { then: then?.consume ?? null, now: numberOf(group.consume) } };
  return line(subject, limits, {
    then,
    since: groupSince(mark, group),
    now: groupLag(group),
    lagless: isLagless(group.lag),
    pace: rates.consume,
    rates,
    parts: valueOf(group.members)?.length ?? 1,
  });
}

type Sides = {
  readonly then: { readonly lag: Interval | null; readonly lagless?: true } | undefined;
  readonly since: { readonly lag?: Change; readonly rebalances?: Seen } | undefined;
  readonly now: Interval | null;
  readonly lagless: boolean;
  /** What lag is measured against, records/s. */
  readonly pace: { readonly then: number | null; readonly now: number | null };
  readonly rates: SinceReport['changes'][number]['rates'];
  /** Tasks or members: what rebalances. */
  readonly parts: number;
};

function line(subject: Subject, limits: Limits, sides: Sides): Line {
  const { then, since, now, lagless, rates } = sides;
  if (then === undefined || since === undefined)
    return {
      change: { subject, is: 'new', lag: null, rates, rebalances: null, worse: [] },
      uncompared: [],
    };
  const lag = lagless && then.lag === null ? null : lagOf(then.lag, now, since.lag, sides.pace, limits);
  const limit = limits.value('mark-rebalances') * Math.max(1, sides.parts);
  const rebalances = since.rebalances ? { ...since.rebalances, limit } : null;
  return {
    change: {
      subject,
      is: 'there',
      lag,
      rates,
      rebalances,
      worse: [
        ...(lag !== null && lag.least !== null && lag.least > lag.limit
          ? [`lag grew by ${bound(lag)}${count(lag.least)}, to ${count(lag.now?.high)}`]
          : []),
        ...(rebalances !== null && rebalances.seen > rebalances.limit
          ? [`${plural(rebalances.seen, 'rebalance')} since then`]
          : []),
      ],
    },
    uncompared: [
      ...lagUncompared(subject, lag, then.lagless === true),
      ...rebalancesUncompared(subject, since.rebalances),
    ],
  };
}

function lagOf(
  then: Interval | null,
  now: Interval | null,
  change: Change | undefined,
  pace: Sides['pace'],
  limits: Limits,
): Lag {
  const perSecond = Math.max(0, pace.then ?? 0, pace.now ?? 0);
  const limit = Math.max(limits.value('mark-lag-records'), limits.value('mark-lag-time') * perSecond);
  return { then, now, least: change?.least ?? null, most: change?.most ?? null, limit: Math.round(limit) };
}

function bound({ least, most }: Lag): string {
  return least === most ? '' : 'at least ';
}

function lagUncompared({ kind, name }: Subject, lag: Lag | null, wasLagless: boolean): readonly Uncompared[] {
  if (lag === null) return [];
  const what = `growth of lag of ${kind} ${name}`;
  const blocking = (reason: string, next: string): readonly Uncompared[] => [
    { what, reason, next, required: true },
  ];
  // It commits for the first time, or there is lag to tell for the first time: nothing that it could have grown from.
  if (lag.then === null && wasLagless) return [];
  if (lag.then === null)
    return blocking('it was not known at the mark', 'kmon mark waits until it is: set the mark with it');
  if (lag.now === null) return blocking('it is not known now', 'kmon lag says why');
  const { least, most, limit } = lag;
  if (least === null || most === null || least > limit || most <= limit) return [];
  return blocking(
    `it may have grown by up to ${count(most)}, and more than ${count(limit)} would be worse`,
    'watch until the flow flushes its offsets: --for 90s',
  );
}

function rebalancesUncompared({ kind, name }: Subject, seen: Seen | undefined): readonly Uncompared[] {
  if (seen !== undefined) return [];
  return [
    {
      what: `rebalances of ${kind} ${name}`,
      reason: 'its members are not known, then or now',
      next: 'kmon doctor says what is missing',
      required: true,
    },
  ];
}

/** What was there at the mark and is not any more. */
function gone({ snapshot }: View, { baseline }: Mark): readonly Line[] {
  const missing = (
    kind: Subject['kind'],
    then: readonly { id: string }[],
    now: readonly { id: string }[],
  ): Line[] =>
    then
      .filter(one => now.every(({ id }) => id !== one.id))
      .map(({ id }) => ({
        change: {
          subject: { kind, id, name: id },
          is: 'gone',
          lag: null,
          rates: {},
          rebalances: null,
          worse: ['it was there at the mark, and is not now'],
        },
        uncompared: [],
      }));
  return [
    ...missing('flow', baseline.flows, snapshot.flows),
    ...missing('group', baseline.groups, snapshot.groups),
  ];
}

function numberOf(known: Known<number>): number | null {
  return isKnown(known) ? Math.round(known.value * 100) / 100 : null;
}
