import type { Scenario } from './scenario.js';

export const connectRebalancing: Scenario = {
  name: 'connect-rebalancing',
  happens: 'after 20 s Connect answers 409 to everything, as in a rebalance; after 80 s it is over',
  see: 'Connect is busy, not broken; what was known stays, marked as old',
  events: [
    { at: 20, make: ({ connect }) => void (connect.fault = 'rebalancing') },
    { at: 80, make: ({ connect }) => void (connect.fault = undefined) },
  ],
};
