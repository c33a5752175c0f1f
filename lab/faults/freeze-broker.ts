import { electPreferred } from '../leaders.js';
import { signal } from '../processes.js';
import { clustersAreComplete } from '../topics.js';
import { until } from '../wait.js';
import type { Fault } from './fault.js';

const broker = 'us-3';

export const freezeBroker: Fault = {
  name: 'freeze-broker',
  about: `SIGSTOP of ${broker}, one of three: connections are taken and nothing answers`,
  inject: site => void signal(site, 'SIGSTOP', [broker]),
  heal: async site => {
    signal(site, 'SIGCONT', [broker]);
    await until('all brokers', () => clustersAreComplete(site), { timeoutMs: 60_000 });
    await electPreferred(site);
  },
};
