import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Context } from '../config/context.js';
import { loadContext } from '../config/load.js';
import { systemClock } from '../core/clock.js';
import { runScreen } from '../screen/run.js';
import { defaultScenario, scenarioNamed, scenarios } from '../simulator/scenarios/index.js';
import type { Scenario } from '../simulator/scenarios/scenario.js';
import type { SiteAddresses } from '../simulator/site/site.js';
import { complain, print } from '../terminal/print.js';
import { systemTerminal, whyNoTerminal } from '../terminal/terminal.js';
import { assemble } from './assemble.js';
import type { SiteReady } from './demo-site.js';
import type { CommandFlags } from './flags.js';
import type { Command } from './main.js';

/**
 * The monitor on a simulated site that nothing needs to be installed for. The site is a process of its own, so that its
 * work is not the monitor's; changes are allowed, as they change nothing real.
 */
export const demo: Command = async (flags, env) => {
  const scenario = flags.scenario === undefined ? defaultScenario : scenarioNamed(flags.scenario);
  if (scenario === undefined) return list(flags.scenario ?? '');
  const terminal = systemTerminal();
  const impossible = whyNoTerminal(terminal);
  if (impossible !== undefined) {
    complain(impossible);
    return 2;
  }

  const folder = mkdtempSync(path.join(tmpdir(), 'kmon-demo-'));
  const child = startSite(scenario);
  try {
    const addresses = await addressesOf(child);
    const { session, close } = assemble(contextOf(scenario, addresses, flags, env, folder), systemClock);
    try {
      const code = await runScreen(session, terminal);
      if (code === 0) print(farewell(scenario));
      return code;
    } finally {
      await close();
    }
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** `list` is what was asked for; any other name is a mistake, and the list its remedy. */
function list(name: string): number {
  const width = Math.max(...scenarios.map(s => s.name.length));
  const lines = scenarios.map(({ name, happens, see }) => {
    const indent = ' '.repeat(width + 2);
    return `${name.padEnd(width)}  ${happens}\n${indent}→ ${see}`;
  });
  const text = `${lines.join('\n')}\n\nkmon demo --scenario NAME; without one: ${defaultScenario.name}`;
  if (name === 'list') {
    print(text);
    return 0;
  }
  complain(`kmon: no scenario "${name}"; there are:\n${text}`);
  return 2;
}

/** The same program again, with a channel to this one. */
function startSite(scenario: Scenario): ChildProcess {
  return fork(process.argv[1] ?? '', ['demo-site', '--scenario', scenario.name], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** Rejects where the site ends before it has said where it is. */
function addressesOf(child: ChildProcess): Promise<SiteAddresses> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString().slice(0, 2_000)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code =>
      reject(new Error(`the simulated site ended with ${code ?? 'a signal'}: ${said}`)),
    );
    child.once('message', message => resolve((message as SiteReady).addresses));
  });
}

function contextOf(
  scenario: Scenario,
  { eu, us, connect, prometheus }: SiteAddresses,
  flags: CommandFlags,
  env: NodeJS.ProcessEnv,
  folder: string,
): Context {
  const context = loadContext(
    {
      bootstrap: [`eu=${eu.join(',')}`, `us=${us.join(',')}`],
      connect: [`us=${connect.join(',')}`],
      prometheus,
      readWrite: true,
      interval: flags.interval,
      audit: path.join(folder, 'audit.jsonl'),
    },
    env,
  );
  return { ...context, name: `simulated site: ${scenario.name}` };
}

function farewell({ name, happens }: Scenario): string {
  return [
    `That was a simulated site (${name}: ${happens}).`,
    'Others:      kmon demo --scenario list',
    'Your own:    kmon -b broker:9092 --connect http://worker:8083 --prometheus http://prometheus:9090',
  ].join('\n');
}
