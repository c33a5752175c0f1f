import type { Flags } from './flags.js';
import { byDefault, flag, type Origin } from './ledger.js';
import { ConfigProblem } from './problem.js';

/** What a user may say of how the screen looks: a key of the file, a flag and a variable each. `auto` is told by the environment. */
export const looks = {
  /** For which background of the terminal it is coloured. */
  theme: ['auto', 'dark', 'light'],
  /** What bars, lines and marks are drawn with. */
  glyphs: ['auto', 'unicode', 'ascii'],
} as const;

export type Look = keyof typeof looks;

export type Looks = { readonly [L in Look]: (typeof looks)[L][number] };

/** The choices of one look. */
export type Choices<C extends string> = readonly ['auto', ...C[]];

export type Told<C extends string> = { readonly value: 'auto' | C; readonly from: Origin };

/** By `--theme`, `$KMON_THEME`, or the file; so `--glyphs`, `$KMON_GLYPHS`. @throws {ConfigProblem} */
export function lookOf<C extends string>(
  look: Look,
  choices: Choices<C>,
  flags: Pick<Flags, Look>,
  env: NodeJS.ProcessEnv,
  ofFile?: Told<C>,
): Told<C> {
  const checked = (where: string, written: string): 'auto' | C => {
    const found = choices.find(choice => choice === written);
    if (found !== undefined) return found;
    throw new ConfigProblem(`${where}: "${written}" is not known`, `there are: ${choices.join(', ')}`);
  };
  const byFlag = flags[look];
  if (byFlag !== undefined) return { value: checked(`--${look}`, byFlag), from: flag(`--${look}`) };
  const variable = `KMON_${look.toUpperCase()}`;
  const inEnv = env[variable];
  if (inEnv !== undefined && inEnv !== '')
    return { value: checked(`$${variable}`, inEnv), from: { is: 'environment', variable } };
  return ofFile ?? { value: 'auto', from: byDefault };
}
