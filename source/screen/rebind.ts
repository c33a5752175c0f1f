import { nearest } from '../core/nearest.js';
import type { Binding, Place } from './binding.js';
import { keyNamed, keyText, type KeyName } from './keys.js';

/** Keys by the name of an action, as the configuration has them; none takes its keys from it. */
export type KeySettings = Readonly<Record<string, readonly string[]>>;

/** Why settings cannot be used, and what to do. */
export type KeyProblem = { readonly problem: string; readonly next: string };

/**
 * What moves: by the key that means it in the table, with the other keys that mean the same there. They are set for all places at
 * once, for one table entry moves in several directions.
 */
const moves: Readonly<Record<string, readonly [key: KeyName, ...also: KeyName[]]>> = {
  'move.up': ['up', 'k'],
  'move.down': ['down', 'j'],
  'move.left': ['left', 'h'],
  'move.right': ['right', 'l'],
  'move.page-up': ['page-up'],
  'move.page-down': ['page-down', ' '],
  'move.first': ['home', 'g'],
  'move.last': ['end', 'G'],
};

/** Names that may stand under `keys:`. */
export function actionNames(table: readonly Binding[]): readonly string[] {
  return [...Object.keys(moves), ...table.filter(binding => !onlyMoves(binding)).map(({ id }) => id)];
}

/** The table with other keys. A key that two actions of one place would have, and a name that is none, is a problem. */
export function rebind(table: readonly Binding[], settings: KeySettings): readonly Binding[] | KeyProblem {
  const wanted = new Map<string, readonly KeyName[]>();
  for (const [name, keys] of Object.entries(settings)) {
    const wrong = wrongName(table, name);
    if (wrong !== undefined) return wrong;
    const named: KeyName[] = [];
    for (const key of keys) {
      const known = keyNamed(key);
      if (known === undefined)
        return {
          problem: `keys.${name}: ${JSON.stringify(key)} is no key`,
          next: 'one character, ctrl-x, or one of enter, escape, tab, space, up, down, left, right, page-up, page-down, home, end',
        };
      if (!named.includes(known)) named.push(known);
    }
    wanted.set(name, named);
  }
  const after = table.map(binding => withKeys(binding, wanted));
  return conflict(table, after) ?? after;
}

function wrongName(table: readonly Binding[], name: string): KeyProblem | undefined {
  const names = actionNames(table);
  if (names.includes(name)) return undefined;
  const moving = table.find(({ id }) => id === name);
  if (moving !== undefined) {
    const parts = Object.entries(moves).flatMap(([move, [key]]) => (moving.keys.includes(key) ? [move] : []));
    return { problem: `keys.${name}: it has a key for each direction`, next: `set ${parts.join(', ')}` };
  }
  const meant = nearest(name, names);
  return {
    problem: `keys.${name}: there is no such action`,
    next: meant === undefined ? 'docs/keys.md names all actions' : `did you mean ${meant}?`,
  };
}

/** Whether all that it does is to move: what it does depends on the key. */
function onlyMoves({ keys }: Binding): boolean {
  const all = Object.values(moves).flat();
  return keys.every(key => all.includes(key));
}

function withKeys(binding: Binding, wanted: ReadonlyMap<string, readonly KeyName[]>): Binding {
  const own = wanted.get(binding.id);
  if (own !== undefined) {
    // Where an action tells its keys apart (the next one, the one before), the first of them stands for the first, and so on.
    const [first = ''] = binding.keys;
    const usual = (key: KeyName): KeyName => binding.keys[own.indexOf(key)] ?? first;
    return {
      ...binding,
      keys: own,
      shown: shownOf(own),
      press: (context, key) => binding.press(context, usual(key)),
    };
  }
  let { keys, shown } = binding;
  const meant = new Map<KeyName, KeyName>();
  for (const [name, [key, ...also]] of Object.entries(moves)) {
    const set = wanted.get(name);
    // Where keys are text, too, a direction goes by what is no character, and keeps its own key without such.
    const instead = isText(binding) ? set?.filter(one => one.length > 1) : set;
    if (instead === undefined || (instead.length === 0 && isText(binding)) || !keys.includes(key)) continue;
    keys = [...keys.filter(one => one !== key && !also.includes(one)), ...instead];
    shown = shown.replace(keyText(key), shownOf(instead));
    for (const one of instead) meant.set(one, key);
  }
  if (keys === binding.keys) return binding;
  return { ...binding, keys, shown, press: (context, key) => binding.press(context, meant.get(key) ?? key) };
}

function shownOf(keys: readonly KeyName[]): string {
  return keys[0] === undefined ? '' : keyText(keys[0]);
}

/** Where keys are text, a letter cannot be an action. */
const typing: readonly Place[] = ['filter', 'label', 'asking', 'confirm'];

function isText({ at }: Binding): boolean {
  return at.some(place => typing.includes(place));
}

function conflict(before: readonly Binding[], after: readonly Binding[]): KeyProblem | undefined {
  for (const [i, binding] of after.entries()) {
    const usual = before[i]?.keys ?? [];
    for (const key of binding.keys.filter(one => !usual.includes(one))) {
      const text = binding.at.find(place => typing.includes(place));
      if (text !== undefined && (key.length === 1 || key === 'backspace'))
        return {
          problem: `keys.${binding.id}: ${keyText(key)} is text where it works (${text})`,
          next: 'give it a key that is no character: enter, escape, tab, ctrl-x',
        };
      const [other, where] = rival(after, before, i, key);
      if (other !== undefined)
        return {
          problem: `keys: ${keyText(key)} would be both ${binding.id} and ${other.id} in ${where}`,
          next: `give ${other.id} another key too, or take ${keyText(key)} from one of them`,
        };
    }
  }
  return undefined;
}

/** Another action of the same key in the same place; those that share a key as it is are never there at the same time. */
function rival(
  after: readonly Binding[],
  before: readonly Binding[],
  i: number,
  key: KeyName,
): readonly [Binding, Place] | readonly [undefined, undefined] {
  const mine = after[i];
  for (const [j, other] of after.entries()) {
    if (i === j || mine === undefined || !other.keys.includes(key)) continue;
    const place = mine.at.find(one => other.at.includes(one));
    const share = before[i]?.keys.some(one => before[j]?.keys.includes(one)) ?? false;
    if (place !== undefined && !share) return [other, place];
  }
  return [undefined, undefined];
}
