import { type Clock, systemClock } from '../../source/core/clock.js';

/** The system's clock, which can be set ahead: sweeps that follow one another at once are some seconds apart by it. */
export class WarmClock implements Clock {
  private ahead = 0;

  now(): number {
    return systemClock.now() + this.ahead;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }

  pass(ms: number): void {
    this.ahead += ms;
  }
}
