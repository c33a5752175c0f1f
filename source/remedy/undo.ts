import { confirmation, type ActionInput } from './action.js';
import { nameOfTarget, type Change, type Plan } from './plan.js';
import { shown, type World } from './world.js';

/** What taking back says for itself; the rest follows from the plan that it takes back. */
export type UndoWords = {
  readonly expect: string;
  readonly repeats: string;
  readonly risk: Plan['risk'];
  readonly byHand: (changes: readonly Change[]) => readonly string[];
};

/** The plan that takes another one back: each line of its diff to what it was before. */
export function undoOf(input: Pick<ActionInput, 'id' | 'at'>, plan: Plan, words: UndoWords): Plan {
  const changes = plan.changes.map(({ key, from, to }): Change => ({ key, from: to, to: from }));
  const lines = changes.map(change => `${change.key} ${told(change.from)} → ${told(change.to)}`).join(', ');
  return {
    id: input.id,
    action: plan.action,
    title: `Undo: ${plan.title}`,
    target: plan.target,
    confirm: confirmation(words.risk.level, nameOfTarget(plan.target)),
    why: `takes back plan ${plan.id}`,
    changes,
    where: plan.where,
    cure: { verdict: 'will-not-cure', reason: 'it brings back what was before' },
    expect: [lines, words.expect],
    repeats: words.repeats,
    risk: words.risk,
    undo: `plan "${plan.title}" again`,
    byHand: words.byHand(changes),
    undoes: plan.id,
    madeAt: input.at,
  };
}

/**
 * Why a plan can not be taken back any more: a line of its diff is no longer what it made it, since someone else has
 * decided since. Undefined where it can.
 */
export function decidedSince(changes: readonly Change[], now: World): string | undefined {
  const moved = changes.filter(({ key, to }) => shown(now, key) !== to);
  if (moved.length === 0) return undefined;
  return `changed since: ${moved.map(({ key, to }) => `${key} is ${told(shown(now, key))}, not ${told(to)}`).join('; ')}`;
}

function told(value: string | undefined): string {
  return value ?? 'not set';
}
