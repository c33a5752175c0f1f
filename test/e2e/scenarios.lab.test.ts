import { afterAll, expect, it } from 'vitest';
import { openLab } from '../../lab/index.js';
import { type Expectation, expectations, isCurable, nameOf } from '../../lab/scenarios/expected.js';
import { runCure, runFault, settle, type Watches } from '../../lab/scenarios/run.js';
import { isCured, isGood } from '../../lab/scenarios/table.js';
import { Watch, type Watcher } from '../../lab/scenarios/watch.js';

/**
 * One of the faults of `npm run scenarios`, once: found in time, and nothing that is wrong beside it. A quota on the target has a test
 * of its own (`incident`). And one that kmon finds and cures. All of them, three times each, take hours; what they brought is in
 * docs/scenarios.md.
 */

const site = openLab(process.env['KMON_LAB'] ?? 'default');
const never = new AbortController().signal;

let watch: Watch | undefined;
const none = async (): Promise<void> => {
  await watch?.close();
  watch = undefined;
};
function watchesOf(watcher: Watcher): Watches {
  const fresh = async (): Promise<Watch> => {
    await none();
    return (watch = await Watch.open(site, undefined, watcher));
  };
  return { fresh, none, current: async () => watch ?? (await fresh()) };
}
function expectationOf(name: string): Expectation {
  const expectation = expectations.find(each => nameOf(each) === name);
  if (!expectation) throw new Error(`nothing is expected of ${name}`);
  return expectation;
}

afterAll(async () => {
  await none();
  await settle(site, never);
});

it.each(['stop-broker'])('%s is found', async name => {
  const expectation = expectationOf(name);
  const notes: string[] = [];
  const watches = watchesOf('monitor');
  const run = await runFault({ site, watches, signal: never, note: line => notes.push(line) }, expectation);
  expect(isGood(expectation, run), JSON.stringify({ ...run, notes }, null, 2)).toBe(true);
});

it.each(['write-denied'])('%s is cured by the first remedy of what is found', async name => {
  const expectation = expectationOf(name);
  if (!isCurable(expectation)) throw new Error(`${name} has no cure`);
  const notes: string[] = [];
  await none();
  const watches = watchesOf('admin');
  const run = await runCure({ site, watches, signal: never, note: line => notes.push(line) }, expectation);
  expect(isCured(expectation, run), JSON.stringify({ ...run, notes }, null, 2)).toBe(true);
});
