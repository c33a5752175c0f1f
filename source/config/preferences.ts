import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { readConfigFile } from './config-file.js';
import type { Flags } from './flags.js';
import { byDefault, Ledger, type Origin } from './ledger.js';
import { lookOf, looks, type Choices, type Look, type Looks } from './looks.js';
import { configPath } from './paths.js';
import { ConfigProblem } from './problem.js';
import type { ConfigFile } from './schema.js';
import type { Settable } from './settable.js';

/** What a user sets for every run, whatever it watches. */
export type Preferences = Looks & {
  /** Keys of the screen, by the name of the action. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
};

/** The configuration file as it was read, and which one it is. */
export type ReadFile = { readonly file: string; readonly content: ConfigFile };

/** Keys and looks for a screen that no context is loaded for. @throws {ConfigProblem} */
export function loadPreferences(
  flags: Pick<Flags, 'config' | Look>,
  env: NodeJS.ProcessEnv,
  settable: Settable,
): Preferences {
  return preferencesOf(flags, env, fileBeside(flags, env, settable), new Ledger());
}

/** The looks by flag, environment or file; the keys by the file. What was set is noted. @throws {ConfigProblem} */
export function preferencesOf(
  flags: Pick<Flags, Look>,
  env: NodeJS.ProcessEnv,
  from: ReadFile | undefined,
  ledger: Ledger,
): Preferences {
  const origin = (key: string): Origin =>
    from === undefined ? byDefault : { is: 'file', file: from.file, path: key };
  const look = <C extends string>(name: Look, choices: Choices<C>, inFile?: 'auto' | C): 'auto' | C => {
    const told = lookOf(name, choices, flags, env, inFile && { value: inFile, from: origin(name) });
    ledger.note(name, told.value, told.from);
    return told.value;
  };
  const keys = Object.entries(from?.content.keys ?? {}).map(
    ([action, set]) => [action, Array.isArray(set) ? set : [set]] as const,
  );
  for (const [action, set] of keys)
    ledger.note(
      `keys.${action}`,
      set.map(key => key.replace(' ', 'space')),
      origin(`keys.${action}`),
    );
  return {
    keys: Object.fromEntries(keys),
    theme: look('theme', looks.theme, from?.content.theme),
    glyphs: look('glyphs', looks.glyphs, from?.content.glyphs),
  };
}

/**
 * The user's file where it chooses nothing that is watched: it need not be there unless it is named. One that is broken is a
 * problem all the same, since other keys than one has set are worse than none; but whoever is in a hurry is told how to do without it.
 *
 * @throws {ConfigProblem}
 */
export function fileBeside(
  flags: Pick<Flags, 'config'>,
  env: NodeJS.ProcessEnv,
  settable: Settable,
): ReadFile | undefined {
  const file = flags.config ?? configPath(env);
  if (!existsSync(file)) {
    if (flags.config === undefined && env['KMON_CONFIG'] === undefined) return undefined;
    throw new ConfigProblem(`${file}: no such file`, 'check --config and $KMON_CONFIG');
  }
  try {
    return { file, content: readConfigFile(file, settable) };
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    const without = `leave the file out for now: KMON_CONFIG=${devNull}`;
    const next = error.next.endsWith('?') ? `${error.next} Or ${without}` : `${error.next}; or ${without}`;
    throw new ConfigProblem(error.problem, next);
  }
}
