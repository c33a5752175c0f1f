import { describe, expect, it } from 'vitest';
import { failure, type Failure } from '../../source/core/failure.js';
import { startBeat } from '../../source/observe/beat.js';
import { FakeClock } from '../support/fake-clock.js';

const down = failure('refused', 'Metadata of us');

function beating(answers: (clock: FakeClock) => Failure | undefined | Promise<Failure | undefined>) {
  const clock = new FakeClock(0);
  const stop = new AbortController();
  const passes: number[] = [];
  let changes = 0;
  const beat = startBeat({
    interval: () => 2000,
    clock,
    signal: stop.signal,
    changed: () => changes++,
    pass: async ({ asking }) => {
      asking('Metadata');
      passes.push(clock.now());
      return answers(clock);
    },
  });
  return { clock, stop, passes, beat, changes: () => changes };
}

describe('the beat of an endpoint', () => {
  it('says what it asks before the first answer', async () => {
    const { beat, clock } = beating(() => new Promise(() => undefined));
    await clock.advance(0);
    expect(beat.state()).toEqual({ is: 'asking', what: 'Metadata', since: 0 });
  });

  it('asks every interval, from start to start', async () => {
    const { clock, passes, beat } = beating(() => undefined);
    await clock.advance(6000);
    expect(passes).toEqual([0, 2000, 4000, 6000]);
    expect(beat.state()).toEqual({ is: 'live', lastAnswer: 6000 });
  });

  it('never runs two passes at a time, and leaves a breath after a slow one', async () => {
    const { clock, passes } = beating(async clock => {
      await clock.sleep(5000);
      return undefined;
    });
    await clock.advance(12_000);
    expect(passes).toEqual([0, 6000, 12_000]);
  });

  it('waits longer each time while it fails, and says cause, since when, and the next try', async () => {
    const { clock, passes, beat } = beating(() => down);
    await clock.advance(20_000);
    expect(passes).toEqual([0, 2000, 6000, 14_000]);
    expect(beat.state()).toEqual({ is: 'failing', failure: down, since: 0, nextTry: 30_000 });
    await clock.advance(100_000);
    expect(passes.slice(4)).toEqual([30_000, 60_000, 90_000, 120_000]);
  });

  it('is live again at the first answer, and its age of failure starts anew', async () => {
    let fails = true;
    const { clock, beat } = beating(() => (fails ? down : undefined));
    await clock.advance(1000);
    fails = false;
    await clock.advance(1000);
    expect(beat.state()).toEqual({ is: 'live', lastAnswer: 2000 });
    fails = true;
    await clock.advance(2000);
    expect(beat.state()).toMatchObject({ is: 'failing', since: 4000, lastAnswer: 2000 });
  });

  it('asks at once when it is poked', async () => {
    const { clock, passes, beat } = beating(() => down);
    await clock.advance(10_000);
    beat.poke();
    await clock.advance(0);
    expect(passes.at(-1)).toBe(10_000);
  });

  it('leaves nothing waiting once it is stopped', async () => {
    const { clock, stop } = beating(() => undefined);
    await clock.advance(3000);
    stop.abort();
    await clock.advance(0);
    expect(clock.waiting).toBe(0);
  });

  it('tells only what changed', async () => {
    const { clock, changes } = beating(() => undefined);
    await clock.advance(0);
    const before = changes();
    await clock.advance(20_000);
    expect(changes()).toBe(before);
  });
});
