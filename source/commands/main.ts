import { ConfigProblem } from '../config/problem.js';
import type { Flags } from '../config/flags.js';
import { complain } from '../terminal/print.js';
import { demo } from './demo.js';
import { demoSite } from './demo-site.js';
import { lag } from './lag.js';
import { monitor } from './monitor.js';

/** Flags of every command; `config/flags.ts` has those that name the site. */
export type CommandFlags = Flags & {
  readonly json?: boolean | undefined;
  readonly every?: number | undefined;
  readonly scenario?: string | undefined;
};

/** A command ends in an exit code: 0 done, 1 failed, 2 what it was told cannot be used. */
export type Command = (flags: CommandFlags, env: NodeJS.ProcessEnv) => Promise<number>;

const commands: Readonly<Record<string, Command>> = { monitor, lag, demo, 'demo-site': demoSite };

export async function main(
  words: readonly string[],
  flags: CommandFlags,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const [name = 'monitor', ...more] = words;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined || more.length > 0) {
    complain(`kmon: unknown command: ${words.join(' ')}\nsee kmon --help`);
    return 2;
  }
  try {
    return await command(flags, env);
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    complain(`kmon: ${error.problem}\n${error.next}`);
    return 2;
  }
}
