import type { Millis } from '../core/clock.js';
import { baselineOf, type Mark } from './mark.js';
import type { View } from './view.js';

/** What is kept of one context between runs. */
export type Remembered = {
  /** Oldest first. */
  readonly marks: readonly Mark[];
  /** What sorts first: `flow us/mm2-source`, as `pinOf` writes it. */
  readonly pinned: readonly string[];
  readonly last?: LastView;
};

/**
 * Where the user was when the screen was left: the view, what was open in each, and how lists were sorted. Not how they were filtered:
 * who opens kmon in the next incident would look at what was of interest in the last one.
 */
export type LastView = {
  readonly at: string;
  readonly open: Readonly<Record<string, string>>;
  readonly lists: Readonly<Record<string, { readonly sort?: string | undefined }>>;
};

export const nothingRemembered: Remembered = { marks: [], pinned: [] };

/** So many marks are kept. */
const mostMarks = 12;
/** Someone else's marks are looked for so often. */
const lookEvery: Millis = 5_000;

/** Where it is kept: `state/state-file.ts`. */
export type MemoryPort = {
  /** `broken`, a whole sentence, where what is there cannot be read: then it is left as it is, and nothing is kept. */
  read(): Promise<Remembered | Broken>;
  /** What it was made to; other processes that do so at the same time wait. */
  change(how: (before: Remembered) => Remembered): Promise<Remembered | Broken>;
};

export type Broken = { readonly broken: string };

/** Of the view: what is remembered, and why it will not be after this run. */
export type MemoryView = {
  readonly marks: readonly Mark[];
  /** With which of them numbers are compared: the newest, one by its time, or none. */
  readonly compares: 'newest' | Millis | 'none';
  readonly pinned: ReadonlySet<string>;
  readonly trouble?: string;
};

export const emptyMemory: MemoryView = { marks: [], compares: 'newest', pinned: new Set() };

export function pinOf({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind} ${id}`;
}

export function withMark(before: Remembered, mark: Mark): Remembered {
  const marks = [...before.marks, mark].sort((a, b) => a.at - b.at).slice(-mostMarks);
  return { ...before, marks };
}

/**
 * The marks and favourites of a session. It works without a port, for this run alone; with one, what it does is seen by every
 * kmon of the context, and what those do is seen here.
 */
export class Memory {
  private kept: Remembered = nothingRemembered;
  private trouble: string | undefined;
  private compares: MemoryView['compares'] = 'newest';
  private shown: MemoryView = emptyMemory;
  private lookedAt = -Infinity;
  /** Changes that are on their way to the file: what is read meanwhile does not have them yet. */
  private underWay = 0;

  constructor(
    private readonly port: MemoryPort | undefined,
    private readonly changed: () => void,
  ) {}

  view(): MemoryView {
    return this.shown;
  }

  mark(view: View, at: Millis, label?: string): void {
    this.compares = 'newest';
    const mark: Mark = { at, ...(label !== undefined && { label }), baseline: baselineOf(view) };
    this.apply(before => withMark(before, mark));
  }

  compare(): void {
    const { marks } = this.kept;
    const newest = marks.at(-1);
    const { compares } = this;
    if (newest === undefined) return;
    const now = compares === 'newest' ? newest.at : compares;
    this.compares = now === 'none' ? 'newest' : (marks.findLast(mark => mark.at < now)?.at ?? 'none');
    this.publish();
  }

  /** Pins what is not pinned, and lets go of what is. */
  pin(key: string): void {
    const isPinned = this.shown.pinned.has(key);
    this.apply(before => ({
      ...before,
      pinned: [...before.pinned.filter(one => one !== key), ...(isPinned ? [] : [key])],
    }));
  }

  /** To be told every tick: looks now and then for what others did. */
  tick(at: Millis): void {
    if (this.port === undefined || at - this.lookedAt < lookEvery) return;
    this.lookedAt = at;
    void this.port.read().then(read => {
      if (this.underWay === 0) this.take(read);
    });
  }

  /** At once for this run; the file follows. */
  private apply(how: (before: Remembered) => Remembered): void {
    this.show(how(this.kept), this.trouble);
    if (this.port === undefined) return;
    this.underWay++;
    void this.port.change(how).then(after => {
      this.underWay--;
      if (this.underWay === 0) this.take(after);
    });
  }

  private take(read: Remembered | Broken): void {
    if ('broken' in read) this.show(this.kept, read.broken);
    else this.show(read, undefined);
  }

  private show(kept: Remembered, trouble: string | undefined): void {
    if (kept === this.kept && trouble === this.trouble) return;
    this.kept = kept;
    this.trouble = trouble;
    this.publish();
  }

  private publish(): void {
    const { compares, trouble } = this;
    const { marks, pinned } = this.kept;
    this.shown = {
      marks,
      compares,
      pinned: new Set(pinned),
      ...(trouble !== undefined && { trouble }),
    };
    this.changed();
  }
}
