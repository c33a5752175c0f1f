import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { heal, inject, openLab, setLoad } from '../../lab/index.js';
import type { Tmux } from '../support/tmux.js';
import { lagOnce, monitorAddresses, monitorLab } from './kmon.js';

/** No wrong zero: whatever cannot be seen is named, with its cause, and the rest goes on. */

const site = openLab(process.env['KMON_LAB'] ?? 'default');
const size = { columns: 120, rows: 40 };
const eu = ['-b', `eu=${site.bootstrap.eu.join(',')}`];
const us = (properties: string): string[] => [
  '-b',
  `us=${site.bootstrap.usSasl.join(',')}`,
  '--properties',
  `us=${properties}`,
];
const connect = ['--connect', `us=${site.workerUrls.join(',')}`];

let screen: Tmux | undefined;
beforeAll(async () => {
  await heal(site);
  setLoad(site);
});
afterEach(async () => {
  screen?.kill();
  await heal(site);
});

/** The row of the overview that begins with a name. */
function row(text: string, name: string): string {
  return text.split('\n').find(line => line.trimStart().replace(/^›/, '').startsWith(name)) ?? '';
}

describe('what cannot be seen is named', () => {
  it('a wrong password: the cluster is unauthenticated, the other one and Connect are live', async () => {
    const flags = [...eu, ...us(site.paths.properties.wrong), ...connect];
    screen = monitorAddresses(size, flags);
    const text = await screen.until(s => /kafka us unauthenticated/.test(s) && /billing +Stable/.test(s), 40);
    expect(row(text, 'us')).toMatch(/^ us +– +– +– +–/);
    expect(text).toContain('the credentials were not accepted');
    const { report, exitCode } = await lagOnce(flags);
    expect(exitCode).toBe(1);
    expect(report.failing).toMatchObject([
      { endpoint: 'kafka us', next: expect.stringContaining('client.properties') as string },
    ]);
    expect(report.groups.map(g => g.cluster)).not.toContain('us');
    expect(JSON.stringify(report) + text).not.toContain('not-the-password');
  });

  it('a user without ACLs: it may see nothing, which is not "0 groups"', async () => {
    screen = monitorAddresses(size, [...eu, ...us(site.paths.properties.nobody), ...connect]);
    const text = await screen.until('MAY SEE NOTHING', 40);
    expect(text).toContain('grant the missing ACL');
    expect(row(text, 'us')).not.toMatch(/\b0\b +0\b/);
  });

  it('no Prometheus: rates by end offsets, labelled so; poll, buffer and CPU unknown', async () => {
    screen = monitorAddresses(size, [...eu, ...us(site.paths.properties.kmon), ...connect]);
    const text = await screen.until(/by offsets/, 40);
    expect(text).toContain('no --prometheus given');
    await screen.until(s => /mm2-source +[\d.]+k? .*/.test(row(s, 'mm2-source').trim()), 30);
    expect(row(text, site.workerUrls[0]?.replace('http://', '') ?? '')).toMatch(/–.*–.*–/);
  });

  it('Connect down: its panel says cause and next try, groups and clusters are live', async () => {
    screen = monitorLab(site, size);
    await screen.until(/mm2-source .*4\/4/, 40);
    await inject(site, 'connect-down');
    const text = await screen.until(/connect us (refused|timeout)/, 60);
    expect(text).toMatch(/next try in/);
    expect(row(text, 'billing')).toContain('Stable');
    expect(row(text, 'mm2-source')).not.toMatch(/\b0\b +0\b/);
  });

  it('a stopped broker: its address is named, what it led or coordinated is not shown as 0', async () => {
    screen = monitorLab(site, size);
    await screen.until(/search-indexer/, 40);
    await inject(site, 'stop-broker');
    const text = await screen.until(s => /2 of 3 answer/.test(s), 60);
    expect(text).toMatch(/broker \d/);
  });

  it('Prometheus down: its numbers grow old and are marked, lag goes on', async () => {
    screen = monitorLab(site, size);
    await screen.until(/mm2-source .*4\/4/, 40);
    await inject(site, 'prometheus-down');
    const text = await screen.until(/prometheus refused/, 40);
    expect(row(text, 'billing')).toContain('Stable');
  });
});
