import type { Clock, Millis } from '../core/clock.js';
import type { Observation } from '../core/observation.js';
import type { ConnectLink } from '../wire/connect/link.js';
import { readConnectors } from '../wire/connect/reads/connectors.js';
import { readPlugins } from '../wire/connect/reads/plugins.js';
import { readRoot } from '../wire/connect/reads/root.js';
import type { Pass } from './beat.js';
import { timed } from './timed.js';

/** Version and Kafka cluster of a Connect cluster change only when it is replaced. */
const rootEvery: Millis = 60_000;

/** What the workers can run changes when they are restarted with other jars; what failed is asked for sooner. */
const pluginsEvery: Millis = 10 * 60_000;
const pluginsAgain: Millis = 60_000;

/**
 * One pass over a Connect cluster: one request for all connectors, their tasks and configuration. While its workers
 * rebalance they say so of the connectors and go on answering for themselves: that is no error of the endpoint, and the
 * model keeps what it saw before.
 */
export function connectPoll(link: ConnectLink, clock: Clock, emit: (o: Observation) => void): Pass {
  let rootAt: Millis | undefined;
  let pluginsDue: Millis = -Infinity;
  const askRoot = async (signal: AbortSignal): Promise<boolean> => {
    const root = await timed(clock, () => readRoot(link, signal));
    emit({ kind: 'connect', connect: link.connect, ...root });
    if ('ok' in root.answer) rootAt = root.answered;
    return 'ok' in root.answer;
  };
  return async ({ signal, asking }) => {
    const connect = link.connect;
    if (rootAt === undefined || clock.now() - rootAt >= rootEvery) {
      asking('version');
      await askRoot(signal);
    }
    asking('connectors');
    const seen = await timed(clock, () => readConnectors(link, signal));
    emit({ kind: 'connectors', connect, ...seen });
    if ('ok' in seen.answer) {
      if (clock.now() >= pluginsDue) {
        const plugins = await timed(clock, () => readPlugins(link, signal));
        emit({ kind: 'plugins', connect, ...plugins });
        pluginsDue = plugins.answered + ('ok' in plugins.answer ? pluginsEvery : pluginsAgain);
      }
      return undefined;
    }
    if (seen.answer.failed.kind === 'busy' && (await askRoot(signal))) return undefined;
    rootAt = undefined;
    return seen.answer.failed;
  };
}
