import { groupsAreReady } from '../groups.js';
import { startParts } from '../parts.js';
import { end } from '../processes.js';
import type { Fault } from './fault.js';

const group = 'billing';

export const consumerStopped: Fault = {
  name: 'consumer-stopped',
  about: `all members of ${group} are ended: its lag grows, and nobody is there`,
  inject: async site => {
    await end(site, [group]);
  },
  heal: async site => {
    startParts(site, [group]);
    await groupsAreReady(site);
  },
};
