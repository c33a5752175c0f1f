import { nearest } from '../core/nearest.js';
import { ConfigProblem } from '../config/problem.js';
import { complain } from '../terminal/print.js';
import { dashed, readArguments, siteFlags, type CommandFlags, type FlagName, type Misuse } from './flags.js';
import { check } from './check.js';
import { config } from './config.js';
import { demo } from './demo.js';
import { demoSite } from './demo-site.js';
import { doctor } from './doctor.js';
import { lag } from './lag.js';
import { mark } from './mark.js';
import { monitor } from './monitor.js';
import { record } from './record.js';
import { replay } from './replay.js';
import { keepHeapSmall } from './small-heap.js';

/** A command ends in an exit code: 0 done, 1 failed, 2 what it was told cannot be used (3 of `check`, for both). */
export type Command = (
  flags: CommandFlags,
  env: NodeJS.ProcessEnv,
  operands: readonly string[],
) => Promise<number>;

type Entry = {
  readonly run: Command;
  readonly flags: readonly FlagName[];
  /** What must follow the name of the command. */
  readonly operands?: readonly string[];
  /** What may follow after that. */
  readonly optional?: readonly string[];
};

const commands: Readonly<Record<string, Entry>> = {
  monitor: {
    run: monitor,
    flags: [...siteFlags, 'readWrite', 'dryRun', 'audit', 'theme', 'glyphs', 'record', 'maxSize'],
  },
  check: { run: check, flags: [...siteFlags, 'json', 'for', 'sinceMark', 'since', 'from'] },
  mark: { run: mark, flags: [...siteFlags, 'json', 'for'], optional: ['LABEL'] },
  lag: { run: lag, flags: [...siteFlags, 'json', 'csv', 'every'] },
  doctor: { run: doctor, flags: [...siteFlags, 'json'] },
  config: { run: config, flags: [...siteFlags, 'readWrite', 'dryRun', 'audit', 'theme', 'glyphs', 'json'] },
  record: { run: record, flags: [...siteFlags, 'for', 'maxSize'], operands: ['FILE'] },
  replay: { run: replay, flags: ['speed', 'at', 'theme', 'glyphs'], operands: ['FILE'] },
  demo: { run: demo, flags: ['scenario', 'interval', 'theme', 'glyphs', 'record', 'maxSize'] },
  'demo-site': { run: demoSite, flags: ['scenario'] },
};

/** Those that a user types. */
const offered = Object.keys(commands).filter(name => name !== 'monitor' && name !== 'demo-site');

/** What a command line asks for that no command offers; undefined where it can be run. */
export function misuseOf(
  argv: readonly string[],
): { readonly exitCode: number; readonly misuse: Misuse } | undefined {
  const { words, given, misuse } = readArguments(argv);
  const wrong = misuse ?? unfit(words, given);
  return wrong && { exitCode: failureCode(words[0]), misuse: wrong };
}

/** Says one line and what to do next, on standard error. */
export function refuse({ problem, next }: Misuse): void {
  complain(`kmon: ${problem}\n${next}`);
}

/** Runs the command that the words name. They were found fit by `misuseOf`. */
export async function main(
  words: readonly string[],
  flags: CommandFlags,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  keepHeapSmall();
  const [name = 'monitor', ...operands] = words;
  try {
    return (await entryOf(name)?.run(flags, env, operands)) ?? failureCode(name);
  } catch (error) {
    if (error instanceof ConfigProblem) {
      refuse(error);
      return failureCode(name);
    }
    const what = error instanceof Error ? error.message : String(error);
    complain(`kmon stopped because of an error of its own: ${what}`);
    return name === 'check' ? failureCode(name) : 1;
  }
}

/** A gate must not take a usage error for a warning or a critical finding. */
function failureCode(command: string | undefined): number {
  return command === 'check' ? 3 : 2;
}

function unfit(words: readonly string[], given: readonly FlagName[]): Misuse | undefined {
  const [name = 'monitor', ...operands] = words;
  const entry = entryOf(name);
  if (entry === undefined) {
    const like = nearest(name, offered);
    return {
      problem: `there is no command ${name}`,
      next: like === undefined ? `there are: ${offered.join(', ')}` : `did you mean kmon ${like}?`,
    };
  }
  const wanted = entry.operands ?? [];
  if (operands.length < wanted.length)
    return { problem: `kmon ${name} needs ${wanted.join(' ')}`, next: `for example kmon ${name} site.kmon` };
  const surplus = operands[wanted.length + (entry.optional ?? []).length];
  if (surplus !== undefined)
    return { problem: `kmon ${name} does not know what to do with "${surplus}"`, next: 'see kmon --help' };
  const foreign = given.find(flag => !entry.flags.includes(flag));
  if (foreign === undefined) return undefined;
  const owners = ['monitor', ...offered].filter(other => entryOf(other)?.flags.includes(foreign));
  return {
    problem: `kmon ${name === 'monitor' ? '' : `${name} `}has no ${dashed(foreign)}`.replace('  ', ' '),
    next: `it belongs to ${owners.map(o => (o === 'monitor' ? 'kmon itself' : `kmon ${o}`)).join(', ')}`,
  };
}

function entryOf(name: string): Entry | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}
