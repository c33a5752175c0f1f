import type { Scenario } from './scenario.js';

/** More than four tasks carry, less than six. */
const growth = 1.75;

export const overload: Scenario = {
  name: 'overload',
  happens: 'after 20 s producers write 5,250 records/s, and four tasks carry 4,400',
  see: 'capacity is named as the limit; x raises tasks.max to 6, and the lag drains',
  events: [
    {
      at: 20,
      make: ({ state }) => {
        for (const topic of state.topics) topic.rate *= growth;
      },
    },
  ],
};
