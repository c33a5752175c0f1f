import type { Millis } from '../../core/clock.js';
import { about } from './random.js';
import type { SiteState } from './state.js';

/** What producers append to the source: each topic's rate, spread over its partitions, partition 0 with its hot key. */
export function produce(state: SiteState, ms: Millis): void {
  for (const topic of state.topics) {
    const own = state.partitions.filter(p => p.topic === topic.topic);
    const even = (topic.rate * (1 - topic.hot)) / own.length;
    for (const p of own) {
      const rate = even + (p.partition === 0 ? topic.rate * topic.hot : 0);
      p.owed += (about(rate, 0.2, state) * ms) / 1000;
      const whole = Math.floor(p.owed);
      p.owed -= whole;
      p.end += whole;
    }
  }
}
