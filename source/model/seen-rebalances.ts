import type { Millis } from '../core/clock.js';
import type { Known } from '../core/known.js';
import { mergeWithin } from './episodes.js';
import { OnDemand } from './on-demand.js';
import type { Held } from './pressed.js';
import { patternOf } from './rebalance-pattern.js';
import type { Episode, MemberMove } from './rebalance-record.js';
import type { MemberChurn, Rebalance, RebalanceReason, RebalanceView } from './rebalance-view.js';

const hour: Millis = 3_600_000;
const tenMinutes: Millis = 600_000;
const shownEpisodes = 20;
const shownMembers = 20;
const namedAtMost = 4;
/** `scheduled.rebalance.max.delay.ms` of Connect's workers, by default. */
const connectDelay: Millis = 300_000;
/** Who is back within this time was restarted. */
const backWithin: Millis = 600_000;

/** Of one moment, beside the view: what its pattern and its churn can be made of, and the share that was busy. */
export type RebalancesKept = {
  readonly episodes: Held<readonly Episode[]>;
  readonly changes: Held<readonly MemberMove[]>;
  readonly share: Known<number>;
};

/** Rebalances as they were told at a past moment, from which what is made on demand was left out. */
export function pastRebalances(
  told: Told,
  { episodes, changes, share }: RebalancesKept,
  at: Millis,
): RebalanceView {
  const parts = { episodes: episodes.value, changes: changes.value, share: () => share };
  return new SeenRebalances(told, parts, at);
}

type Told = Omit<RebalanceView, 'pattern' | 'churn' | 'returns' | 'busyShare' | 'last'> & {
  readonly last?: Millis | undefined;
};

type Parts = {
  readonly episodes: readonly Episode[];
  readonly changes: readonly MemberMove[];
  readonly share: () => Known<number>;
};

/** Rebalances as of one moment: what says why, who and how they hang together is made when it is read. */
export class SeenRebalances extends OnDemand implements RebalanceView {
  readonly total: number;
  readonly lastHour: number;
  declare readonly last?: Millis;
  readonly since: Millis;
  readonly recent: readonly Rebalance[];
  readonly lastTenMinutes: number;
  readonly completed: Known<number>;
  readonly #parts: Parts;
  readonly #at: Millis;
  #pattern: RebalanceView['pattern'] | undefined;
  #churn: RebalanceView['churn'] | undefined;
  #returns: number | undefined;
  #busyShare: RebalanceView['busyShare'] | undefined;

  constructor(told: Told, parts: Parts, at: Millis) {
    super();
    this.total = told.total;
    this.lastHour = told.lastHour;
    if (told.last !== undefined) this.last = told.last;
    this.since = told.since;
    this.recent = told.recent;
    this.lastTenMinutes = told.lastTenMinutes;
    this.completed = told.completed;
    this.#parts = parts;
    this.#at = at;
  }

  get pattern(): RebalanceView['pattern'] {
    return (this.#pattern ??= patternOf(this.#parts.episodes, this.#at));
  }

  get churn(): RebalanceView['churn'] {
    return (this.#churn ??= churnOf(this.#parts.changes, this.#at));
  }

  get returns(): number {
    return (this.#returns ??= returnsOf(this.#parts.changes, this.#at));
  }

  get busyShare(): RebalanceView['busyShare'] {
    return (this.#busyShare ??= this.#parts.share());
  }
}

/** The newest episodes, each with why it was. */
export function shownOf(episodes: readonly Episode[], kind: 'consumers' | 'workers'): readonly Rebalance[] {
  const first = Math.max(0, episodes.length - shownEpisodes);
  return episodes.slice(first).map(episode => {
    const { at, latest, what, left, joined, seconds, times } = episode;
    const reason = reasonOf(episode, episodes, kind);
    return {
      at,
      what: summary(what),
      reason,
      joined,
      left,
      times,
      ...(latest - at > mergeWithin && { until: latest }),
      ...(seconds !== undefined && { seconds }),
      ...(reason === 'worker-lost' && { waitsUntil: at + connectDelay }),
    };
  });
}

function summary(what: readonly string[]): string {
  const rest = what.length - namedAtMost;
  return what.slice(0, namedAtMost).join(', ') + (rest > 0 ? `, … ${rest} more` : '');
}

/** Of what members do not explain, in the order in which it says most. */
const otherReasons: readonly RebalanceReason[] = [
  'assignor',
  'partitions-added',
  'subscription',
  'tasks-changed',
  'coordinator',
  'static-return',
  'by-metrics',
];

function reasonOf(episode: Episode, all: readonly Episode[], kind: 'consumers' | 'workers'): RebalanceReason {
  const { at, latest, left, joined, reasons, size } = episode;
  if (reasons.includes('coordinator') && left.length > 0 && left.length >= size) return 'coordinator';
  if (left.length > 0) {
    const after = all.filter(e => e.at >= at && e.at <= latest + backWithin).flatMap(e => e.joined);
    if (left.every(member => after.includes(member))) return 'restarted';
    if (joined.length >= left.length && !left.some(member => after.includes(member))) return 'replaced';
    return kind === 'workers' ? 'worker-lost' : 'left';
  }
  if (joined.length > 0) {
    const before = all.filter(e => e.at < at && e.latest >= at - backWithin).flatMap(e => e.left);
    return joined.every(member => before.includes(member)) ? 'restarted' : 'joined';
  }
  return otherReasons.find(reason => reasons.includes(reason)) ?? 'unknown';
}

function churnOf(changes: readonly MemberMove[], at: Millis): readonly MemberChurn[] {
  return churned(changes.filter(c => c.at > at - hour))
    .sort((a, b) => b.left - a.left || b.last - a.last || (a.member < b.member ? -1 : 1))
    .slice(0, shownMembers);
}

function returnsOf(changes: readonly MemberMove[], at: Millis): number {
  const lately = changes.filter(c => c.at > at - tenMinutes && !c.isStatic);
  return Math.max(0, ...churned(lately).map(churn => churn.returned));
}

/** Who came and was not seen to leave is not counted. */
function churned(changes: readonly MemberMove[]): MemberChurn[] {
  const members = new Map<string, { left: number; returned: number; last: Millis }>();
  for (const { at: when, member, came } of changes) {
    const seenBefore = members.get(member);
    if (came && seenBefore === undefined) continue;
    const { left, returned } = seenBefore ?? { left: 0, returned: 0 };
    members.set(
      member,
      came ? { left, returned: returned + 1, last: when } : { left: left + 1, returned, last: when },
    );
  }
  return [...members].map(([member, churn]) => ({ member, ...churn }));
}
