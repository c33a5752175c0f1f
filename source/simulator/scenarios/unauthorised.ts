import type { Scenario } from './scenario.js';

const topicAuthorizationFailed = 29;
const groupAuthorizationFailed = 30;

export const unauthorised: Scenario = {
  name: 'unauthorised',
  happens: 'kmon may not read the group search-indexer, nor the topic eu.payments',
  see: 'both are unknown for that reason, and everything else is known',
  events: [
    {
      at: 0,
      make: ({ us }) => {
        const group = us.state.groups['search-indexer'];
        if (group !== undefined) group.error = groupAuthorizationFailed;
        for (const partition of us.state.topics['eu.payments']?.partitions ?? [])
          partition.error = topicAuthorizationFailed;
      },
    },
  ],
};
