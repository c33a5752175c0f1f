import type { Clock, Millis } from '../core/clock.js';
import type { Observation } from '../core/observation.js';
import type { ConnectLink } from '../wire/connect/link.js';
import { readConnectors } from '../wire/connect/reads/connectors.js';
import { readRoot } from '../wire/connect/reads/root.js';
import type { Pass } from './beat.js';
import { timed } from './timed.js';

/** Version and Kafka cluster of a Connect cluster change only when it is replaced. */
const rootEvery: Millis = 60_000;

/** One pass over a Connect cluster: one request for all connectors, their tasks and configuration. */
export function connectPoll(link: ConnectLink, clock: Clock, emit: (o: Observation) => void): Pass {
  let rootAt: Millis | undefined;
  return async ({ signal, asking }) => {
    const connect = link.connect;
    if (rootAt === undefined || clock.now() - rootAt >= rootEvery) {
      asking('version');
      const root = await timed(clock, () => readRoot(link, signal));
      emit({ kind: 'connect', connect, ...root });
      if ('ok' in root.answer) rootAt = root.answered;
    }
    asking('connectors');
    const seen = await timed(clock, () => readConnectors(link, signal));
    emit({ kind: 'connectors', connect, ...seen });
    if ('ok' in seen.answer) return undefined;
    rootAt = undefined;
    return seen.answer.failed;
  };
}
