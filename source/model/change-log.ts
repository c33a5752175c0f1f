import type { Millis } from '../core/clock.js';

/** What something that changed is. */
export type ChangeKind =
  | 'broker'
  | 'leaders'
  | 'topic'
  | 'group'
  | 'member'
  | 'assignment'
  | 'rebalance'
  | 'connector'
  | 'task'
  | 'config'
  | 'finding'
  | 'remedy'
  | 'mark';

/** Something was one thing and is another: `state of us/billing: Stable → Empty`. */
export type Change = {
  /** When it was seen: the time of the answer that told it, not of the change. */
  readonly at: Millis;
  readonly kind: ChangeKind;
  /** What it is of, as its view names it: `us/billing` of a group, `us/mm2-source` of a flow, `us` of a cluster. */
  readonly subject: string;
  /** Which of its qualities: `state`, `task 3`, `topic orders`. */
  readonly what: string;
  /** Absent where there was nothing, or will be nothing. */
  readonly was?: string;
  readonly is?: string;
};

/** So many are kept, each text of at most so many characters: 4 MB. Of one kind seen at once only the first few are told singly. */
const kept = 4_096;
const longest = 160;
const atOnce = 8;

/** The newest changes in the order in which they were seen; memory is bounded. */
export class ChangeLog {
  private entries: Change[] = [];

  /** Changes that one answer told. */
  note(...changes: readonly Change[]): void {
    const told = new Map<ChangeKind, number>();
    for (const change of changes) {
      const before = told.get(change.kind) ?? 0;
      told.set(change.kind, before + 1);
      if (before < atOnce) this.entries.push(shortened(change));
    }
    for (const { kind, at, subject } of changes) {
      const more = (told.get(kind) ?? 0) - atOnce;
      told.delete(kind);
      if (more > 0) this.entries.push({ at, kind, subject, what: `${more} more` });
    }
    // Half as many more are let in, so that the list is not moved with every one.
    if (this.entries.length > kept * 1.5) this.entries = this.entries.slice(-kept);
  }

  /** What was seen until `at`, oldest first: of what is noted by now, whenever it is called. */
  until(at: Millis): () => readonly Change[] {
    const { entries } = this;
    const count = entries.length;
    return () => entries.filter((change, i) => i < count && change.at <= at);
  }
}

function shortened(change: Change): Change {
  const { was, is } = change;
  return {
    ...change,
    what: short(change.what),
    ...(was !== undefined && { was: short(was) }),
    ...(is !== undefined && { is: short(is) }),
  };
}

function short(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
