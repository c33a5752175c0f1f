import type { Origin } from '../config/ledger.js';
import type { Loaded } from '../config/load.js';
import { print } from '../terminal/print.js';
import { loadAll } from './context.js';
import type { Command } from './main.js';

/** The configuration as it takes effect, and where each value came from. Nothing is asked of any endpoint. */
export const config: Command = (flags, env) => {
  const loaded = loadAll(flags, env);
  print(flags.json === true ? JSON.stringify(configJson(loaded)) : configText(loaded));
  return Promise.resolve(0);
};

/** For scripts; secrets are masked in `settings` already, and the context itself, which holds them, is not in it. */
export function configJson({ context, settings, warnings }: Loaded): object {
  return { context: context.name, settings, warnings };
}

/** One setting a line, the warnings after them. */
export function configText({ context, settings, warnings }: Loaded): string {
  const rows = settings.map(({ path, value, from }) => [path, value, originText(from)] as const);
  const wide = (column: 0 | 1): number => Math.max(0, ...rows.map(row => row[column].length));
  const [paths, values] = [wide(0), wide(1)];
  return [
    `context ${context.name}`,
    ...rows.map(([path, value, from]) => `  ${path.padEnd(paths)}  ${value.padEnd(values)}  ${from}`),
    ...warnings.map(sentence => `warning: ${sentence}`),
  ].join('\n');
}

function originText(from: Origin): string {
  switch (from.is) {
    case 'flag':
      return from.flag;
    case 'environment':
      return `$${from.variable}`;
    case 'file':
      return `${from.file}: ${from.path}`;
    case 'default':
      return 'default';
    case 'discovered':
      return from.where;
  }
}
