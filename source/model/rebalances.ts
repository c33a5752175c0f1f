import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { seen, unknown, type Known } from '../core/known.js';
import { Episodes, mergeWithin } from './episodes.js';
import { Holder } from './pressed.js';
import type { Episode, MemberMove } from './rebalance-record.js';
import { isQuiet, type Signs } from './rebalance-signs.js';
import type { Rebalance, RebalanceReason, RebalanceView } from './rebalance-view.js';
import { SeenRebalances, shownOf, type RebalancesKept } from './seen-rebalances.js';

const hour: Millis = 3_600_000;
const tenMinutes: Millis = 600_000;
const keptEpisodes = 200;
const keptIntervals = 64;
/** A share of less time than this says nothing. */
const leastLooked: Millis = 60_000;
/** A scrape and its window may lie this far behind what the group itself shows. */
const metricsLag: Millis = 60_000;

type Interval = { readonly from: Millis; readonly to: Millis };

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
  private changes: readonly MemberMove[] = [];
  private readonly rounds = new Rounds();
  private readonly counts = new Map<string, number>();
  private countedAt: Millis = NaN;
  private completed: Known<number>;
  private readonly keptEpisodes = new Holder<readonly Episode[]>();
  private readonly keptChanges = new Holder<readonly MemberMove[]>();

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
    const noted = (members: readonly string[], came: boolean, isStatic = false): readonly MemberMove[] =>
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
