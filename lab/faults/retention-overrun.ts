import { setGroup, settingsOf } from '../groups.js';
import { setTopicConfig } from '../topics.js';
import type { Fault } from './fault.js';

const group = 'billing';
/** Records a second of the whole group; healthy load brings `orders` some 670. */
const maxPerSecond = 60;

export const retentionOverrun: Fault = {
  name: 'retention-overrun',
  about: `orders is kept for 15 s only, and ${group} handles ${maxPerSecond} records/s: records go before it has read them`,
  inject: async site => {
    setGroup(site, group, { ...settingsOf(group).read(site), maxPerSecond });
    await setTopicConfig(site, 'eu', 'orders', { 'retention.ms': 15_000, 'segment.ms': 5_000 });
  },
  heal: async site => {
    await setTopicConfig(site, 'eu', 'orders', {});
    setGroup(site, group, { ...settingsOf(group).read(site), maxPerSecond: null });
  },
};
