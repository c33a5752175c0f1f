import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Context } from '../config/context.js';
import { nearest } from '../core/nearest.js';
import { ConfigProblem } from '../config/problem.js';
import { defaultScenario, scenarioNamed, scenarios } from '../simulator/scenarios/index.js';
import type { Scenario } from '../simulator/scenarios/scenario.js';
import type { SiteAddresses } from '../simulator/site/site.js';
import { print } from '../terminal/print.js';
import { loadContext, loadScreen } from './context.js';
import type { SiteReady } from './demo-site.js';
import type { CommandFlags } from './flags.js';
import type { Command } from './main.js';
import { screenTerminal } from './screen-terminal.js';
import { maxBytesOf } from './tape.js';
import { watch } from './watch.js';

/**
 * The monitor on a simulated site that nothing needs to be installed for. The site is a process of its own, so that its
 * work is not the monitor's; changes are allowed, as they change nothing real.
 */
export const demo: Command = async (flags, env) => {
  if (flags.scenario === 'list') {
    print(listOf(scenarios));
    return 0;
  }
  const scenario = flags.scenario === undefined ? defaultScenario : wanted(flags.scenario);
  const recording = { file: flags.record, maxBytes: maxBytesOf(flags) };
  // What is wrong with keys and looks is said before a site is started.
  loadScreen(flags, env);
  screenTerminal();
  const folder = mkdtempSync(path.join(tmpdir(), 'kmon-demo-'));
  const child = startSite(scenario);
  try {
    const addresses = await addressesOf(child);
    const code = await watch(contextOf(scenario, addresses, flags, env, folder), recording);
    if (code === 0) print(farewell(scenario));
    return code;
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** @throws {ConfigProblem} */
function wanted(name: string): Scenario {
  const scenario = scenarioNamed(name);
  if (scenario !== undefined) return scenario;
  const like = nearest(
    name,
    scenarios.map(s => s.name),
  );
  throw new ConfigProblem(
    `there is no scenario ${name}`,
    like === undefined
      ? 'kmon demo --scenario list shows them all'
      : `did you mean kmon demo --scenario ${like}?`,
  );
}

function listOf(all: readonly Scenario[]): string {
  const width = Math.max(...all.map(s => s.name.length));
  const lines = all.map(({ name, happens, see }) => {
    const indent = ' '.repeat(width + 2);
    return `${name.padEnd(width)}  ${happens}\n${indent}→ ${see}`;
  });
  return `${lines.join('\n')}\n\nkmon demo --scenario NAME; without one: ${defaultScenario.name}`;
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
      theme: flags.theme,
      glyphs: flags.glyphs,
      audit: path.join(folder, 'audit.jsonl'),
    },
    env,
  );
  const stateFile = path.join(folder, 'state.json');
  return { ...context, name: `simulated site: ${scenario.name}`, stateFile };
}

function farewell({ name, happens }: Scenario): string {
  return [
    `That was a simulated site (${name}: ${happens}).`,
    'Others:      kmon demo --scenario list',
    'Your own:    kmon -b broker:9092 --connect http://worker:8083 --prometheus http://prometheus:9090',
  ].join('\n');
}
