import { madeIn } from '../core/made-in.js';
import type { Subject, SubjectKind } from './finding.js';

/**
 * One thing for each rule and subject. Maps within maps instead of a key put together of all three: rules speak of thousands of
 * subjects a tick, and a text that was just made has to be hashed before it can be looked for.
 */
export class BySubject<T> {
  private readonly rules = new Map<string, Map<SubjectKind, Map<string, T>>>();

  constructor(private readonly make: () => T) {}

  /** Made where there is none yet. */
  of(rule: string, { kind, id }: Subject): T {
    const kinds = madeIn(this.rules, rule, () => new Map<SubjectKind, Map<string, T>>());
    return madeIn(
      madeIn(kinds, kind, () => new Map<string, T>()),
      id,
      this.make,
    );
  }

  drop(isOver: (each: T) => boolean): void {
    for (const kinds of this.rules.values())
      for (const subjects of kinds.values())
        for (const [id, each] of subjects) if (isOver(each)) subjects.delete(id);
  }
}
