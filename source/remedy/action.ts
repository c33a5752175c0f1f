import type { Millis } from '../core/clock.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Change, Offer, Plan, Question, Refusal, Target } from './plan.js';
import type { Subject } from './subject.js';
import type { World } from './world.js';
import type { Write } from './write.js';

/** A thing as it was read for one plan, and what the model knows of everything. */
export type ActionInput<W extends World = World> = {
  /** For the plan. */
  readonly id: string;
  readonly at: Millis;
  readonly target: Target;
  readonly world: W;
  readonly snapshot: Snapshot;
  /** What the user answered to `asks`; empty where nothing was asked. */
  readonly argument: string;
};

/** What is expected to move once the change works, and how it is measured. */
export type Effect = {
  /** `write/s` */
  readonly what: string;
  /** In words: `up to 1.58k`. */
  readonly expected: string;
  /** Over how long each of its values is itself a mean, where it is one: after a change they are of two situations for so long. */
  readonly over?: (snapshot: Snapshot) => Millis;
  /** How long after it is verified a change may still not act. */
  readonly acts?: Millis;
  /** Its mean between two times; NaN where nothing was measured. */
  readonly mean: (snapshot: Snapshot, from: Millis, to: Millis) => number;
};

/**
 * A plan, with how its change is sent, held against the world, and taken back. Pure: the gate reads and writes, and hands
 * each the world of the plan's own target and no other (which is why a draft of one kind of world may stand for any).
 */
export type Draft<W extends World = World> = {
  readonly plan: Plan;
  readonly write: Write;
  readonly effect: Effect;
  /** In words, once it is verified: `6 tasks run`. */
  readonly verified: string;
  /** Why this is no moment for it, by the world right before; undefined where it is one. */
  unrest(now: W): string | undefined;
  /** What someone else has made of it after it was applied; undefined where `basis` has become what was written. */
  overruled(now: W, basis: W): string | undefined;
  /** What is still to come before it holds: tasks that do not run yet; undefined where nothing is. */
  pending(now: W): string | undefined;
  /**
   * The change that takes it back, once the world still has what this one wrote; absent where nothing can. `changes`: the lines of
   * its diff that were done, which are all but where Kafka took a part of them.
   */
  undo?(input: ActionInput<W>, changes: readonly Change[]): Draft<W>;
};

/** One thing that kmon can do to one kind of target. Pure: it reads what it is given and writes nothing. */
export type Action<W extends World = World> = {
  readonly id: string;
  readonly title: string;
  /** For docs/remedies.md. */
  readonly about: About;
  readonly asks?: Question;
  /** Where it can be done to the subject, and why it can not now; empty where it has nothing to do with it. */
  offer(snapshot: Snapshot, subject: Subject): readonly Offered[];
  /** Why it can not be planned now, before anything is read; undefined where it can. */
  disabled(snapshot: Snapshot, target: Target): string | undefined;
  /** The moment of which the world must tell too, by what the user answered. */
  time?(argument: string, now: Millis): Millis | undefined;
  plan(input: ActionInput<W>): Draft<W> | Refusal;
  /** What to change instead where the thing belongs to someone else. */
  elsewhere(
    owner: 'strimzi' | 'file',
    snapshot: Snapshot,
    target: Target,
    argument: string,
  ): readonly string[];
};

/** `title` where it can name what it is about. */
export type Offered = Pick<Offer, 'target' | 'disabled'> & Partial<Pick<Offer, 'title'>>;

/** An action in words. */
export type About = {
  readonly changes: string;
  readonly risk: string;
  readonly undo: string;
  readonly byHand: string;
};

export function refusal(
  action: string,
  target: Target,
  reason: string,
  instead: readonly string[] = [],
): Refusal {
  return { action, target, reason, instead };
}

/** What must be typed: the lowest risk asks for a word, any other for the name of the thing. */
export function confirmation(level: Plan['risk']['level'], name: string): string {
  return level === 'low' ? 'yes' : name;
}
