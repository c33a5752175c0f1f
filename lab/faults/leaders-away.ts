import { electPreferred, evenly, orderReplicas, preferLeaders } from '../leaders.js';
import type { Fault } from './fault.js';

/** As after a restart of the others: the order of the replicas is even, and nobody has held an election since. */
export const leadersAway: Fault = {
  name: 'leaders-away',
  about: 'us-1 leads every partition of us, and is the preferred leader of a third of them only',
  inject: async site => {
    await preferLeaders(site, () => 1);
    await orderReplicas(site, evenly);
  },
  heal: electPreferred,
};
