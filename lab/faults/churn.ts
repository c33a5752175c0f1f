import { setGroup, settingsOf } from '../groups.js';
import type { Fault } from './fault.js';

const churnSeconds = 8;
const group = 'search-indexer';

export const churn: Fault = {
  name: 'churn',
  about: `every ${churnSeconds} s a member of ${group} leaves and returns: a rebalance every ${churnSeconds / 2} s`,
  inject: site => setGroup(site, group, { ...settingsOf(group).read(site), churnSeconds }),
  heal: site => setGroup(site, group, { ...settingsOf(group).read(site), churnSeconds: null }),
};
