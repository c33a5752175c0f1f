import type { Scenario } from './scenario.js';

export const brokerDown: Scenario = {
  name: 'broker-down',
  happens: 'after 20 s broker 2 of us stops; after 3 min it is back',
  see: 'leaders move, partitions are under-replicated, replication goes on',
  events: [
    { at: 20, make: site => site.loseBroker(2) },
    { at: 180, make: site => site.returnBroker(2) },
  ],
};
