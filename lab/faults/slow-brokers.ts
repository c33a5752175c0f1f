import { brokerNames } from '../brokers.js';
import { duty } from '../duty.js';
import type { Fault } from './fault.js';

const slowness = duty('slow-brokers', brokerNames('us'), { stoppedMs: 1_200, runningMs: 150 });

export const slowBrokers: Fault = {
  name: 'slow-brokers',
  about:
    'all brokers of us work 150 ms and stand still for 1.2 s, in turn (SIGSTOP, SIGCONT): each answer takes a second',
  inject: slowness.begin,
  heal: slowness.end,
};
