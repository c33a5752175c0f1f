import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { heal, inject, openLab, settle, until } from '../../lab/index.js';
import { systemClock } from '../../source/core/clock.js';
import { openKafka, type KafkaLink } from '../../source/wire/kafka/link.js';
import { readClientQuotas } from '../../source/wire/kafka/reads/client-quotas.js';
import { readMetadata } from '../../source/wire/kafka/reads/metadata.js';
import { readGroup } from '../../source/remedy/worlds/group.js';
import { commitOffsets } from '../../source/wire/kafka/writes/commit-offsets.js';
import { deleteGroups } from '../../source/wire/kafka/writes/delete-groups.js';
import { ok } from '../support/answers.js';
import type { Tmux } from '../support/tmux.js';
import { choose, monitorAsAdmin } from './kmon.js';

/** Remedies on real Kafka clusters, by keyboard alone: a quota, and the offsets of a group that has stopped. */

const site = openLab(process.env['KMON_LAB'] ?? 'default');
const folder = mkdtempSync(path.join(tmpdir(), 'kmon-audit-'));
const audit = path.join(folder, 'audit.jsonl');
const stopped = `kmon-stopped-${process.pid}`;
const never = new AbortController().signal;

function open(name: 'eu' | 'us'): KafkaLink {
  const timeouts = { requestTimeout: 10_000, connectTimeout: 10_000 };
  return openKafka(
    { cluster: name, bootstrap: site.bootstrap[name], security: {}, clientId: 'kmon-test', ...timeouts },
    { clock: systemClock },
  );
}

let kmon: Tmux | undefined;
const links = { eu: open('eu'), us: open('us') };
beforeAll(async () => {
  await settle(site, { quickly: true });
  for (const link of Object.values(links)) ok((await readMetadata(link)).answer);
});
afterEach(() => kmon?.kill());
afterAll(async () => {
  await heal(site);
  // The site is others' too: they count its groups.
  const { controller } = ok((await readMetadata(links.eu)).answer);
  await deleteGroups(links.eu, controller, [stopped]);
  await Promise.all(Object.values(links).map(link => link.close()));
});

describe('a quota that throttles the target', () => {
  const limit = async (): Promise<number | undefined> => {
    const { controller } = ok((await readMetadata(links.us)).answer);
    const quotas = ok((await readClientQuotas(links.us, controller)).answer);
    return quotas.find(q => q.entity.user === 'mm2-user')?.limits.producer_byte_rate;
  };

  it('is offered first; raised, writes rise; the undo brings it back', async () => {
    await inject(site, 'target-quota');
    await until('the quota to be known', async () => (await limit()) === 60_000, {
      timeoutMs: 30_000,
    });
    kmon = monitorAsAdmin(site, folder);
    await kmon.until(/target limits writes: produce quota/, 150);
    kmon.keys('x');
    await kmon.until(/› Raise the produce quota of mm2-user on us/);
    kmon.keys('Escape');
    // In its first seconds a fault has hardly moved a mean of half a minute, and nothing tells that it will.
    await kmon.until(/mm2-source +\S+ +[▁-█ ]+\S+ +[1-5]\d\d /, 90);
    // Producers may use what they had saved of a quota that is new, and write in bursts until then.
    await kmon.until(/mm2-source +since [1-9]\d*m/, 120);
    await settledPlan(kmon);
    kmon.type('mm2-user');
    kmon.keys('Enter');
    await kmon.until(/verified +the quota is 90000/, 30);
    expect(await limit()).toBe(90_000);
    await kmon.until(/done .*write\/s .*it rose/, 90);
    kmon.keys('u');
    await kmon.until(/producer_byte_rate +90000 → 60000/);
    kmon.type('mm2-user');
    kmon.keys('Enter');
    await kmon.until(/verified +it is as before/, 30);
    expect(await limit()).toBe(60_000);
    await heal(site);
  });
});

/** Plans it again until the plan says no more that its rates are of before the fault: only then its arithmetic is to be believed. */
async function settledPlan(kmon: Tmux): Promise<void> {
  for (let i = 0; i < 12; i++) {
    await choose(kmon, 'Raise the produce quota of mm2-user on us');
    const plan = await kmon.until(/producer_byte_rate +60000 → 90000 +\(\+50 %\)/);
    if (!/write\/s is a mean of 30s and/.test(plan)) return;
    kmon.keys('Escape');
    await sleep(10_000);
  }
  throw new Error('rates did not settle in two minutes');
}

describe('the offsets of a stopped group', () => {
  const offsets = async (): Promise<readonly number[]> =>
    ok(await readGroup(links.eu, stopped, undefined, never)).offsets.map(o => o.committed);

  it('are reset to the end, and back by the undo', async () => {
    const { brokers } = ok((await readMetadata(links.eu)).answer);
    const old = [0, 1, 2].map(partition => ({ topic: 'orders', partition, offset: 7 + partition }));
    await commitOffsets(links.eu, brokers[0]?.id ?? -1, stopped, old);
    expect(await offsets()).toEqual([7, 8, 9]);
    kmon = monitorAsAdmin(site, folder);
    await kmon.until(/GROUPS/, 60);
    kmon.keys('3');
    await kmon.until(new RegExp(stopped), 60);
    kmon.keys('/');
    kmon.type(stopped);
    kmon.keys('Enter');
    await kmon.until(/1 of \d+|filter/);
    // What would be lost to retention, where kmon has seen enough of it, is offered before.
    await choose(kmon, 'Reset its offsets');
    await kmon.until(/Enter plans it/);
    kmon.type('orders latest');
    kmon.keys('Enter');
    await kmon.until(/orders\/0 +7 → \d+ +\(\d+ skipped\)/);
    kmon.type(stopped);
    kmon.keys('Enter');
    await kmon.until(/verified +the new offsets read back/, 30);
    for (const offset of await offsets()) expect(offset).toBeGreaterThan(9);
    await kmon.until(/ done /, 90);
    kmon.keys('u');
    await kmon.until(/orders\/0 +\d+ → 7(?!\d)/);
    kmon.type(stopped);
    kmon.keys('Enter');
    await kmon.until(/verified +it is as before/, 30);
    expect(await offsets()).toEqual([7, 8, 9]);
    expect(readFileSync(audit, 'utf8')).not.toContain(site.passwords.kmon);
  });
});
