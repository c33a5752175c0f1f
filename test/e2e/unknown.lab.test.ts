import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openLab, settle } from '../../lab/index.js';
import type { Tmux } from '../support/tmux.js';
import { lagOnce, monitorAddresses } from './kmon.js';
import { row } from './look.js';

/** No wrong zero: whatever cannot be seen is named, with its cause, and the rest goes on. What does so that died is in `incident`. */

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
beforeAll(() => settle(site, { quickly: true }));
afterEach(() => screen?.kill());

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
});
