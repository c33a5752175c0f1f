import { currentLoad, setLoad } from '../load.js';
import type { Fault } from './fault.js';

const hotShare = 0.95;

export const skew: Fault = {
  name: 'skew',
  about: `${hotShare * 100} % of orders with one key: one partition of 12 beyond what one task carries`,
  inject: site => {
    setLoad(site, { hotShare });
  },
  heal: site => {
    if (currentLoad(site)) setLoad(site, { hotShare: 0 });
  },
};
