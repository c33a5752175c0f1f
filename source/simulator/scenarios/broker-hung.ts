import { loseBroker } from '../site/brokers.js';
import type { Scenario } from './scenario.js';

export const brokerHung: Scenario = {
  name: 'broker-hung',
  happens: 'after 20 s broker 2 of us accepts connections and answers nothing; after 2 min it is well',
  see: 'it is named; what the other brokers know stays alive',
  events: [
    {
      at: 20,
      make: async ({ state, us }) => {
        loseBroker(state, 2);
        await us.afflict(2, 'hung');
      },
    },
    { at: 140, make: site => site.returnBroker(2) },
  ],
};
