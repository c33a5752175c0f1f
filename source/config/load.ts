import { existsSync } from 'node:fs';
import { readConfigFile } from './config-file.js';
import type { Context } from './context.js';
import type { Flags } from './flags.js';
import { FromFile } from './from-file.js';
import { FromFlags } from './from-flags.js';
import { Ledger, type Setting } from './ledger.js';
import { configPath } from './paths.js';
import { ConfigProblem } from './problem.js';
import type { Settable } from './settable.js';

export type Loaded = {
  readonly context: Context;
  /** Every value that was given or taken by default, with where it came from. */
  readonly settings: readonly Setting[];
  /** What works, and should be looked at. */
  readonly warnings: readonly string[];
};

/**
 * The context of this run from its layers: flags over environment over file. Addresses on the command line make a
 * context of their own (of the file only keys and looks are then read); `--context` or `current-context` choose one of the file.
 * `settable` are the thresholds that a context may set. Throws ConfigProblem.
 */
export function load(flags: Flags, env: NodeJS.ProcessEnv, settable: Settable): Loaded {
  const ledger = new Ledger();
  const context = contextOf(flags, env, ledger, settable);
  return { context, settings: ledger.settings, warnings: ledger.warnings };
}

function contextOf(flags: Flags, env: NodeJS.ProcessEnv, ledger: Ledger, settable: Settable): Context {
  const given = [flags.bootstrap, flags.connect, flags.scrape].some(list => (list?.length ?? 0) > 0);
  if (given || flags.prometheus !== undefined) {
    if (flags.context !== undefined)
      throw new ConfigProblem(
        '--context and addresses (-b, --connect, --prometheus, --scrape) cannot be given together',
        'use either a context of the configuration file or addresses',
      );
    return new FromFlags(flags, env, ledger, settable).context();
  }
  const file = flags.config ?? configPath(env);
  if (!existsSync(file)) {
    if (flags.config !== undefined || flags.context !== undefined || env['KMON_CONFIG'] !== undefined)
      throw new ConfigProblem(
        `${file}: no such file`,
        'check --config, or give addresses: kmon -b broker:9092',
      );
    throw new ConfigProblem(
      'no address given, and there is no configuration file',
      [
        'the shortest command that works:  kmon -b broker:9092',
        'with MirrorMaker 2 and metrics:   kmon -b broker:9092 --connect http://worker:8083 --prometheus http://prometheus:9090',
        `or describe your sites once in ${file}, then: kmon --context NAME`,
      ].join('\n'),
    );
  }
  return new FromFile(readConfigFile(file, settable), file, flags, env, ledger, settable).context();
}
