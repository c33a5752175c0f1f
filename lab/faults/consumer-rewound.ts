import { setGroup, settingsOf } from '../groups.js';
import type { Fault } from './fault.js';

const group = 'billing';
/** Records of each of 12 partitions; healthy load brings some 56 records/s to each. */
const rewindBy = 2_500;
/** Records a second of the whole group: somewhat more than arrive, so that it takes a minute to be back. */
const maxPerSecond = 1_100;

export const consumerRewound: Fault = {
  name: 'consumer-rewound',
  about: `${group} goes back by ${rewindBy} records in each partition, and reads them again at ${maxPerSecond}/s`,
  inject: site => setGroup(site, group, { ...settingsOf(group).read(site), rewindBy, maxPerSecond }),
  heal: site =>
    setGroup(site, group, { ...settingsOf(group).read(site), rewindBy: null, maxPerSecond: null }),
};
