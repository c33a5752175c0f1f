import type { Context } from '../config/context.js';
import type { Flags } from '../config/flags.js';
import { load, type Loaded } from '../config/load.js';
import { Limits } from '../diagnose/limits.js';
import { thresholdNames, thresholds } from '../diagnose/thresholds.js';

/** The configuration of this run, with the thresholds that the rules have. @throws {ConfigProblem} */
export function loadAll(flags: Flags, env: NodeJS.ProcessEnv): Loaded {
  return load(flags, env, thresholds);
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
