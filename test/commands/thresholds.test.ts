import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assemble } from '../../source/commands/assemble.js';
import { limitsOf, loadContext } from '../../source/commands/context.js';
import { startPlayback } from '../../source/commands/playback.js';
import { openTape } from '../../source/commands/tape.js';
import { systemClock } from '../../source/core/clock.js';
import { thresholds } from '../../source/diagnose/thresholds.js';
import { openPlayback, type Recording } from '../../source/record/player.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kmon-thresholds-'));
});
afterAll(() => rm(folder, { recursive: true }));

const context = loadContext({ bootstrap: ['b:9092'] }, { HOME: '/nowhere' });

async function headerOf(name: string, set: Readonly<Record<string, number>>): Promise<Recording['header']> {
  const file = path.join(folder, name);
  const tape = await openTape(file, { ...context, thresholds: set }, systemClock, 1e6);
  await tape.close();
  const opened = await openPlayback(file);
  if ('failed' in opened) throw new Error(opened.failed.detail);
  opened.ok.close();
  return opened.ok.header;
}

describe('the thresholds of a context', () => {
  test('are what the rules compare with, and the evidence says that they were set', () => {
    const { origin, value } = limitsOf({ 'produce-throttle': 200 }).threshold('produce-throttle');
    expect([value, origin]).toEqual([200, 'configuration (default 100ms: operations runbook)']);
    expect(limitsOf({}).threshold('produce-throttle')).toEqual(thresholds['produce-throttle']);
  });

  test('are what the bars of machines mark, live and in a replay', async () => {
    const set = { 'worker-cpu': 0.5, 'worker-heap': 0.7 };
    const worker = { cpu: 0.5, memory: 0.9, heap: 0.7 };
    const stateFile = path.join(folder, 'state.json');
    const live = assemble({ ...context, clusters: [], thresholds: set, stateFile }, systemClock);
    expect(live.session.view().limits.worker).toEqual(worker);
    await live.close();
    await headerOf('bars.kmon', set);
    const opened = await openPlayback(path.join(folder, 'bars.kmon'));
    if ('failed' in opened) throw new Error(opened.failed.detail);
    const { session } = startPlayback({ recording: opened.ok, clock: systemClock, speed: 1 });
    opened.ok.close();
    expect(session.view().limits.worker).toEqual(worker);
  });

  test('stand in a recording, which is judged by them again', async () => {
    const set = { 'produce-throttle': 200, 'buffer-used': 0.85 };
    const header = await headerOf('set.kmon', set);
    expect(header.thresholds).toEqual(set);
    expect(limitsOf(header.thresholds).value('buffer-used')).toBe(0.85);
  });

  test('are the defaults for a recording that names none', async () => {
    const header = await headerOf('usual.kmon', {});
    expect(header.thresholds).toBeUndefined();
    expect(limitsOf(header.thresholds).value('buffer-used')).toBe(thresholds['buffer-used'].value);
  });

  test('of a rule that this kmon does not have change nothing', () => {
    expect(limitsOf({ 'of-a-newer-kmon': 1 }).value('buffer-used')).toBe(thresholds['buffer-used'].value);
  });
});
