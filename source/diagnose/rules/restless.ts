import type { Millis } from '../../core/clock.js';
import { valueOf } from '../../core/known.js';
import { duration, percent, plural } from '../../core/units.js';
import type { Rebalance, RebalanceView } from '../../model/snapshot.js';
import { weigh, weight } from '../confidence.js';
import { perSecond, statement } from '../evidence.js';
import type { Finding } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Judgement } from '../rule.js';

import { causeOf } from './rebalance-causes.js';

/** A group of consumers or of workers, as far as its rebalances are concerned. */
export type Restless = {
  readonly of: 'members' | 'workers';
  readonly rebalances: RebalanceView;
  /** How many there are now; absent where not known. */
  readonly size?: number;
  /** Whether it was found rebalancing at the last look. */
  readonly isBusy: boolean;
  /** How many partitions, or tasks, and which of them one rebalance stops. */
  readonly partitions: number;
  readonly stops: 'all' | 'those that move' | 'unknown';
  readonly consumed?: number;
  readonly arrival?: number;
};

/** What is said of it; the rules add whom it is about, what follows, and what to do. */
export type Restlessness = Pick<
  Finding,
  'verdict' | 'severity' | 'sentence' | 'consequence' | 'confidence' | 'certainty' | 'raise' | 'evidence'
> &
  Pick<Judgement, 'keepsOnly' | 'heldSince' | 'fireAfter'> & {
    /** Which advice fits. */
    readonly cures: readonly Cure[];
    /** Set where what follows is expected, and until when. */
    readonly excusesUntil?: Millis;
  };

export type Cure = 'poll-interval' | 'session-timeout' | 'cooperative' | 'static';

const tenMinutes: Millis = 600_000;
const halfHour: Millis = 1_800_000;
/** What was not followed by another rebalance for so long is over. */
const over: Millis = 300_000;

/** Whether there is nothing to say: so it is of most, and what they consume need not be looked at. */
export function isQuiet(
  { rebalances, isBusy }: Pick<Restless, 'rebalances' | 'isBusy'>,
  limits: Limits,
): boolean {
  const { lastHour, lastTenMinutes } = rebalances;
  return lastTenMinutes === 0 && lastHour <= limits.value('rebalances-hour') && !isBusy;
}

/** The worst that there is to say. */
export function restlessness(group: Restless, at: Millis, limits: Limits): Restlessness | undefined {
  if (isQuiet(group, limits)) return undefined;
  // Who is gone now comes before what others did: a worker that comes and goes is back, and is none of these.
  const gone = workerLost(group, at);
  if (gone !== undefined) return gone;
  const stormy = storm(group, at, limits);
  if (stormy?.keepsOnly === undefined && stormy !== undefined) return stormy;
  return longOne(group, at, limits) ?? deployment(group, at) ?? frequent(group, at, limits) ?? stormy;
}

/** Episodes of the last ten minutes, one that only began before them among these. */
function lateOf({ recent }: RebalanceView, at: Millis): readonly Rebalance[] {
  return recent.filter(r => (r.until ?? r.at) > at - tenMinutes);
}

function storm(group: Restless, at: Millis, limits: Limits): Restlessness | undefined {
  const { rebalances } = group;
  const { lastTenMinutes: count, returns } = rebalances;
  const { count: together, of, left, since } = rebalances.pattern;
  const lately = lateOf(rebalances, at);
  const many = limits.compare('rebalances in 10m', count, '≥', 'storm-rebalances');
  const again = limits.compare('returns of one and the same in 10m', returns, '≥', 'storm-returns');
  const most = 2 * of + 2;
  const beyond = together > most;
  const causeless = left === 0 && lately.filter(isCauseless).length >= limits.value('storm-rebalances');
  if (count < 2 || (again.holds !== true && !beyond && !causeless)) return undefined;
  const busy = limits.compare(
    'share of 10m spent rebalancing',
    valueOf(rebalances.busyShare),
    '≥',
    'rebalancing-share',
  );
  const longest = limits.compare('longest rebalance', longestOf(lately), '≥', 'rebalance-stuck');
  const flood = limits.compare('rebalances in 10m', count, '≥', 'storm-critical');
  const starved = limits.compare('consumption ÷ arrival', taken(group), '<', 'consume-short');
  const severe = [flood, busy, longest].some(e => e.holds === true);
  const cause = causeOf(group, lately, at);
  return {
    verdict: 'storm',
    severity: severe && starved.holds === true ? 'critical' : 'warning',
    sentence: `rebalance storm: ${count} in 10m, ${cause.who}${cause.likely}`,
    consequence: costOf(group, count),
    ...weigh(0.6, [
      { ...weight(again, 0.2), what: 'the same members come and go' },
      { what: 'more rebalances than restarts explain', holds: beyond, by: 0.1 },
      { what: 'state of the group, often enough', holds: busy.holds, by: 0.1 },
      { what: 'consumption', holds: starved.holds, by: 0.05 },
    ]),
    evidence: [
      many,
      again,
      statement(
        'rebalances that belong together',
        String(together),
        `> 2 × ${of} + 2`,
        'a rolling restart of all makes no more',
        beyond,
        { measured: together, limit: most, unit: 'count' },
      ),
      flood,
      busy,
      longest,
      starved,
      ...cause.evidence,
    ],
    cures: cause.cures,
    ...(many.holds !== true && { keepsOnly: true }),
    ...(since !== undefined && { heldSince: { at: since, bound: false } }),
    fireAfter: 0,
  };
}

/** Rebalances for which nobody came or went, and for which there is a reason all the same. */
const explained: ReadonlySet<Rebalance['reason']> = new Set([
  'static-return',
  'partitions-added',
  'tasks-changed',
]);

/** Nobody came or went, and nothing else tells why. */
function isCauseless({ joined, left, reason }: Rebalance): boolean {
  return joined.length + left.length === 0 && !explained.has(reason);
}

function longOne(group: Restless, at: Millis, limits: Limits): Restlessness | undefined {
  const { recent } = group.rebalances;
  const last = recent[recent.length - 1];
  if (last === undefined || !group.isBusy || last.seconds !== undefined) return undefined;
  const lasts = (at - last.at) / 1000;
  const long = limits.compare('time in this rebalance', lasts, '≥', 'rebalance-long');
  if (long.holds !== true) return undefined;
  const stuck = limits.compare('time in this rebalance', lasts, '≥', 'rebalance-stuck');
  return {
    verdict: 'long-rebalance',
    severity: stuck.holds === true ? 'critical' : 'warning',
    sentence: `rebalances for ${duration(at - last.at)}: ${last.what}`,
    consequence: 'nobody consumes until every member has joined again',
    ...weigh(0.85, []),
    evidence: [long, stuck],
    cures: ['poll-interval'],
    heldSince: { at: last.at, bound: false },
    fireAfter: 0,
  };
}

function workerLost({ rebalances: { recent, pattern } }: Restless, at: Millis): Restlessness | undefined {
  const last = recent.filter(r => r.reason === 'worker-lost').at(-1);
  if (last?.waitsUntil === undefined || at >= last.waitsUntil || pattern.kind === 'rolling-restart')
    return undefined;
  const gone = last.left.join(', ');
  return {
    verdict: 'worker-lost',
    severity: 'warning',
    sentence: `worker ${gone} is gone since ${duration(at - last.at)}`,
    consequence: `its tasks rest up to ${duration(last.waitsUntil - at)} more, in case it returns`,
    ...weigh(0.8, [{ what: 'scheduled.rebalance.max.delay.ms of the workers', holds: 'unknown', by: 0.1 }]),
    evidence: [
      statement('worker', gone, 'not a member', 'members of the worker group', true),
      statement(
        'delay of Connect',
        duration(last.waitsUntil - last.at),
        'scheduled.rebalance.max.delay.ms',
        'default of Kafka; the setting cannot be read',
        'unknown',
      ),
    ],
    cures: ['session-timeout'],
    excusesUntil: last.waitsUntil,
    heldSince: { at: last.at, bound: false },
    fireAfter: 40_000,
  };
}

/** For information alone: it makes what follows from it expected. */
function deployment({ of: who, rebalances }: Restless, at: Millis): Restlessness | undefined {
  const { pattern, last, recent } = rebalances;
  if (last === undefined || at - last > over) return undefined;
  const { kind, left, returned, of, count } = pattern;
  if (kind !== 'rolling-restart' && kind !== 'scaling') return undefined;
  const lately = recent.filter(r => r.at >= (pattern.since ?? last));
  const came = lately.reduce((n, r) => n + r.joined.length, 0);
  const what =
    kind === 'rolling-restart'
      ? `rolling restart: ${returned} of ${of} ${who} are back`
      : left > 0
        ? `${plural(left, who.slice(0, -1))} left and none came`
        : `${plural(came, who.slice(0, -1))} came and none left`;
  const isExpected = kind === 'rolling-restart' || left === 0;
  return {
    verdict: kind,
    severity: 'info',
    sentence: what,
    consequence: isExpected
      ? 'partitions change hands meanwhile: what follows from that is expected'
      : 'the others take what they had',
    ...weigh(0.8, []),
    evidence: [
      statement(
        'left, and came back or were replaced',
        `${left}, ${returned}`,
        'each once',
        'by names',
        true,
      ),
      statement('rebalances', String(count), `≤ 2 × ${of} + 2`, 'a restart of each', true, {
        measured: count,
        limit: 2 * of + 2,
        unit: 'count',
      }),
    ],
    cures: kind === 'rolling-restart' ? ['static', 'cooperative'] : ['cooperative'],
    ...(isExpected && { excusesUntil: last + over }),
    ...(pattern.since !== undefined && { heldSince: { at: pattern.since, bound: false } }),
    fireAfter: 0,
  };
}

/** Not a storm, but all day long. */
function frequent(group: Restless, at: Millis, limits: Limits): Restlessness | undefined {
  const { rebalances } = group;
  const { kind } = rebalances.pattern;
  if (kind === 'rolling-restart' || kind === 'scaling' || at - rebalances.since < halfHour) return undefined;
  // A job that comes and goes alone disturbs nobody.
  if (group.size === 1) return undefined;
  const many = limits.compare('rebalances in the last hour', rebalances.lastHour, '>', 'rebalances-hour');
  const [worst] = rebalances.churn;
  const returns = limits.compare('returns of one and the same', worst?.returned, '≥', 'storm-returns');
  if (many.holds !== true || returns.holds !== true) return undefined;
  const cause = causeOf(group, rebalances.recent, at);
  return {
    verdict: 'frequent',
    severity: 'warning',
    sentence: `rebalances ${rebalances.lastHour} times an hour, ${cause.who}${cause.likely}`,
    consequence: costOf(group, rebalances.lastTenMinutes),
    ...weigh(0.7, [weight(returns, 0.1)]),
    evidence: [many, returns, ...cause.evidence],
    cures: cause.cures,
  };
}

function longestOf(rebalances: readonly Rebalance[]): number | undefined {
  const seconds = rebalances.flatMap(r => r.seconds ?? []);
  return seconds.length === 0 ? undefined : Math.max(...seconds);
}

function taken({ consumed, arrival }: Restless): number | undefined {
  return consumed === undefined || arrival === undefined || arrival === 0 ? undefined : consumed / arrival;
}

/** `60 partition-stops in 10m, consumes 120/s of 1.20k/s`. */
function costOf(group: Restless, count: number): string {
  const { stops, partitions, consumed, arrival, of } = group;
  const what = of === 'workers' ? 'task' : 'partition';
  const stopped =
    stops === 'all'
      ? `${count * partitions} ${what}-stops in 10m`
      : stops === 'unknown'
        ? `${what}s stop at each`
        : `${what}s that move stop at each`;
  const share = taken(group);
  const flow =
    share === undefined
      ? ''
      : `, consumes ${perSecond(consumed)} of ${perSecond(arrival)} (${percent(share)})`;
  return stopped + flow;
}
