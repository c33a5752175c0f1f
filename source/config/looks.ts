import type { Flags } from './flags.js';
import { byDefault, flag, type Origin } from './ledger.js';
import { ConfigProblem } from './problem.js';

/** For which background of the terminal the screen is coloured; `auto` is told by the environment. */
export const themeChoices = ['auto', 'dark', 'light'] as const;

export type ThemeChoice = (typeof themeChoices)[number];

/** By `--theme`, `$KMON_THEME`, or the file. @throws {ConfigProblem} */
export function themeOf(
  flags: Pick<Flags, 'theme'>,
  env: NodeJS.ProcessEnv,
  ofFile?: { readonly value: ThemeChoice; readonly from: Origin },
): { readonly value: ThemeChoice; readonly from: Origin } {
  if (flags.theme !== undefined) return { value: checked('--theme', flags.theme), from: flag('--theme') };
  const variable = 'KMON_THEME';
  const inEnv = env[variable];
  if (inEnv !== undefined && inEnv !== '')
    return { value: checked(`$${variable}`, inEnv), from: { is: 'environment', variable } };
  return ofFile ?? { value: 'auto', from: byDefault };
}

function checked(where: string, written: string): ThemeChoice {
  const found = themeChoices.find(choice => choice === written);
  if (found !== undefined) return found;
  throw new ConfigProblem(`${where}: "${written}" is not known`, `there are: ${themeChoices.join(', ')}`);
}
