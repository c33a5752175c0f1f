import type { Context } from '../config/context.js';
import type { Flags } from '../config/flags.js';
import { load, type Loaded } from '../config/load.js';
import type { Look, Looks } from '../config/looks.js';
import { loadPreferences } from '../config/preferences.js';
import { ConfigProblem } from '../config/problem.js';
import type { Binding } from '../screen/binding.js';
import { keymap } from '../screen/keymap.js';
import { rebind } from '../screen/rebind.js';
import { Limits } from '../diagnose/limits.js';
import { thresholdNames, thresholds } from '../diagnose/thresholds.js';

/** The configuration of this run, with the thresholds that the rules have. @throws {ConfigProblem} */
export function loadAll(flags: Flags, env: NodeJS.ProcessEnv): Loaded {
  const loaded = load(flags, env, thresholds);
  keymapOf(loaded.context);
  return loaded;
}

/** The table of keys as the user set it. @throws {ConfigProblem} where it cannot be */
export function keymapOf({ keys }: Pick<Context, 'keys'>): readonly Binding[] {
  const table = rebind(keymap, keys);
  if ('problem' in table) throw new ConfigProblem(table.problem, table.next);
  return table;
}

/** Keys and looks for a screen that shows no context. @throws {ConfigProblem} */
export function loadScreen(
  flags: Pick<Flags, Look>,
  env: NodeJS.ProcessEnv,
): Looks & { readonly keymap: readonly Binding[] } {
  const { keys, ...looks } = loadPreferences(flags, env, thresholds);
  return { ...looks, keymap: keymapOf({ keys }) };
}

/** The context of this run. @throws {ConfigProblem} */
export function loadContext(flags: Flags, env: NodeJS.ProcessEnv): Context {
  return loadAll(flags, env).context;
}

/**
 * What the rules compare with: what was set, and the defaults. A name that no rule of this kmon has is left out: it is
 * of a recording of another one.
 */
export function limitsOf(set: Context['thresholds'] = {}): Limits {
  return new Limits(
    Object.fromEntries(
      thresholdNames.flatMap(name => {
        const value = set[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  );
}
