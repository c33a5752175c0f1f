import type { Flags } from '../config/flags.js';
import { nearest } from '../core/nearest.js';

type FlagShape = {
  readonly type: 'string' | 'number' | 'boolean';
  readonly shortFlag?: string;
  readonly isMultiple?: true;
  /** It may stand alone: then its value is empty. */
  readonly mayBeBare?: true;
};

/** Every flag of the command line, by the name that it has in code: `readWrite` is `--read-write`. */
export const flagShapes = {
  bootstrap: { type: 'string', shortFlag: 'b', isMultiple: true },
  properties: { type: 'string', isMultiple: true },
  connect: { type: 'string', isMultiple: true },
  prometheus: { type: 'string' },
  scrape: { type: 'string', isMultiple: true },
  brokerMap: { type: 'string', isMultiple: true },
  sample: { type: 'string', isMultiple: true },
  proxy: { type: 'string' },
  context: { type: 'string' },
  config: { type: 'string' },
  interval: { type: 'number' },
  readWrite: { type: 'boolean' },
  dryRun: { type: 'boolean' },
  audit: { type: 'string' },
  theme: { type: 'string' },
  glyphs: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  every: { type: 'number' },
  for: { type: 'string' },
  record: { type: 'string' },
  maxSize: { type: 'string' },
  speed: { type: 'number' },
  at: { type: 'string' },
  scenario: { type: 'string' },
  sinceMark: { type: 'string', mayBeBare: true },
  since: { type: 'string' },
  from: { type: 'string' },
} as const satisfies Record<string, FlagShape>;

export type FlagName = keyof typeof flagShapes;

/** Flags of every command; `config/flags.ts` has those that name the site. */
export type CommandFlags = Flags & {
  readonly json?: boolean | undefined;
  readonly csv?: boolean | undefined;
  readonly every?: number | undefined;
  readonly for?: string | undefined;
  readonly record?: string | undefined;
  readonly maxSize?: string | undefined;
  readonly speed?: number | undefined;
  readonly at?: string | undefined;
  readonly scenario?: string | undefined;
  /** A label or a time; empty for the newest mark. */
  readonly sinceMark?: string | undefined;
  readonly since?: string | undefined;
  readonly from?: string | undefined;
};

/** Those that say what is watched. */
export const siteFlags: readonly FlagName[] = [
  'bootstrap',
  'properties',
  'connect',
  'prometheus',
  'scrape',
  'brokerMap',
  'sample',
  'proxy',
  'context',
  'config',
  'interval',
];

/** What is wrong with a command line, and what to do. */
export type Misuse = { readonly problem: string; readonly next: string };

/** A command line taken apart: the words that are no flags, and the flags that were given. */
export type Arguments = { readonly words: readonly string[]; readonly given: readonly FlagName[] };

/**
 * Reads the flags before anything acts on them, because a flag that is not understood must not be ignored: whoever
 * mistypes `--read-only` or `--context` would watch, or change, something else than they believe.
 */
export function readArguments(argv: readonly string[]): Arguments & { readonly misuse?: Misuse } {
  const words: string[] = [];
  const given: FlagName[] = [];
  let misuse: Misuse | undefined;
  for (let i = 0; i < argv.length; i++) {
    const token = argv[i] ?? '';
    if (token === '--') {
      words.push(...argv.slice(i + 1));
      break;
    }
    if (!token.startsWith('-') || token === '-') {
      words.push(token);
      continue;
    }
    const [spelt, inline] = splitAt(token, '=');
    const name = flagNamed(spelt);
    if (name === 'help') continue;
    if (name === undefined) {
      misuse ??= unknownFlag(spelt);
      continue;
    }
    const shape: FlagShape = flagShapes[name];
    if (given.includes(name) && shape.isMultiple !== true)
      misuse ??= { problem: `${dashed(name)} is given twice`, next: 'give it once' };
    given.push(name);
    if (shape.type === 'boolean') {
      if (inline !== undefined)
        misuse ??= { problem: `${dashed(name)} takes no value`, next: `write ${dashed(name)} alone` };
      continue;
    }
    if (shape.mayBeBare === true && inline === undefined) {
      const next = argv[i + 1];
      // It could be its value, or a word of its own.
      if (next !== undefined && !flagLike(next))
        misuse ??= {
          problem: `${dashed(name)} ${next}: it takes its value behind an equals sign`,
          next: `write ${dashed(name)}=${next}, or put ${dashed(name)} last`,
        };
      continue;
    }
    const value = inline ?? argv[i + 1];
    if (inline === undefined && value !== undefined && flagLike(value)) {
      misuse ??= { problem: `${dashed(name)} needs a value`, next: seeHelp };
      continue;
    }
    if (inline === undefined) i++;
    if (value === undefined || value === '')
      misuse ??= { problem: `${dashed(name)} needs a value`, next: seeHelp };
    else if (shape.type === 'number' && !/^\d+(\.\d+)?$/.test(value))
      misuse ??= { problem: `${dashed(name)} ${value}: not a number`, next: `for example ${dashed(name)} 5` };
    else if (shape.type === 'number' && Number(value) === 0)
      misuse ??= {
        problem: `${dashed(name)} 0: it must be more than 0`,
        next: `for example ${dashed(name)} 5`,
      };
  }
  return { words, given, ...(misuse && { misuse }) };
}

export const seeHelp = 'kmon --help lists every flag';

/** `--read-write` of `readWrite`. */
export function dashed(name: string): string {
  return `--${name.replace(/[A-Z]/g, upper => `-${upper.toLowerCase()}`)}`;
}

function flagNamed(spelt: string): FlagName | 'help' | undefined {
  if (spelt === '--help' || spelt === '--version') return 'help';
  for (const [name, shape] of Object.entries(flagShapes) as [FlagName, FlagShape][])
    if (spelt === dashed(name) || spelt === `-${shape.shortFlag ?? ''}`) return name;
  return undefined;
}

function flagLike(token: string): boolean {
  return token.startsWith('--') || flagNamed(token) !== undefined;
}

function unknownFlag(spelt: string): Misuse {
  const like = nearest(spelt, ['--help', '--version', ...Object.keys(flagShapes).map(dashed)]);
  return {
    problem: `there is no flag ${spelt}`,
    next: like === undefined ? seeHelp : `did you mean ${like}?`,
  };
}

function splitAt(token: string, mark: string): [before: string, after: string | undefined] {
  const at = token.indexOf(mark);
  return at < 0 ? [token, undefined] : [token.slice(0, at), token.slice(at + 1)];
}
