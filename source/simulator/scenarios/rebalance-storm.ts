import { groupNamed } from '../site/state.js';
import type { Scenario } from './scenario.js';

export const rebalanceStorm: Scenario = {
  name: 'rebalance-storm',
  happens: 'after 20 s a member of search-indexer leaves and returns, every 8 s',
  see: 'rebalances are counted; the group stands still in each, and its lag goes up and down',
  events: [{ at: 20, make: ({ state }) => void (groupNamed(state, 'search-indexer').churnEvery = 8_000) }],
};
