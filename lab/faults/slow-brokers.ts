import { brokerNames } from '../brokers.js';
import { duty } from '../duty.js';
import { currentLoad, healthyRate, setLoad } from '../load.js';
import type { Fault } from './fault.js';

const slowness = duty('slow-brokers', brokerNames('us'), { stoppedMs: 1_200, runningMs: 150 });

/**
 * Records a second: within what four tasks carry, beyond what brokers carry that answer once in 1.35 s. At the healthy rate the flow
 * is not behind even then, and nothing is to be found.
 */
const slowRate = 1_800;

export const slowBrokers: Fault = {
  name: 'slow-brokers',
  about:
    `${slowRate} records/s, and all brokers of us work 150 ms and stand still for 1.2 s, in turn (SIGSTOP, SIGCONT): ` +
    'each answer takes a second',
  prepare: site => {
    setLoad(site, { rate: slowRate });
  },
  inject: slowness.begin,
  heal: async site => {
    await slowness.end(site);
    if (currentLoad(site)) setLoad(site, { rate: healthyRate });
  },
};
