import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { heal, inject, openLab, settle } from '../../lab/index.js';
import type { Tmux } from '../support/tmux.js';
import { monitorLab } from './kmon.js';
import { look, row } from './look.js';

/** What the person on call sees, in a real terminal on the real site, fault by fault. */

const site = openLab(process.env['KMON_LAB'] ?? 'default');
let kmon: Tmux | undefined;
beforeAll(calm);
afterEach(async () => {
  kmon?.kill();
  await calm();
});
afterAll(() => heal(site));

/** One fault's backlog is not the next one's. */
function calm(): Promise<void> {
  return settle(site, { quickly: true });
}

/** The value below a heading of the FLOWS table, by its right edge; records with SI suffix as a number. */
function cell(screen: string, row: string, heading: string): number {
  const lines = screen.split('\n');
  const head = lines.find(line => line.includes(' FLOWS ')) ?? '';
  const end = head.indexOf(heading) + heading.length;
  const line = lines.find(l => l.slice(1).startsWith(row)) ?? '';
  const text = /[\d.]+[kMG%]?$/.exec(line.slice(0, end))?.[0] ?? '';
  const scale = { k: 1e3, M: 1e6, G: 1e9, '%': 0.01 }[text.at(-1) ?? ''] ?? 1;
  return text === '' ? NaN : parseFloat(text) * scale;
}

/** The headline says who and what, on one line or, where it would be cut, on two. */
function isNamed(text: string): boolean {
  return /mm2-source +(?:since .*\n +)?target limits writes/.test(text);
}

describe('on the screen', () => {
  it('a healthy site is said to be healthy', async () => {
    kmon = monitorLab(site, { columns: 120, rows: 40 });
    await kmon.until(/mm2-source .* 4\/4/, 60);
    await sleep(30_000);
    await look(kmon, 'healthy', /✓ nothing found wrong/);
  });

  it('a quota on the target: poll and write part, then meet; in flight stays high, lag grows, the verdict stays', async () => {
    kmon = monitorLab(site, { columns: 120, rows: 40 });
    await kmon.until(/mm2-source .* 4\/4/, 60);
    await inject(site, 'target-quota');
    const made = Date.now();
    await kmon.until(isNamed, 90);
    const found = (Date.now() - made) / 1000;
    const samples: { poll: number; write: number; inFlight: number; lag: number; headline: boolean }[] = [];
    // Poll falls slowly: the buffers of the producers fill first. However soon the cause is named, that takes as long.
    const end = made + 260_000;
    while (Date.now() < end) {
      // A screen that is caught while it is drawn is looked at once more.
      const drawn = kmon.screen();
      if (!isNamed(drawn)) await sleep(300);
      const text = isNamed(drawn) ? drawn : kmon.screen();
      samples.push({
        poll: cell(text, 'mm2-source', 'poll/s'),
        write: cell(text, 'mm2-source', 'write/s'),
        inFlight: cell(text, 'mm2-source', 'in flight'),
        lag: cell(text, 'mm2-source', ' lag'),
        headline: isNamed(text),
      });
      await sleep(5000);
    }
    await look(kmon, 'target-quota', /target limits/);
    const looks = `looks 5 s apart: ${JSON.stringify(samples)}`;
    expect(found, 'seconds until the cause was named').toBeLessThanOrEqual(60);
    expect(
      samples.every(s => s.headline),
      `the verdict holds in every stage; ${looks}`,
    ).toBe(true);
    expect(
      samples.some(s => s.poll > 1.5 * s.write),
      `poll and write part; ${looks}`,
    ).toBe(true);
    const last = samples.slice(-8);
    // What was not measured at a look counts for nothing.
    const mean = (of: (s: (typeof samples)[number]) => number): number => {
      const known = last.map(of).filter(value => !Number.isNaN(value));
      return known.reduce((sum, value) => sum + value, 0) / known.length;
    };
    expect(mean(s => s.poll) / mean(s => s.write), `then they meet; ${looks}`).toBeLessThan(1.35);
    const inFlight = mean(s => s.inFlight);
    expect(inFlight, looks).toBeGreaterThan(10_000);
    // The cause may be named before lag is known: that needs a position that Connect flushed since kmon looked.
    const lags = samples.map(s => s.lag).filter(lag => !Number.isNaN(lag));
    expect(lags.length, 'looks at which lag was known').toBeGreaterThan(samples.length / 2);
    // While lag is a bound it falls with the first flush that is seen.
    expect(lags.at(-1), looks).toBeGreaterThan(3 * Math.min(...lags));
    kmon.kill();

    // Started in the middle of it, as by whoever is called: never a word of health, and the cause within half a minute.
    kmon = monitorLab(site, { columns: 120, rows: 40 });
    await kmon.until(s => {
      expect(s).not.toContain('nothing found wrong');
      return isNamed(s);
    }, 30);
  });

  it('a hot key: one partition of the strip stands out', async () => {
    await inject(site, 'skew');
    kmon = monitorLab(site, { columns: 120, rows: 40 });
    await kmon.until(/billing .*Stable/, 60);
    await sleep(40_000);
    await look(kmon, 'skew', /billing/);
  });

  it('members that come and go: rebalances are counted', async () => {
    kmon = monitorLab(site, { columns: 120, rows: 40 });
    await kmon.until(/search-indexer/, 60);
    await inject(site, 'churn');
    await kmon.until(s => /search-indexer .* [1-9]\d* *[▲!]?$/m.test(s), 90);
    await look(kmon, 'churn', /search-indexer/);
  });

  it('a broker that is killed: it is named, what the others know is shown', async () => {
    kmon = monitorLab(site, { columns: 120, rows: 40 });
    await kmon.until(/mm2-source .* 4\/4/, 60);
    await inject(site, 'stop-broker');
    expect(await kmon.until(/2 of 3 answer/, 60)).toMatch(/broker \d/);
    await look(kmon, 'stop-broker', /broker \d/);
  });

  it('Connect down: its cause and next try, groups and clusters are live', async () => {
    kmon = monitorLab(site, { columns: 120, rows: 40 });
    await kmon.until(/mm2-source .* 4\/4/, 60);
    await inject(site, 'connect-down');
    const text = await kmon.until(/connect us refused/, 60);
    expect(text).toMatch(/next try in/);
    expect(row(text, 'billing')).toContain('Stable');
    expect(row(text, 'mm2-source')).not.toMatch(/\b0\b +0\b/);
    await look(kmon, 'connect-down', /connect us/);
  });

  it('Prometheus down: groups are live, lag goes on', async () => {
    kmon = monitorLab(site, { columns: 120, rows: 40 });
    await kmon.until(/mm2-source .* 4\/4/, 60);
    await inject(site, 'prometheus-down');
    expect(row(await kmon.until(/prometheus refused/, 60), 'billing')).toContain('Stable');
    await look(kmon, 'prometheus-down', /prometheus/);
  });
});

describe('the terminal is given back', () => {
  it.each([
    ['q', 0],
    ['C-c', 130],
  ])('on %s', async (key, code) => {
    kmon = monitorLab(site, { columns: 80, rows: 24 });
    await kmon.until(/kmon lab/);
    await kmon.until(/quit/);
    kmon.keys(key);
    await kmon.until(`exit code ${code}`);
    expect(kmon.state()).toEqual({ alternate: false, cursor: true });
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('on %s', async (signal, code) => {
    kmon = monitorLab(site, { columns: 80, rows: 24 });
    await kmon.until(/quit/);
    const pid = kmon.foreground();
    process.kill(pid, signal);
    await kmon.until(`exit code ${code}`);
    expect(kmon.state()).toEqual({ alternate: false, cursor: true });
  });
});
