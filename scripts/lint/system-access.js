/**
 * The system's clock, its streams and its environment each belong to a few files; everywhere else they are given
 * (a Clock, a terminal, a configuration). Made into ESLint's own `no-restricted-*` rules, one block a zone,
 * because a later block replaces the options of an earlier one.
 */

const clock = 'time comes from a Clock (core/clock.ts)';
const streams = 'only terminal/ speaks to the terminal';
const environment = 'the environment is read in config/, terminal/ and cli.tsx';

/**
 * @typedef {'clock' | 'streams' | 'environment'} Privilege
 * @typedef {{ object: string, property: string, message: string }} Member
 * @typedef {{
 *   globals: { name: string, message: string }[],
 *   members: Member[],
 *   syntax: { selector: string, message: string }[],
 *   imports: { name: string, importNames?: string[], message: string }[],
 * }} Restriction
 */

const timers = ['setTimeout', 'setInterval', 'setImmediate'];

/** @type {Record<Privilege, Restriction>} */
const restrictions = {
  clock: {
    globals: [...timers, 'performance'].map(name => ({ name, message: clock })),
    members: [
      ...members('Date', ['now'], clock),
      ...members('AbortSignal', ['timeout'], clock),
      ...members('process', ['hrtime', 'uptime'], clock),
      ...members('globalThis', [...timers, 'performance'], clock),
    ],
    syntax: [
      { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clock },
      { selector: "CallExpression[callee.name='Date']", message: clock },
    ],
    imports: [
      ...[
        'node:timers',
        'node:timers/promises',
        'node:perf_hooks',
        'timers',
        'timers/promises',
        'perf_hooks',
      ],
    ].map(name => ({ name, message: clock })),
  },
  streams: {
    globals: [],
    members: members('process', ['stdin', 'stdout', 'stderr'], streams),
    syntax: [],
    imports: fromProcess(['stdin', 'stdout', 'stderr'], streams),
  },
  environment: {
    globals: [],
    members: members('process', ['env'], environment),
    syntax: [],
    imports: fromProcess(['env'], environment),
  },
};

/** @type {{ files: string[], may: Privilege[] }[]} */
const zones = [
  { files: ['source/**/*.{ts,tsx}'], may: [] },
  { files: ['source/core/clock.ts'], may: ['clock'] },
  { files: ['source/terminal/**/*.{ts,tsx}'], may: ['clock', 'streams', 'environment'] },
  { files: ['source/config/**/*.ts', 'cli.tsx'], may: ['environment'] },
];

/** @type {import('eslint').Linter.Config[]} */
export const systemAccess = zones.map(({ files, may }) => {
  const barred = Object.entries(restrictions).flatMap(([privilege, restriction]) =>
    may.some(allowed => allowed === privilege) ? [] : [restriction],
  );
  return {
    name: `system access: ${files.join(' ')}`,
    files,
    rules: {
      'no-restricted-globals': rule(barred.flatMap(r => r.globals)),
      'no-restricted-properties': rule(barred.flatMap(r => r.members)),
      'no-restricted-syntax': rule(barred.flatMap(r => r.syntax)),
      'no-restricted-imports': rule(barred.flatMap(r => r.imports)),
    },
  };
});

/**
 * `['error']` alone would keep the options of an earlier block.
 *
 * @param {object[]} options
 * @returns {import('eslint').Linter.RuleEntry}
 */
function rule(options) {
  return options.length > 0 ? ['error', ...options] : 'off';
}

/** @param {string} object @param {string[]} names @param {string} message @returns {Member[]} */
function members(object, names, message) {
  return names.map(property => ({ object, property, message }));
}

/** @param {string[]} importNames @param {string} message */
function fromProcess(importNames, message) {
  return ['node:process', 'process'].map(name => ({ name, importNames, message }));
}
