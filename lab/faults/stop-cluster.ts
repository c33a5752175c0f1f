import { brokerNames } from '../brokers.js';
import { putConnectors } from '../connectors.js';
import { electPreferred } from '../leaders.js';
import { startParts } from '../parts.js';
import { signal } from '../processes.js';
import { clustersAreComplete } from '../topics.js';
import { until } from '../wait.js';
import type { Fault } from './fault.js';

export const stopCluster: Fault = {
  name: 'stop-cluster',
  about: 'kill -9 of all three brokers of us: the target is gone, the source goes on',
  inject: site => void signal(site, 'SIGKILL', brokerNames('us')),
  heal: async site => {
    startParts(site, brokerNames('us'));
    await until('all brokers', () => clustersAreComplete(site), { timeoutMs: 60_000 });
    await electPreferred(site);
    await putConnectors(site);
  },
};
