/**
 * Who may import whom: the table of `docs/architecture.md` as data.
 * The linter's import rule (`import-rule.js`) reads nothing else.
 */

/**
 * What a folder of `source/` may import from the others; its own files are always allowed.
 * A path covers what lies below it, `*` stands for one folder, and `type ` allows `import type` only.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const folders = {
  core: [],
  wire: ['core'],
  config: ['core', 'wire/*/endpoint', 'wire/kafka/address'],
  observe: ['core', 'wire/*/reads', 'type wire/*/endpoint', 'type wire/*/link', 'type wire/*/page-link'],
  model: ['core'],
  diagnose: ['core', 'model'],
  remedy: ['core', 'model', 'wire'],
  session: ['core', 'observe', 'model', 'diagnose', 'remedy'],
  state: ['core', 'session'],
  terminal: ['core'],
  screen: ['core', 'model', 'session', 'terminal', 'type diagnose', 'type remedy'],
  record: ['core'],
  simulator: ['core'],
  commands: ['*'],
  cli: ['commands'],
};

/**
 * What only these may import, whatever the table above allows.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const guarded = {
  'wire/*/writes': ['wire/*/writes', 'remedy/gate'],
};

/**
 * Where a library may be imported; one that is not listed may be imported nowhere in `source/`.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const libraries = {
  kafkajs: ['wire/kafka'],
  axios: ['wire/http', 'wire/connect', 'wire/metrics'],
  yaml: ['config'],
  zod: ['config', 'wire', 'record', 'state', 'commands/verdict'],
  'dot-properties': ['config'],
  'jks-js': ['config'],
  ink: ['screen'],
  react: ['screen'],
  chalk: ['screen'],
  'string-width': ['screen'],
  asciichart: ['screen/parts/chart'],
  meow: ['cli'],
};

/** Folders that touch nothing outside: no `node:` module. */
export const pure = ['core', 'model', 'diagnose', 'screen'];
