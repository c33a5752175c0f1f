import type { Millis } from '../../core/clock.js';
import { duration } from '../../core/units.js';
import type { Rebalance } from '../../model/snapshot.js';
import { median } from '../../model/trend.js';
import { statement } from '../evidence.js';
import type { Evidence } from '../finding.js';
import { listed } from './make.js';
import type { Cure, Restless } from './restless.js';

/** Who makes the rebalances, which cause is likely, and what would cure that. */
export type Cause = {
  readonly who: string;
  /** `, likely …`; empty where nothing tells. */
  readonly likely: string;
  readonly evidence: readonly Evidence[];
  readonly cures: readonly Cure[];
};

/** `max.poll.interval.ms` by default, less what a poll of kmon may miss. */
const pollInterval: Millis = 280_000;
/** Who is away for longer was started anew; a consumer that was removed joins again by itself, and sooner. */
const startTime: Millis = 10_000;

/** The signs that need no member: they say why all by themselves. */
const byReason: Partial<Record<Rebalance['reason'], string>> = {
  assignor: 'members list different assignors, and the group changes between them',
  coordinator: 'its coordinator moves from broker to broker',
  subscription: 'members change what they subscribe to',
  'tasks-changed': 'connectors are configured anew again and again',
};

export function causeOf(group: Restless, lately: readonly Rebalance[], at: Millis): Cause {
  const [reason, times] = mostFrequent(lately);
  const told = reason === undefined || times < 2 ? undefined : byReason[reason];
  if (told !== undefined)
    return {
      who: `${times} of them because `,
      likely: told,
      evidence: [
        statement(
          'why, of most',
          `${reason}: ${times} of ${lately.length}`,
          '≥ 2',
          'what two looks differ in',
          true,
        ),
      ],
      cures: reason === 'assignor' ? ['cooperative'] : [],
    };
  const restless = group.rebalances.churn.filter(c => c.left >= 2);
  const [worst] = restless;
  if (worst === undefined)
    return { who: 'by others each time', likely: '', evidence: [], cures: ['static', 'cooperative'] };
  const stays = group.rebalances.pattern.of - restless.length;
  const habit = habitOf(worst.member, lately, at);
  const { likely, cures } = likelyOf(group, habit, stays);
  return {
    who:
      restless.length === 1
        ? `${worst.member} left ${worst.left} times`
        : `${restless.length} ${group.of} come and go`,
    // Names may be long, and come last: what is likely must not be cut.
    likely: restless.length === 1 ? likely : `${likely}: ${listed(restless.map(c => c.member))}`,
    evidence: [
      statement(
        `${worst.member} left`,
        `${worst.left} times`,
        'once in a rolling restart',
        'by its name',
        true,
        {
          measured: worst.left,
          limit: 1,
          unit: 'count',
        },
      ),
      statement(
        'it leaves every',
        duration(habit.every),
        'max.poll.interval.ms: 5m',
        'default of Kafka',
        habit.every === undefined ? 'unknown' : habit.every >= pollInterval,
      ),
      statement(
        'and is away for',
        duration(habit.away),
        '> 10s where it is started anew',
        'kmon default',
        habit.away === undefined ? 'unknown' : habit.away > startTime,
      ),
      statement('others that stay', String(Math.max(0, stays)), '≥ 1', 'by their names', stays > 0),
    ],
    cures,
  };
}

type Habit = { readonly every: Millis | undefined; readonly away: Millis | undefined };

/** How often one member leaves, and how long it is away: medians. */
function habitOf(member: string, rebalances: readonly Rebalance[], at: Millis): Habit {
  const leaves = rebalances.filter(r => r.left.includes(member)).map(r => r.at);
  const gaps = leaves.slice(1).map((time, i) => time - (leaves[i] ?? time));
  const absences = leaves.map(time => {
    const back = rebalances.find(r => r.at >= time && r.joined.includes(member));
    return (back?.at ?? at) - time;
  });
  return { every: median(gaps), away: median(absences) };
}

function likelyOf(
  { of }: Restless,
  { every, away }: Habit,
  stays: number,
): { readonly likely: string; readonly cures: readonly Cure[] } {
  if (of === 'workers')
    return {
      likely: '; likely missed heartbeats (session.timeout.ms, 10 s for workers), or restarts',
      cures: ['session-timeout'],
    };
  if (stays <= 0)
    return {
      likely: '; likely the way to the brokers, or a crash that all share',
      cures: ['session-timeout', 'static'],
    };
  if (away !== undefined && away > startTime)
    return {
      likely: '; likely a crash loop: it is started anew each time',
      cures: ['static', 'cooperative'],
    };
  if (every !== undefined && every >= pollInterval)
    return {
      likely: '; likely max.poll.interval.ms: it works longer on a batch',
      cures: ['poll-interval', 'cooperative'],
    };
  return {
    likely: '; likely missed heartbeats (GC, CPU, network), or restarts',
    cures: ['session-timeout', 'static', 'cooperative'],
  };
}

function mostFrequent(rebalances: readonly Rebalance[]): [Rebalance['reason'] | undefined, number] {
  const counts = new Map<Rebalance['reason'], number>();
  for (const { reason } of rebalances) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most ?? [undefined, 0];
}
