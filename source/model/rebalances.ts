import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { seen, unknown, type Known } from '../core/known.js';
import { Episodes, mergeWithin } from './episodes.js';
import { OnDemand } from './on-demand.js';
import { Holder, type Held } from './pressed.js';
import { patternOf } from './rebalance-pattern.js';
import { isQuiet, type Signs } from './rebalance-signs.js';
import type { MemberChurn, Rebalance, RebalanceReason, RebalanceView } from './rebalance-view.js';

const hour: Millis = 3_600_000;
const tenMinutes: Millis = 600_000;
const keptEpisodes = 200;
const shownEpisodes = 20;
const shownMembers = 20;
const namedAtMost = 4;
const keptIntervals = 64;
/** A share of less time than this says nothing. */
const leastLooked: Millis = 60_000;
/** A scrape and its window may lie this far behind what the group itself shows. */
const metricsLag: Millis = 60_000;
/** `scheduled.rebalance.max.delay.ms` of Connect's workers, by default. */
const connectDelay: Millis = 300_000;
/** Who is back within this time was restarted. */
export const backWithin: Millis = 600_000;

/** One episode as it was seen; it never changes, so that a snapshot may keep it. */
export type Episode = {
  readonly at: Millis;
  readonly latest: Millis;
  readonly what: readonly string[];
  readonly left: readonly string[];
  readonly joined: readonly string[];
  readonly reasons: readonly RebalanceReason[];
  /** The most members that there were. */
  readonly size: number;
  readonly sawBusy: boolean;
  readonly isOver: boolean;
  readonly seconds?: number;
  /** How many rebalances it is made of. */
  readonly times: number;
};

type Interval = { readonly from: Millis; readonly to: Millis };
type Change = {
  readonly at: Millis;
  readonly member: string;
  readonly came: boolean;
  /** A static member that came back as somebody else makes no rebalance. */
  readonly isStatic: boolean;
};

/**
 * The rebalances of one group. Signs within 30 s of each other are one episode (a cooperative rebalance takes two generations
 * for one change, a lost Connect worker is seen as unassigned tasks first and as moved ones later). Rebalances may also run into
 * each other; then an episode is as many of them as one and the same member left and came back.
 */
export class Rebalances {
  private readonly counted = new Episodes();
  private episodes: readonly Episode[] = [];
  private shown: readonly Rebalance[] | undefined;
  private hints: { readonly at: Millis; readonly reason: RebalanceReason; readonly what: string } | undefined;
  private size = 0;
  private busy: readonly Interval[] = [];
  private isBusy = false;
  private looked: Interval | undefined;
  private changes: readonly Change[] = [];
  private readonly rounds = new Rounds();
  private readonly counts = new Map<string, number>();
  private countedAt: Millis = NaN;
  private completed: Known<number>;
  private readonly keptEpisodes = new Holder<readonly Episode[]>();
  private readonly keptChanges = new Holder<readonly Change[]>();

  constructor(
    private readonly since: Millis,
    private readonly kind: 'consumers' | 'workers' = 'consumers',
  ) {
    const subject = 'completed rebalances';
    const why = kind === 'workers' ? 'no metrics of the workers tell them' : 'members do not tell theirs';
    this.completed = unknown(failure('absent', subject, why), since);
  }

  /** Returns whether an episode began. */
  signal(at: Millis, signs: Signs, size = this.size): boolean {
    this.noteChanges(at, signs);
    this.size = size;
    if (signs.what.length === 0) return false;
    const hint =
      this.hints !== undefined && Math.abs(at - this.hints.at) <= metricsLag ? this.hints : undefined;
    const what = hint === undefined ? signs.what : [...signs.what, hint.what];
    const reasons = hint === undefined ? signs.reasons : [...signs.reasons, hint.reason];
    const current = this.episodes[this.episodes.length - 1];
    // What the workers' own count told first, the group may show only now.
    const within = current?.reasons.includes('by-metrics') === true ? metricsLag : mergeWithin;
    const begins = this.counted.signal(at, within);
    if (begins) this.rounds.begin();
    const more = this.rounds.more(signs);
    for (let i = 0; i < more; i++) this.counted.again(at);
    if (begins || current === undefined)
      this.episodes = [
        ...this.episodes.slice(1 - keptEpisodes),
        {
          at,
          latest: at,
          what: [...new Set(what)],
          left: signs.left,
          joined: signs.joined,
          reasons,
          size,
          sawBusy: false,
          isOver: false,
          times: 1 + more,
        },
      ];
    else
      this.amend({
        latest: Math.max(at, current.latest),
        what: [...new Set([...current.what, ...what])],
        left: [...current.left, ...signs.left],
        joined: [...current.joined, ...signs.joined],
        reasons: [...new Set([...current.reasons, ...reasons])],
        size: Math.max(size, current.size),
        isOver: false,
        times: current.times + more,
      });
    this.shown = undefined;
    return begins;
  }

  /** Something that is no rebalance, but may be why there is one within a minute. */
  hint(at: Millis, reason: RebalanceReason, what: string): void {
    this.hints = { at, reason, what };
  }

  /** The state in which it was found, after the signs of the same look. */
  noteState(at: Millis, state: string): void {
    const busy = !isQuiet(state);
    const open = this.busy[this.busy.length - 1];
    if (this.isBusy && open !== undefined)
      this.busy = [...this.busy.slice(0, -1), { from: open.from, to: at }];
    else if (busy) this.busy = [...this.busy.slice(1 - keptIntervals), { from: at, to: at }];
    this.isBusy = busy;
    this.looked = { from: this.looked?.from ?? at, to: at };
    const current = this.episodes[this.episodes.length - 1];
    if (current === undefined || current.isOver) return;
    if (busy) {
      if (!current.sawBusy) this.amend({ sawBusy: true });
    } else this.amend({ isOver: true, ...(current.sawBusy && { seconds: (at - current.at) / 1000 }) });
    this.shown = undefined;
  }

  /** It could not be looked at: what happens meanwhile is not known. */
  unseen(): void {
    this.isBusy = false;
    this.looked = undefined;
  }

  /**
   * What each worker counts of the rebalances that it completed. All workers complete the same ones; those of which the group
   * showed signs are counted already, and one more is counted only where it showed none about that time. Returns what it was, if so.
   */
  observeCompleted(at: Millis, counts: ReadonlyMap<string, number>): string | undefined {
    let rose = 0;
    for (const [worker, count] of counts) {
      const before = this.counts.get(worker);
      this.counts.set(worker, count);
      if (before !== undefined) rose = Math.max(rose, count < before ? count : count - before);
    }
    if (counts.size === 0) return undefined;
    const from = this.countedAt - metricsLag;
    const before = 'value' in this.completed ? this.completed.value : 0;
    this.completed = seen(before + rose, at);
    this.countedAt = at;
    if (rose === 0 || this.episodes.some(e => e.latest >= from && e.at <= at)) return undefined;
    const what = `${rose} completed by the workers’ own count`;
    const signs: Signs = { what: [what], left: [], joined: [], returned: [], reasons: ['by-metrics'] };
    return this.signal(at, signs) ? what : undefined;
  }

  view(at: Millis): RebalanceView {
    const { episodes, counted, kind, changes, busy, looked } = this;
    const recent = (this.shown ??= shownOf(episodes, kind));
    const told = {
      total: counted.total,
      lastHour: counted.lately(at, hour),
      last: counted.last,
      since: this.since,
      recent,
      lastTenMinutes: counted.lately(at, tenMinutes),
      completed: this.completed,
    };
    const share = (): Known<number> => busyShare(busy, looked, this.since, at);
    return new SeenRebalances(told, { episodes, changes, share }, at);
  }

  /** What a later `pastRebalances` needs besides its view of the same time. */
  kept(at: Millis): RebalancesKept {
    const { episodes, changes, busy, looked } = this;
    return {
      episodes: this.keptEpisodes.of(episodes),
      changes: this.keptChanges.of(changes),
      share: busyShare(busy, looked, this.since, at),
    };
  }

  private amend(change: Partial<Episode>): void {
    const current = this.episodes[this.episodes.length - 1];
    if (current !== undefined) this.episodes = [...this.episodes.slice(0, -1), { ...current, ...change }];
  }

  private noteChanges(at: Millis, { left, joined, returned }: Signs): void {
    if (left.length + joined.length + returned.length === 0) return;
    const noted = (members: readonly string[], came: boolean, isStatic = false): readonly Change[] =>
      members.map(member => ({ at, member, came, isStatic }));
    const now = [
      noted(left, false),
      noted(returned, false, true),
      noted(joined, true),
      noted(returned, true, true),
    ];
    this.changes = [...this.changes.filter(c => c.at > at - hour), ...now.flat()].slice(-1_000);
  }
}

/** Of one episode: how often one and the same member has left and come back. */
class Rounds {
  private readonly left = new Map<string, number>();
  private readonly came = new Map<string, number>();
  private most = 1;

  begin(): void {
    this.left.clear();
    this.came.clear();
    this.most = 1;
  }

  /** How many rebalances these signs tell of, beyond those that are counted. */
  more({ left, joined }: Signs): number {
    for (const member of left) this.left.set(member, (this.left.get(member) ?? 0) + 1);
    for (const member of joined) this.came.set(member, (this.came.get(member) ?? 0) + 1);
    const before = this.most;
    for (const member of [...left, ...joined])
      this.most = Math.max(this.most, Math.min(this.left.get(member) ?? 0, this.came.get(member) ?? 0));
    return this.most - before;
  }
}

/** Of one moment, beside the view: what its pattern and its churn can be made of, and the share that was busy. */
export type RebalancesKept = {
  readonly episodes: Held<readonly Episode[]>;
  readonly changes: Held<readonly Change[]>;
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
  readonly changes: readonly Change[];
  readonly share: () => Known<number>;
};

class SeenRebalances extends OnDemand implements RebalanceView {
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

function shownOf(episodes: readonly Episode[], kind: 'consumers' | 'workers'): readonly Rebalance[] {
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

function churnOf(changes: readonly Change[], at: Millis): readonly MemberChurn[] {
  return churned(changes.filter(c => c.at > at - hour))
    .sort((a, b) => b.left - a.left || b.last - a.last || (a.member < b.member ? -1 : 1))
    .slice(0, shownMembers);
}

function returnsOf(changes: readonly Change[], at: Millis): number {
  const lately = changes.filter(c => c.at > at - tenMinutes && !c.isStatic);
  return Math.max(0, ...churned(lately).map(churn => churn.returned));
}

/** Who came and was not seen to leave is not counted. */
function churned(changes: readonly Change[]): MemberChurn[] {
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

function busyShare(
  busy: readonly Interval[],
  looked: Interval | undefined,
  since: Millis,
  at: Millis,
): Known<number> {
  const subject = 'share of time spent rebalancing';
  if (looked === undefined) return unknown(failure('early', subject, 'its state is not known'), since);
  const from = Math.max(looked.from, at - tenMinutes);
  const span = looked.to - from;
  if (!(span >= leastLooked))
    return unknown(failure('early', subject, 'needs a minute of looking'), looked.from);
  let spent = 0;
  for (const interval of busy)
    spent += Math.max(0, Math.min(interval.to, looked.to) - Math.max(interval.from, from));
  return seen(spent / span, looked.to);
}
