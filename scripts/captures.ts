/**
 * `npm run captures`: plays the story of the guide on the simulated site, over real sockets and at many times the speed of the day, and puts
 * what is seen into `docs/guide.md`. Names, numbers and times differ a little from run to run: look at the difference.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { assemble } from '../source/commands/assemble.js';
import { loadContext } from '../source/commands/context.js';
import { SimulatedSite } from '../source/simulator/site/site.js';
import { withCaptures } from './guide/blocks.js';
import { fastClock } from './guide/fast-clock.js';
import { Reader } from './guide/reader.js';
import { story } from './guide/story.js';

process.env['TZ'] = 'UTC';
const guide = path.join(import.meta.dirname, '../docs/guide.md');
const folder = mkdtempSync(path.join(tmpdir(), 'kmon-captures-'));
const clock = fastClock(Date.UTC(2026, 0, 31, 14, 0, 0), 6);
const stop = new AbortController();
const site = await SimulatedSite.start(clock);
void site.run(stop.signal);

const { eu, us, connect, prometheus } = site.addresses;
const context = loadContext(
  {
    bootstrap: [`eu=${eu.join(',')}`, `us=${us.join(',')}`],
    connect: [`us=${connect.join(',')}`],
    prometheus,
    readWrite: true,
    audit: path.join(folder, 'audit.jsonl'),
  },
  // The keys are those of the guide, not of whoever takes the screens.
  { KMON_CONFIG: devNull },
);
const { session, close } = assemble(
  { ...context, name: 'eu-us', stateFile: path.join(folder, 'state.json') },
  clock,
);
const reader = new Reader(session, clock, { columns: 120, rows: 40 });
const captures = new Map<string, readonly string[]>();
try {
  for (const { name, take } of story) {
    const lines = await take(reader, site);
    captures.set(name, lines);
    process.stdout.write(`--- ${name}\n${lines.join('\n')}\n`);
  }
  await writeFile(guide, withCaptures(await readFile(guide, 'utf8'), captures));
} finally {
  stop.abort();
  await close();
  await site.stop();
  rmSync(folder, { recursive: true });
}
