/**
 * `site.ts JSON`: the simulated site of the bench, in a process of its own: the flow and the groups of `kmon demo`, and beside them
 * as many topics and groups on the target as the bench wants. Says where it is once it stands, and `swept` whenever a sweep
 * begins. Ends with the process that started it.
 */
import { systemClock } from '../../source/core/clock.js';
import { groupOf, memberOf, partitionOf, type SimulatedGroup } from '../../source/simulator/kafka/state.js';
import { SimulatedSite } from '../../source/simulator/site/site.js';
import { groupName, siteSize, topicName } from './site-size.js';
import type { FromSite } from './start-site.js';

const size = siteSize.parse(JSON.parse(process.argv[2] ?? ''));
/** How often offsets move, ms. */
const beat = 250;
/** Records a beat in each partition. */
const pace = 25;

const site = await SimulatedSite.start(systemClock);
const { topics, groups, brokers } = site.us.state;
const ids = brokers.map(broker => broker.id);
const partitions = Array.from({ length: size.partitions }, (_, p) => p);

for (let t = 0; t < size.topics; t++)
  topics[topicName(t)] = {
    internal: false,
    error: 0,
    partitions: partitions.map(p => partitionOf({ logEnd: 1e6 }, ids, t + p)),
  };
for (let g = 0; g < size.groups; g++) groups[groupName(g)] = startOf(g);

process.once('disconnect', () => process.exit());

let beats = 0;
setInterval(() => {
  beats++;
  site.catchUp();
  for (let t = 0; t < size.topics; t++)
    for (const partition of topics[topicName(t)]?.partitions ?? []) partition.logEnd += pace;
  for (let g = 0; g < size.groups; g++) commit(g);
}, beat);

/** A sweep begins with the first request after a pause. */
let quietSince = 0;
setInterval(() => {
  const asked = site.us.requests.length > 0;
  if (asked && performance.now() - quietSince > 300) say({ is: 'swept' });
  if (asked) quietSince = performance.now();
  site.us.requests.length = 0;
}, 5);

say({ is: 'ready', addresses: site.addresses });

function say(message: FromSite): void {
  process.send?.(message);
}

function startOf(g: number): SimulatedGroup {
  const read = topicsOf(g);
  const owners = Array.from({ length: size.members }, (_, m) => m);
  return groupOf({
    coordinator: ids[g % ids.length] ?? 1,
    state: 'Stable',
    members: owners.map(m =>
      memberOf({
        id: `${groupName(g)}-${m}-4f2c`,
        clientId: `${groupName(g)}-${m}`,
        host: `10.0.1.${m + 11}`,
        assignment: Object.fromEntries(
          read.map(t => [topicName(t), partitions.filter(p => p % size.members === m)]),
        ),
      }),
    ),
    committed: Object.fromEntries(
      read.map(t => [topicName(t), Object.fromEntries(partitions.map(p => [p, 1e6 - behind(g, p)]))]),
    ),
  });
}

function commit(g: number): void {
  const group = groups[groupName(g)];
  if (group === undefined) return;
  for (const t of topicsOf(g)) {
    const ends = topics[topicName(t)]?.partitions ?? [];
    const committed = group.committed[topicName(t)] ?? {};
    for (const [p, { logEnd }] of ends.entries())
      committed[p] = Math.max(committed[p] ?? 0, logEnd - behind(g + beats, p));
  }
}

function topicsOf(g: number): readonly number[] {
  return Array.from({ length: size.reads }, (_, i) => (g + i) % size.topics);
}

/** Records that a group is behind, another number in each partition: some are at the end. */
function behind(turn: number, partition: number): number {
  return ((turn * 7 + partition * 13) % 50) * 10;
}
