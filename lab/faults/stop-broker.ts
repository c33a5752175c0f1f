import { electPreferred } from '../leaders.js';
import { startParts } from '../parts.js';
import { signal } from '../processes.js';
import { clustersAreComplete } from '../topics.js';
import { until } from '../wait.js';
import type { Fault } from './fault.js';

const broker = 'us-2';

export const stopBroker: Fault = {
  name: 'stop-broker',
  about: `kill -9 of ${broker}, one of three: connections refused, partitions under-replicated, all goes on`,
  inject: site => void signal(site, 'SIGKILL', [broker]),
  heal: async site => {
    startParts(site, [broker]);
    await until('all brokers', () => clustersAreComplete(site), { timeoutMs: 60_000 });
    await electPreferred(site);
  },
};
