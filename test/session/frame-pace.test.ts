import { describe, expect, it } from 'vitest';
import { FramePace } from '../../source/session/frame-pace.js';

function after(...costs: readonly number[]): FramePace {
  const pace = new FramePace(2_000);
  for (const cost of costs) pace.took(cost);
  return pace;
}

const five = (cost: number): readonly number[] => new Array<number>(5).fill(cost);

describe('the interval between frames', () => {
  it('is what was asked for, while frames cost at most a tenth of a core', () => {
    expect(after(...five(200))).toMatchObject({ interval: 2_000, isStretched: false });
  });

  it('grows until they do', () => {
    expect(after(...five(201))).toMatchObject({ interval: 2_500, isStretched: true });
    expect(after(...five(840)).interval).toBe(8_500);
  });

  it('is never so long that kmon seems to have stopped', () => {
    expect(after(...five(60_000)).interval).toBe(30_000);
  });

  it('does not grow for one slow frame, nor before five are known', () => {
    expect(after(50, 900, 50, 50, 900).interval).toBe(2_000);
    expect(after(900, 900, 900, 900).interval).toBe(2_000);
  });

  it('shrinks again when frames have become much cheaper, and not for a little', () => {
    const pace = after(...five(400));
    expect(pace.interval).toBe(4_000);
    for (const cost of five(300)) pace.took(cost);
    expect(pace.interval).toBe(4_000);
    for (const cost of five(240)) pace.took(cost);
    expect(pace.interval).toBe(2_500);
    for (const cost of five(30)) pace.took(cost);
    expect(pace).toMatchObject({ interval: 2_000, isStretched: false });
  });
});
