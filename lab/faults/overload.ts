import { currentLoad, healthyRate, setLoad } from '../load.js';
import type { Fault } from './fault.js';

/**
 * Records a second: beyond what each of four tasks carries with its 4 or 5 of the 18 partitions, within what each of six
 * carries with its 3. `docs/lab.md` has the measurement.
 */
const overloadRate = 2_400;

export const overload: Fault = {
  name: 'overload',
  about: `${overloadRate} records/s: more than four MM2 tasks carry, less than six`,
  inject: site => {
    setLoad(site, { rate: overloadRate });
  },
  heal: site => {
    if (currentLoad(site)) setLoad(site, { rate: healthyRate });
  },
};
