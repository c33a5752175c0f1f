import type { Millis } from '../core/clock.js';
import type { Hindsight } from './hindsight.js';
import { pinOf, type Memory } from './memory.js';
import type { RemedyDesk } from './remedy-desk.js';
import type { Intent, View } from './view.js';

/** What an intent of the screen may reach, live or replayed. */
export type Obedient = {
  readonly live: View;
  readonly at: Millis;
  readonly hindsight: Hindsight;
  readonly memory: Memory;
  readonly desk: RemedyDesk;
  readonly refresh: () => void;
  /** Publishes what is to be seen from now on. */
  readonly show: () => void;
};

export function obey(intent: Intent, { live, at, hindsight, memory, desk, refresh, show }: Obedient): void {
  switch (intent.type) {
    case 'refresh':
      refresh();
      break;
    case 'time':
      hindsight.go(intent.to, live);
      show();
      break;
    case 'mark':
      hindsight.mark(at, intent.label);
      memory.mark(live, at, intent.label);
      break;
    case 'compare':
      memory.compare();
      break;
    case 'pin':
      memory.pin(pinOf(intent.subject));
      break;
    default:
      desk.intend(intent, live.snapshot);
      break;
  }
}
