import { setGroup, settingsOf } from '../groups.js';
import type { Fault } from './fault.js';

/** Records a second of the whole group; healthy load brings `orders` some 670. */
const maxPerSecond = 150;

export const slowConsumer: Fault = {
  name: 'slow-consumer',
  about: `billing handles ${maxPerSecond} records/s, well below arrival: its lag grows, nobody leaves`,
  inject: site => setGroup(site, 'billing', { ...settingsOf('billing').read(site), maxPerSecond }),
  heal: site => setGroup(site, 'billing', { ...settingsOf('billing').read(site), maxPerSecond: null }),
};
