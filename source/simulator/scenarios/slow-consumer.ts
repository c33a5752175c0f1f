import { groupNamed } from '../site/state.js';
import type { Scenario } from './scenario.js';

export const slowConsumer: Scenario = {
  name: 'slow-consumer',
  happens: 'after 20 s one member of search-indexer handles 250 records/s instead of 1,500',
  see: 'its partitions fall behind, those of the other three members do not',
  events: [{ at: 20, make: ({ state }) => void (groupNamed(state, 'search-indexer').perMember[0] = 250) }],
};
