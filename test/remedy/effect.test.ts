import { describe, expect, it } from 'vitest';
import { Series } from '../../source/model/series.js';
import type { Snapshot } from '../../source/model/snapshot.js';
import { baseline, flowEffect } from '../../source/remedy/effect.js';
import { healthyFlow, now } from '../support/views.js';

describe('what an effect is held against', () => {
  it('is what was just before the change, and not the health before the fault', () => {
    const write = new Series(60);
    for (let ago = 60_000; ago >= 0; ago -= 5_000) write.push(now - ago, ago > 20_000 ? 1_000 : 335);
    const flow = { ...healthyFlow(), write: { ...healthyFlow().write, series: write } };
    const effect = flowEffect(() => flow, 'about 502');
    const { mean, line } = baseline(effect, {} as Snapshot, now);
    expect(mean).toBe(335);
    expect(line[0]).toBe(1_000);
  });

  it('is the newest half-minute mean, which the plan reckons with, and no mean of several', () => {
    const write = new Series(60);
    const fellAt = 35_000;
    for (let ago = 60_000; ago >= 0; ago -= 5_000) {
      const since = Math.min(30_000, Math.max(0, fellAt - ago));
      write.push(now - ago, 1_000 - (since / 30_000) * 700);
    }
    const flow = { ...healthyFlow(), write: { ...healthyFlow().write, series: write } };
    expect(baseline(flowEffect(() => flow, 'about 450'), {} as Snapshot, now).mean).toBe(300);
  });

  it('is what was measured last, where the newest look brought nothing', () => {
    const write = new Series(60);
    write.push(now - 12_000, 300);
    const flow = { ...healthyFlow(), write: { ...healthyFlow().write, series: write } };
    const effect = flowEffect(() => flow, 'about 450');
    expect(baseline(effect, {} as Snapshot, now).mean).toBe(300);
    expect(baseline(effect, {} as Snapshot, now + 10_000).mean).toBeNaN();
  });
});
