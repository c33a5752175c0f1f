import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { heal, inject, openLab, settle } from '../../lab/index.js';
import type { Tmux } from '../support/tmux.js';
import { choose, monitorAsAdmin } from './kmon.js';

/** The runbook's path against a growing lag, on a real site and by keyboard alone: a quota holds the writes, and nothing else would cure. */

const site = openLab(process.env['KMON_LAB'] ?? 'default');
const folder = mkdtempSync(path.join(tmpdir(), 'kmon-playbook-'));
const book = 'Playbook for a growing lag: one step, watch it, then the next';

let kmon: Tmux | undefined;
beforeAll(() => settle(site, { quickly: true }));
afterAll(async () => {
  kmon?.kill();
  await heal(site);
});

it('skips what cannot cure, raises the quota, watches it, and is gone on with where it was left', async () => {
  await inject(site, 'target-quota');
  kmon = monitorAsAdmin(site, folder);
  await kmon.until(/target limits writes: produce quota/, 150);
  await choose(kmon, book);
  const steps = await kmon.until(/› raise the produce quota/, 30);
  expect(steps).toMatch(/- restart what failed +skipped: nothing of it is FAILED/);
  expect(steps).toMatch(/- resume what is paused or stopped +skipped: the connector is RUNNING/);
  expect(steps).toMatch(/lag .*grows by/);
  kmon.keys('Enter');
  await kmon.until(/producer_byte_rate +60000 → 90000/);
  kmon.type('mm2-user');
  await kmon.until('Enter applies it');
  kmon.keys('Enter');
  await kmon.until(/verified +the quota is 90000/, 30);

  // Left while its effect is watched, and found again.
  kmon.keys('Escape');
  await sleep(300);
  kmon.keys('x');
  await kmon.until(/goes on: step 3 of \d+, raise the produce quota/);
  kmon.keys('Escape');
  await sleep(300);
  await choose(kmon, book);
  await kmon.until(/is watched for \d+[sm] more: never two changes at once|under way/, 90);

  // 90 kB/s is still less than arrives: the next step comes only after the watch, and tasks share the same quota.
  const later = await kmon.until(/✓ raise the produce quota/, 200);
  expect(later).toMatch(/raise tasks\.max/);
  expect(await kmon.until(/skipped: would not cure it/, 30)).toMatch(/quota|throttle/);
  const audit = readFileSync(path.join(folder, 'audit.jsonl'), 'utf8');
  expect(audit).toContain('"playbook":"growing lag of mm2-source: step 3 of');
});
