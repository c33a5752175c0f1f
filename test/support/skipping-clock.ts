import { FakeClock } from './fake-clock.js';

/**
 * A clock for loops that pause between real requests: a pause of up to `longest` ms passes at once, while longer waits
 * (the deadlines of requests) stand still until `advance`.
 */
export class SkippingClock extends FakeClock {
  constructor(
    start: number,
    private readonly longest = 15_000,
  ) {
    super(start);
  }

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms > this.longest) return super.sleep(ms, signal);
    const slept = super.sleep(ms);
    void this.advance(ms);
    return slept;
  }
}
