import { curlGet, curlMerge } from './by-hand.js';
import type { Change, Plan, Refusal } from './plan.js';

export type UndoInput = {
  readonly id: string;
  readonly at: number;
  readonly plan: Plan;
  readonly url: string;
  readonly version: string;
  /** A value of the present configuration as it may be shown. */
  readonly config: (key: string) => string | undefined;
  /** Tasks that run now. */
  readonly tasks: number;
  readonly repeats: string;
};

/**
 * The plan that takes another one back: each key to what it was before. Refused where a key is no longer what that plan
 * made it, since someone else has decided since.
 */
export function inverse({ id, at, plan, url, version, config, tasks, repeats }: UndoInput): Plan | Refusal {
  const { target } = plan;
  const moved = plan.changes.filter(change => config(change.key) !== change.to);
  if (moved.length > 0) {
    return {
      action: plan.action,
      target,
      reason: `changed since: ${moved.map(change => `${change.key} is ${shown(config(change.key))}, not ${shown(change.to)}`).join('; ')}`,
      instead: [curlGet(url, target.connector, '/config')],
    };
  }
  const changes = plan.changes.map(({ key, from, to }): Change => ({ key, from: to, to: from }));
  const keys = changes.map(change => `${change.key} ${shown(change.from)} → ${shown(change.to)}`).join(', ');
  return {
    id,
    action: plan.action,
    title: `Undo: ${plan.title}`,
    target,
    confirm: plan.confirm,
    why: `takes back plan ${plan.id}`,
    changes,
    where: plan.where,
    cure: { verdict: 'will-not-cure', reason: 'it brings back what was before' },
    expect: [keys, 'write/s goes back to what it was before'],
    repeats,
    risk: { level: 'medium', text: `all ${tasks} tasks stop and start again (some 10 s without writes)` },
    undo: `plan "${plan.title}" again`,
    byHand: [
      curlGet(url, target.connector, '/config'),
      curlMerge(url, target.connector, version, writesOf(changes)),
    ],
    undoes: plan.id,
    madeAt: at,
  };
}

/** The keys as they are sent: null takes one away. */
export function writesOf(changes: readonly Change[]): Readonly<Record<string, string | null>> {
  return Object.fromEntries(changes.map(({ key, to }) => [key, to ?? null]));
}

function shown(value: string | undefined): string {
  return value ?? 'not set';
}
