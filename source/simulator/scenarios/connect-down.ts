import type { Scenario } from './scenario.js';

export const connectDown: Scenario = {
  name: 'connect-down',
  happens: 'after 20 s no worker answers REST, while the tasks go on; after 3 min they do again',
  see: 'connectors are stale and say why; lag, rates and groups go on',
  events: [
    { at: 20, make: ({ connect }) => connect.setFault('down') },
    { at: 180, make: ({ connect }) => connect.setFault(undefined) },
  ],
};
