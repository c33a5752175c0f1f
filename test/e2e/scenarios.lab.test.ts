import { afterAll, expect, it } from 'vitest';
import { openLab } from '../../lab/index.js';
import { expectations, nameOf } from '../../lab/scenarios/expected.js';
import { runFault, settle } from '../../lab/scenarios/run.js';
import { isGood } from '../../lab/scenarios/table.js';
import { Watch } from '../../lab/scenarios/watch.js';

/**
 * Two of the faults of `npm run scenarios`, once each: found in time, and nothing that is wrong beside it. A quota on the target has a
 * test of its own (`incident`). All of them, three times each, take hours; what they brought is in docs/scenarios.md.
 */

const site = openLab(process.env['KMON_LAB'] ?? 'default');
const never = new AbortController().signal;

let watch: Watch | undefined;
const none = async (): Promise<void> => {
  await watch?.close();
  watch = undefined;
};
const fresh = async (): Promise<Watch> => {
  await none();
  return (watch = await Watch.open(site));
};
const watches = { fresh, none, current: async () => watch ?? (await fresh()) };

afterAll(async () => {
  await none();
  await settle(site, never);
});

it.each(['connector-paused', 'stop-broker'])('%s is found', async name => {
  const expectation = expectations.find(each => nameOf(each) === name);
  if (!expectation) throw new Error(`nothing is expected of ${name}`);
  const notes: string[] = [];
  const run = await runFault({ site, watches, signal: never, note: line => notes.push(line) }, expectation);
  expect(isGood(expectation, run), JSON.stringify({ ...run, notes }, null, 2)).toBe(true);
});
