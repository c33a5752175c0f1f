import type { Millis } from '../core/clock.js';
import type { CommitEvent, CommitEventCount, CommitTotals } from './commit-view.js';
import type { TopicOffsets } from './topic-offsets.js';

const keptEvents = 100;
/** A smaller leap is nothing to speak of. */
const leastJump = 1_000;
/** Who goes forward so many times faster than was ever seen did not read what lies between. */
const implausible = 3;

type Counts = { count: number; records: number; open: number; first: Millis; last: Millis };
type Totals = Readonly<Record<CommitEvent['kind'], Readonly<Counts>>>;

const none: Readonly<Counts> = { count: 0, records: 0, open: 0, first: NaN, last: NaN };

/** Events and what they come to; never changed, so that a snapshot may keep it. */
export type CommitStory = { readonly events: readonly CommitEvent[]; readonly totals: Totals };

export const noEvents: CommitStory = {
  events: [],
  totals: { rewind: none, jump: none, overrun: none, truncated: none },
};

type Move = {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly at: Millis;
  /** Since the commit was found where it was, ms: who commits once a minute reads all the time. */
  readonly after: Millis;
  /** When it was last seen there. */
  readonly seen: Millis;
};

/** What befell the commits of one group in one topic. Costs nothing while they move on as they use to. */
export class CommitEvents {
  private told: CommitStory = noEvents;
  // Made when something befalls a commit: of thousands of topics of groups hardly one needs any of the three.
  /** Partitions that were rewound, and where they had been. */
  private rewound: Map<number, number> | undefined;
  /** Partitions that retention overran, and up to where that is counted. */
  private overrun: Map<number, number> | undefined;
  /** Partitions whose log lost what was committed, and the commit of which that is told. */
  private truncated: Map<number, number> | undefined;
  /** Records/s of the fastest partition that was seen between two readings. */
  private fastest = 0;

  private get hasRewound(): boolean {
    return this.rewound !== undefined && this.rewound.size > 0;
  }

  get story(): CommitStory {
    return this.told;
  }

  rewind({ partition, from, to, at }: Move, state: string | undefined): void {
    const been = Math.max(from, this.rewound?.get(partition) ?? -Infinity);
    (this.rewound ??= new Map()).set(partition, been);
    this.add({
      kind: 'rewind',
      at,
      partition,
      from,
      to,
      records: from - to,
      ...(state !== undefined && { state }),
    });
  }

  /** Whether so many records forward are nothing but reading: then `read` says the same as `forward`, without an object a partition. */
  isOrdinary(records: number): boolean {
    return records < leastJump && !this.hasRewound;
  }

  /** So many records were read within `after` ms. */
  read(records: number, after: Millis): void {
    const pace = (records / after) * 1000;
    if (pace > this.fastest && pace < Infinity) this.fastest = pace;
  }

  /**
   * It went forward. A jump: faster than three times what was ever seen of it and than what arrives, and to either end of the log, or
   * of a group without members; over records that lay there, for whoever is at the end reads a burst as it comes. A first catching
   * up of unheard-of pace looks like one to the end.
   */
  forward(
    { partition, from, to, at, after, seen }: Move,
    ends: TopicOffsets | undefined,
    state: string | undefined,
  ): void {
    // What was read before a rewind is passed over by nobody.
    const unread = Math.max(from, this.rewound?.get(partition) ?? -Infinity);
    if (this.hasRewound && to >= (this.rewound?.get(partition) ?? Infinity)) this.close(partition, at);
    const pace = ((to - from) / after) * 1000;
    if (to - unread >= leastJump && ends !== undefined) {
      const usual = Math.max(this.fastest, ends.arrivals.rate(partition, 60_000) || 0);
      const toEnd = to >= ends.end(partition);
      const toStart = Math.abs(to - ends.start(partition)) <= 1;
      const lay = ends.arrivals.endAt(partition, seen) - unread;
      const wasAtEnd = lay < leastJump;
      const isFast = pace > implausible * usual && usual > 0;
      if (isFast && !wasAtEnd && (toEnd || toStart || state === 'Empty')) {
        const read = (usual * after) / 1000;
        const records = Math.round(to - unread - read);
        const jump = { kind: 'jump', at, partition, from, to, records, within: after } as const;
        this.add({ ...jump, ...(state !== undefined && { state }) });
        return;
      }
    }
    this.read(to - from, after);
  }

  /** A commit that was asked for after the log start was answered, and lies below it. */
  below(partition: number, committed: number, start: number, at: Millis, state: string | undefined): void {
    const from = Math.max(committed, this.overrun?.get(partition) ?? -Infinity);
    if (!(start > from)) return;
    (this.overrun ??= new Map()).set(partition, start);
    const records = start - from;
    this.add({
      kind: 'overrun',
      at,
      partition,
      from,
      to: start,
      records,
      ...(state !== undefined && { state }),
    });
  }

  /** A commit that lies beyond the end of the epoch in which it was made. */
  beyond(partition: number, from: number, to: number, at: Millis, state: string | undefined): void {
    if (this.truncated?.get(partition) === from) return;
    (this.truncated ??= new Map()).set(partition, from);
    const records = from - to;
    this.add({ kind: 'truncated', at, partition, from, to, records, ...(state !== undefined && { state }) });
  }

  forget(partition: number): void {
    if (this.rewound?.has(partition)) this.close(partition, undefined);
    this.overrun?.delete(partition);
    this.truncated?.delete(partition);
  }

  /** Its rewinds are over: it has passed where it had been, or commits nothing any more. */
  private close(partition: number, recovered: Millis | undefined): void {
    this.rewound?.delete(partition);
    let closed = 0;
    const events = this.told.events.map(e => {
      if (e.kind !== 'rewind' || e.partition !== partition || e.recovered !== undefined) return e;
      closed++;
      return recovered === undefined ? e : { ...e, recovered };
    });
    const { rewind } = this.told.totals;
    const open = Math.max(0, rewind.open - closed);
    this.told = { events, totals: { ...this.told.totals, rewind: { ...rewind, open } } };
  }

  private add(event: CommitEvent): void {
    const { kind, records, at } = event;
    const before = this.told.totals[kind];
    const open = before.open + (kind === 'rewind' ? 1 : 0);
    const first = before.count === 0 ? at : before.first;
    const after = { count: before.count + 1, records: before.records + records, open, first, last: at };
    this.told = {
      events: [...this.told.events, event].slice(-keptEvents),
      totals: { ...this.told.totals, [kind]: after },
    };
  }
}

const nothing: CommitTotals = {
  rewinds: { count: 0, records: 0, open: 0 },
  jumps: { count: 0, records: 0, open: 0 },
  overruns: { count: 0, records: 0, open: 0 },
  truncations: { count: 0, records: 0, open: 0 },
};

/** Over several topics. */
export function togetherOf(stories: readonly CommitStory[]): CommitTotals {
  if (stories.every(s => s === noEvents)) return nothing;
  const sum = (kind: CommitEvent['kind']): CommitEventCount => {
    const all = stories.map(s => s.totals[kind]);
    const last = Math.max(-Infinity, ...all.map(c => (Number.isNaN(c.last) ? -Infinity : c.last)));
    return {
      count: all.reduce((n, c) => n + c.count, 0),
      records: all.reduce((n, c) => n + c.records, 0),
      open: all.reduce((n, c) => n + c.open, 0),
      ...(last > -Infinity && { last }),
    };
  };
  const first = Math.min(
    Infinity,
    ...stories.map(s => s.totals.overrun.first).filter(at => !Number.isNaN(at)),
  );
  return {
    rewinds: sum('rewind'),
    jumps: sum('jump'),
    overruns: sum('overrun'),
    truncations: sum('truncated'),
    ...(first < Infinity && { overrunSince: first }),
  };
}
