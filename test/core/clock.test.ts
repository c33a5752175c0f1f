import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { systemClock, within } from '../../source/core/clock.js';
import { FakeClock } from '../support/fake-clock.js';

describe('within', () => {
  it('gives the answer that comes in time, and leaves nothing waiting', async () => {
    const clock = new FakeClock();
    const answer = within(
      clock,
      1000,
      async () => {
        await clock.sleep(900);
        return 'answer';
      },
      () => 'late',
    );
    await clock.advance(900);
    expect(await answer).toBe('answer');
    expect(clock.waiting).toBe(0);
  });

  it('gives up after the time, and tells the work to drop what it holds', async () => {
    const clock = new FakeClock();
    let told = false;
    const answer = within(
      clock,
      1000,
      signal => {
        signal.addEventListener('abort', () => (told = true));
        return new Promise<string>(() => undefined);
      },
      () => 'late',
    );
    await clock.advance(1000);
    expect(await answer).toBe('late');
    expect(told).toBe(true);
  });

  it('listens to a parent once, ends with it, and then leaves nothing behind on it', async () => {
    const clock = new FakeClock();
    const parent = new AbortController();
    const never = new Promise<string>(() => undefined);
    const answer = within(
      clock,
      1000,
      () => never,
      () => 'late',
      parent.signal,
    );
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(1);
    parent.abort();
    expect(await answer).toBe('late');
    expect(clock.waiting).toBe(0);
    expect(getEventListeners(parent.signal, 'abort')).toEqual([]);
  });

  it('swallows what late work throws after it was given up', async () => {
    const clock = new FakeClock();
    const answer = within(
      clock,
      1000,
      async () => {
        await clock.sleep(2000);
        throw new Error('connection dropped');
      },
      () => 'late',
    );
    await clock.advance(1000);
    expect(await answer).toBe('late');
    await clock.advance(1000);
  });
});

describe.each([
  ['the clock of the system', () => systemClock],
  ['the clock of the tests', () => new FakeClock()],
])('%s', (_, make) => {
  it('leaves nothing behind on a signal that outlives a sleep, and wakes when it aborts', async () => {
    const clock = make();
    const stop = new AbortController();
    const slept = clock.sleep(1, stop.signal);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
    if (clock instanceof FakeClock) await clock.advance(1);
    await slept;
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
    const woken = clock.sleep(1e6, stop.signal);
    stop.abort();
    await woken;
  });
});
