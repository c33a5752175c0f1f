import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setConnector } from '../../lab/connectors.js';
import { heal, inject, openLab, setLoad, settle } from '../../lab/index.js';
import type { Tmux } from '../support/tmux.js';
import { askConnect, patchConnector, runAnew } from './connect.js';
import { choose, monitorLab } from './kmon.js';
import { look } from './look.js';

/** One remedy, end to end on a real Connect cluster, by keyboard alone. */

const site = openLab(process.env['KMON_LAB'] ?? 'default');
const size = { columns: 120, rows: 40 };
let audit: string;
let readWrite: readonly string[];

function config(): Promise<Record<string, string>> {
  return askConnect(site, 'mm2-source/config');
}

function patch(change: Record<string, string | null>): Promise<void> {
  return patchConnector(site, 'mm2-source', change);
}

async function runningTasks(): Promise<number> {
  const status = await askConnect<{ tasks: { state: string }[] }>(site, 'mm2-source/status');
  return status.tasks.filter(task => task.state === 'RUNNING').length;
}

function auditLines(): { state: string; plan: string; text: string }[] {
  return readFileSync(audit, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { state: string; plan: string; text: string });
}

/** kmon on the lab, with the plan to raise tasks.max on the screen. */
async function planned(flags: readonly string[]): Promise<Tmux> {
  const kmon = monitorLab(site, size, flags);
  await kmon.until(/›mm2-source +[\d.]+k? .* 4\/4/, 60);
  await choose(kmon, 'Raise tasks.max by half');
  await kmon.until(/tasks\.max +4 → 6/);
  return kmon;
}

/**
 * Two fifths of the lab's records, at two and a half times the work each: its fault `overload` as the tasks see it, for a machine that
 * could not write more if they did.
 */
async function makeItLight(): Promise<void> {
  setLoad(site, { rate: 400 });
  await setConnector(site, 'mm2-source', { 'value.converter.micros': 5_000 });
  await runAnew(site);
}

let kmon: Tmux | undefined;
// Each attempt finds the configuration of health, whatever the one before changed, and an audit file with nothing of that.
beforeEach(async () => {
  await settle(site, { quickly: true });
  audit = path.join(mkdtempSync(path.join(tmpdir(), 'kmon-audit-')), 'audit.jsonl');
  readWrite = ['--read-write', '--audit', audit];
});
afterEach(() => kmon?.kill());
afterAll(() => heal(site));

describe('a whole incident, by keyboard alone', () => {
  it('from the first finding, to its evidence, to the flow, to the remedy, to a flow without a finding, and back', async () => {
    await makeItLight();
    kmon = monitorLab(site, size, readWrite);
    await kmon.until(/›mm2-source +[\d.]+k? .* 4\/4/, 60);
    setLoad(site, { rate: 960 });
    await kmon.until(/▲ CRITICAL +mm2-source +(?:since .*\n +)?load exceeds what its tasks can carry/, 120);
    await look(kmon, 'overload', /load exceeds/);

    kmon.keys('e');
    const why = await kmon.until(/WOULD BE WRONG IF|RESTS ON/);
    expect(why).toContain('CAPACITY-EXCEEDED');
    expect(why).toMatch(/threshold/);
    kmon.keys('Enter');
    const flow = await kmon.until(/✓ is it more than its tasks carry\?/);
    expect(flow).toMatch(/poll .*\/s/);

    await choose(kmon, 'Raise tasks.max by half');
    const plan = await kmon.until(/type +mm2-source +to apply/);
    expect(plan).not.toContain('WILL NOT CURE');
    expect(plan).toMatch(/tasks\.max +4 → 6/);
    expect(plan).toMatch(/repeats +(up to|at most)/);
    kmon.type('mm2-source');
    kmon.keys('Enter');
    await kmon.until(/verified +6 tasks run/, 130);
    expect(await runningTasks()).toBe(6);
    expect((await config())['tasks.max']).toBe('6');
    const done = await kmon.until(/done .*it rose/, 120);
    const [, before, after] = /done +write\/s ([\d.]+k?) → ([\d.]+k?)/.exec(done) ?? [];
    const records = (text = ''): number => Number.parseFloat(text) * (text.endsWith('k') ? 1000 : 1);
    expect(records(after)).toBeGreaterThan(records(before) * 1.2);

    // Another key right behind it would be one key with it.
    kmon.keys('Escape');
    await kmon.until(screen => !screen.includes('u plans the undo'));
    kmon.keys('1');
    await kmon.until(
      screen => /›mm2-source .* 6\/6/.test(screen) && !/CRITICAL +mm2-source/.test(screen),
      180,
    );

    kmon.keys('7');
    await kmon.until(/tasks\.max +4 → 6/);
    kmon.keys('u');
    await kmon.until(/tasks\.max +6 → 4/);
    kmon.type('mm2-source');
    kmon.keys('Enter');
    await kmon.until(/verified +4 tasks run/, 130);
    expect(await runningTasks()).toBe(4);
    expect((await config())['tasks.max']).toBe('4');

    expect(statSync(audit).mode & 0o777).toBe(0o600);
    const states = auditLines().map(line => line.state);
    expect(states.slice(0, 4)).toEqual(['re-reading', 'applying', 'applied', 'verifying']);
    expect(states.filter(state => state === 'applied')).toHaveLength(2);
    expect(readFileSync(audit, 'utf8')).not.toContain(site.passwords['mm2-user']);
    await heal(site);
  });
});

describe('raising tasks.max', () => {
  it('says first that it will not cure a quota', async () => {
    await inject(site, 'target-quota');
    kmon = monitorLab(site, size, readWrite);
    await kmon.until(/target limits writes/, 120);
    await choose(kmon, 'Raise tasks.max by half');
    const text = await kmon.until(/type +mm2-source +to apply/);
    const lines = text.split('\n').map(line => line.replace(/^[│╭ ]+/, ''));
    const warning = lines.findIndex(line => line.includes('WILL NOT CURE'));
    expect(warning).toBeGreaterThan(-1);
    expect(warning).toBeLessThan(lines.findIndex(line => line.startsWith('change')));
    await heal(site);
  });
});

describe('nothing is changed', () => {
  it('by another word than the name', async () => {
    const before = await config();
    kmon = await planned(readWrite);
    kmon.type('mm2-sourc');
    kmon.keys('Enter');
    await kmon.until('nothing was changed');
    expect(await config()).toEqual(before);
  });

  it('in read-only mode, which says so', async () => {
    const before = await config();
    kmon = monitorLab(site, size);
    await kmon.until(/›mm2-source +[\d.]+k? .* 4\/4/, 60);
    kmon.keys('x');
    await kmon.until(/read-only/);
    kmon.keys('Enter');
    await kmon.until(/read-only/);
    kmon.type('mm2-source');
    kmon.keys('Enter');
    await kmon.until(/read-only/);
    expect(await config()).toEqual(before);
  });

  it('when someone else changed the configuration in between: the new diff is shown', async () => {
    kmon = await planned(readWrite);
    await patch({ 'consumer.max.poll.records': '400' });
    kmon.type('mm2-source');
    kmon.keys('Enter');
    await kmon.until(/consumer\.max\.poll\.records/);
    expect((await config())['tasks.max']).toBe('4');
    await patch({ 'consumer.max.poll.records': null });
  });
});
