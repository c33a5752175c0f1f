import { describe, expect, it } from 'vitest';
import { Series } from '../../source/model/series.js';
import type { Snapshot } from '../../source/model/snapshot.js';
import { flowEffect, momentEffect } from '../../source/remedy/effect.js';
import { unsettled } from '../../source/remedy/settling.js';
import { healthyFlow, now } from '../support/views.js';

const window = 30_000;

/**
 * What is said of a flow whose true rate is `rate`, `ago` ms before now, read every 5 s as a mean of half a minute;
 * `found` ms before now what the plan is about was found.
 */
function said(rate: (ago: number) => number, readings = 24, found?: number): string | undefined {
  const means = Array.from({ length: readings }, (_, i): Reading => {
    const ago = (readings - 1 - i) * 5_000;
    let sum = 0;
    for (let second = 0; second < window; second += 1_000) sum += rate(ago + second);
    return [ago, sum / 30];
  });
  return saidOf(means, found);
}

/** How long ago, in ms, and the mean of half a minute that was read then. */
type Reading = readonly [ago: number, mean: number];

function saidOf(means: readonly Reading[], found?: number): string | undefined {
  const write = new Series(100);
  for (const [ago, mean] of means) write.push(now - ago, mean);
  const flow = { ...healthyFlow(), write: { ...healthyFlow().write, series: write } };
  return unsettled(
    flowEffect(() => flow, ''),
    {} as Snapshot,
    now,
    found === undefined ? undefined : now - found,
  );
}

const step = (age: number) => (ago: number) => (ago < age ? 700 : 2_000);

describe('a plan on rates that are half-minute means', () => {
  it('says nothing where the rate has been one for long', () => {
    expect(said(() => 2_000)).toBeUndefined();
    expect(said(step(90_000))).toBeUndefined();
  });

  it('says how long they still hold something from before a fault, and when the arithmetic settles', () => {
    expect(said(step(15_000))).toBe(
      'write/s is a mean of 30s and still holds 15s from before it went from 2.00k to 1.35k: ' +
        'the arithmetic settles in 15s; plan again then',
    );
    expect(said(step(10_000))).toMatch(/still holds 20s from before/);
  });

  it('says so until the window is past the fault, and no longer', () => {
    for (const age of [10_000, 15_000, 20_000, 25_000]) expect(said(step(age))).toMatch(/settles in \d+s/);
    expect(said(step(40_000))).toBeUndefined();
    expect(said(step(60_000))).toBeUndefined();
  });

  it('says that it has not settled where the rate moves on after the window', () => {
    expect(said(ago => 500 + Math.min(1_500, ago / 40))).toMatch(/has not settled yet: it still went from/);
  });

  it('says so too of a fault after a burst, which no one step explains, and where little of the past is known', () => {
    const burst = (fault: number) => (ago: number) =>
      ago < fault ? 300 : ago < 45_000 ? 1_000 : ago < 55_000 ? 400 : 2_500;
    expect(said(burst(22_000))).toMatch(/has not settled yet: it still went from \S+ to 487/);
    expect(said(burst(40_000))).toBeUndefined();
    const filled: readonly Reading[] = [
      [45_000, 1_990],
      [30_000, 400],
      [15_000, 1_300],
    ];
    const live: readonly Reading[] = [
      [10_000, 1_050],
      [5_000, 800],
      [0, 560],
    ];
    expect(saidOf([...filled, ...live])).toMatch(/has not settled yet: it still went from 1.05k to 560/);
    expect(said(step(10_000), 4)).toMatch(/has not settled yet/);
  });

  it('does not take the noise of arrivals for a change', () => {
    expect(said(ago => 2_000 + 600 * Math.sin(ago))).toBeUndefined();
  });

  it('says so too of a fault so young that the mean has hardly moved, by the age of what was found', () => {
    expect(said(step(3_000))).toBeUndefined();
    expect(said(step(3_000), 24, 2_000)).toBe(
      'write/s is a mean of 30s and still holds 28s from before what was found began: ' +
        'the arithmetic settles in 28s; plan again then',
    );
    expect(said(step(3_000), 3, 2_000)).toMatch(/still holds 28s/);
  });

  it('goes by the slope where there is one: a rule finds a fault later than it begins', () => {
    expect(said(step(15_000), 24, 5_000)).toMatch(/still holds 15s from before it went/);
    expect(said(step(40_000), 24, 12_000)).toBeUndefined();
  });

  it('says nothing of a finding that is older than the window, or where the rate is not known', () => {
    expect(said(() => 2_000, 24, 31_000)).toBeUndefined();
    expect(said(() => NaN, 24, 2_000)).toBeUndefined();
  });

  it('takes a finding of after the slope for another fault', () => {
    expect(said(step(50_000), 24, 4_000)).toMatch(/still holds 26s from before what was found began/);
  });

  it('says nothing of what is not known for long enough, or is no mean', () => {
    expect(said(step(10_000), 1)).toBeUndefined();
    expect(
      unsettled(
        momentEffect('members', '2', () => 3),
        {} as Snapshot,
        now,
      ),
    ).toBeUndefined();
  });
});
