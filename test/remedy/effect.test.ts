import { describe, expect, it } from 'vitest';
import { Series } from '../../source/model/series.js';
import type { Snapshot } from '../../source/model/snapshot.js';
import type { Effect } from '../../source/remedy/action.js';
import { baseline, flowEffect, momentEffect, watchEffect } from '../../source/remedy/effect.js';
import type { Step } from '../../source/remedy/plan.js';
import { FakeClock } from '../support/fake-clock.js';
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
    expect(
      baseline(
        flowEffect(() => flow, 'about 450'),
        {} as Snapshot,
        now,
      ).mean,
    ).toBe(300);
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

/** A flow whose true rate is `rate`, `after` ms after the change, read every 5 s as a mean over `window`. */
type Course = {
  readonly rate: (after: number) => number;
  readonly window?: number;
  readonly acts?: number;
};

/** What is told of the change while the clock goes on, and when, in seconds after it. */
async function watched({ rate, window = 30_000, acts }: Course): Promise<(Step & { seconds: number })[]> {
  const clock = new FakeClock(now);
  const write = new Series(400);
  const read = (at: number): void => {
    let sum = 0;
    for (let back = 0; back < window; back += 1_000) sum += rate(at - back - now);
    write.push(at, sum / (window / 1_000));
  };
  const flow = healthyFlow({ write: { ...healthyFlow().write, over: window, series: write } });
  const effect: Effect = { ...flowEffect(() => flow, 'about 759'), ...(acts !== undefined && { acts }) };
  for (let at = now - 60_000; at <= now; at += 5_000) read(at);
  const from = baseline(effect, {} as Snapshot, now);
  const told: (Step & { seconds: number })[] = [];
  const steps = watchEffect(effect, () => ({}) as Snapshot, from, clock, new AbortController().signal);
  for (;;) {
    const next = steps.next();
    for (let i = 1; i <= 2; i++) {
      read(clock.now() + 5_000);
      await clock.advance(5_000);
    }
    const { value } = await next;
    if (value === undefined) return told;
    told.push({ ...value, seconds: (value.at - now) / 1_000 });
  }
}

const ending = (told: readonly (Step & { seconds: number })[]): string => {
  const last = told.at(-1);
  return `${last?.seconds}s ${last?.state}: ${last?.text}`;
};

describe('the watch over an effect', () => {
  const raised = (at: number) => (after: number) => (after > at ? 759 : 506);

  it('ends after a minute where the rate has moved since, by what was measured after the change alone', async () => {
    const told = await watched({ rate: raised(0) });
    expect(told[0]?.text).toBe('write/s 506 → 569, still with the time before the change');
    expect(ending(told)).toBe('60s done: write/s 506 → 759: it rose; expected: about 759');
  });

  it('goes on where nothing has moved yet, and finds what takes longer', async () => {
    const told = await watched({ rate: raised(65_000), acts: 11_000 });
    expect(told.find(step => step.seconds === 70)?.text).toMatch(
      /^write\/s 506 → 5\d\d: too early to tell, kmon looks on$/,
    );
    expect(ending(told)).toMatch(/^(80|90)s done: write\/s 506 → \d{3}: it rose; expected: about 759$/);
  });

  it('is not misled by one burst less in its last half-minute, as a fetch quota makes them', async () => {
    // Every 10 s, for one second, what the quota allows of the 10 s; the broker skips one turn before the end.
    const bursts = (after: number): number => {
      const turn = Math.floor(after / 10_000);
      if (after % 10_000 !== 0 || turn === 5) return 0;
      return 10 * (after > 0 ? 759 : 506);
    };
    const told = await watched({ rate: bursts, acts: 11_000 });
    expect(told.filter(step => step.state === 'done').map(step => step.text)).toEqual([
      expect.stringMatching(/: it rose; expected: about 759$/),
    ]);
  });

  it('waits until a mean of minutes holds nothing of before', async () => {
    const told = await watched({ rate: raised(0), window: 90_000 });
    const mixed = told.filter(step => step.text.endsWith('still with the time before the change'));
    expect(mixed.map(step => step.seconds)).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
    expect(ending(told)).toBe('110s done: write/s 506 → 759: it rose; expected: about 759');
  });

  it('says that nothing changed only a window after it could have been seen', async () => {
    expect(ending(await watched({ rate: () => 506 }))).toBe(
      '90s done: write/s 506 → 506: no change; expected: about 759',
    );
    expect(ending(await watched({ rate: () => 506, window: 90_000 }))).toMatch(/^180s done: .*: no change;/);
  });

  it('of what has no history ends after a minute, by its value then', async () => {
    const clock = new FakeClock(now);
    let value = 3;
    const effect = momentEffect('leaders', 'even', () => value);
    const from = baseline(effect, {} as Snapshot, now);
    const told: Step[] = [];
    const steps = watchEffect(effect, () => ({}) as Snapshot, from, clock, new AbortController().signal);
    for (;;) {
      const next = steps.next();
      await clock.advance(10_000);
      const { value: step } = await next;
      if (step === undefined) break;
      told.push(step);
      value = 4;
    }
    expect(told).toHaveLength(6);
    expect(told.at(-1)?.text).toBe('leaders 3 → 4: it rose; expected: even');
  });
});
