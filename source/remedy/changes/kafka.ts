import { confirmation, type Draft, type Effect } from '../action.js';
import type { KafkaInput, TargetOf } from '../kafka-action.js';
import { nameOfTarget, type Change, type Plan } from '../plan.js';
import { undoOf } from '../undo.js';
import { shown, type KafkaWorld } from '../world.js';
import type { Write } from '../write.js';

type Kind = KafkaWorld['kind'];
type WorldOf<K extends Kind> = Extract<KafkaWorld, { kind: K }>;

/** What an action says of a change in Kafka; the rest of the plan and of its life is the same for all of them. */
export type KafkaChange<K extends Kind> = {
  readonly action: string;
  readonly title: string;
  readonly changes: readonly Change[];
  readonly why: string;
  readonly cure: Plan['cure'];
  readonly expect: readonly string[];
  readonly repeats?: string;
  readonly risk: Plan['risk'];
  readonly effect: Effect;
  /** In words, once every line of the diff is so: `the quota is 90000`. */
  readonly verified: string;
  readonly write: (changes: readonly Change[]) => Write;
  readonly byHand: (changes: readonly Change[]) => readonly string[];
  readonly unrest?: (now: WorldOf<K>) => string | undefined;
  /** How it is taken back, or why nothing can. */
  readonly back:
    | { readonly undo: string; readonly expect: string; readonly risk: Plan['risk']; readonly effect: Effect }
    | { readonly never: string };
};

/** One change in Kafka: it holds when each line of its diff reads back, and its inverse is the diff turned round. */
export function kafkaDraft<K extends Kind>(input: KafkaInput<K>, made: KafkaChange<K>): Draft<WorldOf<K>> {
  const { risk, back, changes } = made;
  const plan: Plan = {
    id: input.id,
    action: made.action,
    title: made.title,
    target: input.target,
    confirm: confirmation(risk.level, nameOfTarget(input.target)),
    why: made.why,
    changes,
    where: whereOf(input.target, input.world),
    cure: made.cure,
    expect: made.expect,
    repeats: made.repeats ?? '',
    risk,
    ...('never' in back ? { undo: back.never, irrevocable: true } : { undo: back.undo }),
    byHand: made.byHand(changes),
    madeAt: input.at,
  };
  return held(plan, made, changes, made.effect, made.verified);
}

function held<K extends Kind>(
  plan: Plan,
  made: KafkaChange<K>,
  changes: readonly Change[],
  effect: Effect,
  verified: string,
): Draft<WorldOf<K>> {
  const { back } = made;
  return {
    plan,
    write: made.write(changes),
    effect,
    verified,
    unrest: now => made.unrest?.(now),
    overruled: () => undefined,
    pending: now => notYet(changes, now),
    ...(!('never' in back) && {
      undo: (input, done) => {
        const undo = undoOf(input, { ...plan, changes: done }, { ...back, repeats: '', byHand: made.byHand });
        return held(undo, made, undo.changes, back.effect, 'it is as before');
      },
    }),
  };
}

/** `cluster us, id _O_4zPhO…, through broker 1` */
export function whereOf(target: TargetOf<Kind>, world: KafkaWorld): string {
  const through = world.kind === 'group' && world.coordinator >= 0 ? world.coordinator : world.controller;
  return `cluster ${target.cluster}, id ${world.clusterId}, through broker ${through}`;
}

function notYet(changes: readonly Change[], now: KafkaWorld): string | undefined {
  const open = changes.filter(({ key, to }) => shown(now, key) !== to);
  const [first] = open;
  if (first === undefined) return undefined;
  const more = open.length > 1 ? `, and ${open.length - 1} more lines` : '';
  return `${first.key} is ${shown(now, first.key) ?? 'not set'}${more}`;
}
