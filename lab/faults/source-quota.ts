import { removeQuota, setQuota } from '../quotas.js';
import type { Fault } from './fault.js';

/** Bytes a second that `eu` gives to `mm2-user`; healthy load is some 530,000. */
const quota = 150_000;

export const sourceQuota: Fault = {
  name: 'source-quota',
  about: `a consumer quota of ${quota} bytes/s on mm2-user at the source: fetches are throttled, nothing waits in the producers`,
  inject: site => setQuota(site, 'eu', 'consumer_byte_rate', quota),
  heal: site => removeQuota(site, 'eu', 'consumer_byte_rate'),
};
