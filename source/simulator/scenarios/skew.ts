import { topicNamed } from '../site/state.js';
import type { Scenario } from './scenario.js';

export const skew: Scenario = {
  name: 'skew',
  happens: 'after 20 s one key has 55 % of the orders, all of them in partition 0',
  see: 'one hot partition: one task is busy, three are idle, and more tasks would not help',
  events: [{ at: 20, make: ({ state }) => void (topicNamed(state, 'orders').hot = 0.55) }],
};
