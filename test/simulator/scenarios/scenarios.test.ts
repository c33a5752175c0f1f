import { expect, it, onTestFinished } from 'vitest';
import { scenarioNamed, scenarios } from '../../../source/simulator/scenarios/index.js';
import { play } from '../../../source/simulator/scenarios/scenario.js';
import { lagOf } from '../../../source/simulator/site/state.js';
import { SimulatedSite } from '../../../source/simulator/site/site.js';
import { FakeClock, settle } from '../../support/fake-clock.js';

it.each(scenarios)('$name is found by its name, and says what happens and what is to be seen', scenario => {
  expect(scenarioNamed(scenario.name)).toBe(scenario);
  expect(scenario.name).toMatch(/^[a-z-]+$/);
  for (const line of [scenario.happens, scenario.see]) expect(line.length).toBeLessThan(130);
});

/** Lets a scenario take its course for so long; every event is over when this returns. */
async function playing(
  name: string,
): Promise<{ site: SimulatedSite; run: (seconds: number) => Promise<void> }> {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const clock = new FakeClock();
  const site = await SimulatedSite.start(clock);
  const stop = new AbortController();
  const played = play(site, scenario, clock, stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await played;
    await site.stop();
  });
  const run = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds; passed++) {
      await clock.advance(1_000);
      await settle();
      site.catchUp();
    }
  };
  return { site, run };
}

const lag = ({ state }: SimulatedSite): number => state.partitions.reduce((sum, p) => sum + lagOf(p), 0);

it('the default one is healthy at first, and lag grows within a minute', async () => {
  const { site, run } = await playing('target-quota');
  await run(19);
  expect(lag(site)).toBeLessThan(1_500);
  await run(41);
  expect(lag(site)).toBeGreaterThan(50_000);
  expect(Math.max(...site.state.tasks.map(t => t.throttle))).toBeGreaterThan(100);
});

it('skew is of one partition and one task', async () => {
  const { site, run } = await playing('skew');
  await run(80);
  const hot = site.state.partitions[0];
  expect(hot && lagOf(hot) / lag(site)).toBeGreaterThan(0.5);
});

it('a slow member falls behind alone', async () => {
  const { site, run } = await playing('slow-consumer');
  await run(80);
  const partitions = site.us.state.topics['eu.orders']?.partitions ?? [];
  const committed = site.us.state.groups['search-indexer']?.committed['eu.orders'] ?? {};
  const behind = partitions.map((p, i) => p.logEnd - (committed[i] ?? 0));
  expect(Math.min(...behind.slice(0, 3))).toBeGreaterThan(4 * Math.max(...behind.slice(3)));
});

it('a lost broker leads nothing, and leads again when it is back', async () => {
  const { site, run } = await playing('broker-down');
  const leaders = (): Set<number> =>
    new Set(site.us.state.topics['eu.orders']?.partitions.map(p => p.leader) ?? []);
  await run(30);
  expect(leaders()).toEqual(new Set([1, 3]));
  expect(lag(site)).toBeLessThan(5_000);
  await run(190);
  expect(leaders()).toEqual(new Set([1, 2, 3]));
});

it('members that come and go rebalance the group', async () => {
  const { site, run } = await playing('rebalance-storm');
  const before = site.us.state.groups['search-indexer']?.epoch ?? 0;
  await run(60);
  expect(site.us.state.groups['search-indexer']?.epoch).toBeGreaterThan(before + 3);
});
