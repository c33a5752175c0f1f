import { removeQuota, setQuota } from '../quotas.js';
import type { Fault } from './fault.js';

/** Bytes a second that each broker of `us` takes from `mm2-user`; healthy load brings each some 180,000. */
const quota = 60_000;

export const targetQuota: Fault = {
  name: 'target-quota',
  about: `a producer quota of ${quota} bytes/s per broker on mm2-user: poll > write, then back-pressure`,
  inject: site => setQuota(site, 'us', 'producer_byte_rate', quota),
  heal: site => removeQuota(site, 'us', 'producer_byte_rate'),
};
