import { setGroup, settingsOf } from '../groups.js';
import type { Fault } from './fault.js';

const group = 'billing';
/** Records a second of one member; a third of `orders` is some 220. */
const slowMember = { member: 1, maxPerSecond: 60 };

export const slowMemberFault: Fault = {
  name: 'slow-member',
  about: `one of three members of ${group} handles ${slowMember.maxPerSecond} records/s: its partitions fall behind, the others do not`,
  inject: site => setGroup(site, group, { ...settingsOf(group).read(site), slowMember }),
  heal: site => setGroup(site, group, { ...settingsOf(group).read(site), slowMember: null }),
};
