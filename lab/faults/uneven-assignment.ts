import { groupsAreReady, setGroup, settingsOf } from '../groups.js';
import { startParts } from '../parts.js';
import { end } from '../processes.js';
import type { LabSite } from '../site.js';
import type { Fault } from './fault.js';

const group = 'billing';
/** Records a second of the whole group: each member could carry half more than a third of `orders`. */
const maxPerSecond = 1_000;

async function restart(site: LabSite): Promise<void> {
  await end(site, [group]);
  startParts(site, [group]);
  await groupsAreReady(site);
}

export const unevenAssignment: Fault = {
  name: 'uneven-assignment',
  about: `${group} is started anew with an assignor that gives one member ten of twelve partitions: more than it carries`,
  inject: async site => {
    setGroup(site, group, { uneven: true, maxPerSecond });
    await restart(site);
  },
  heal: async site => {
    setGroup(site, group, { ...settingsOf(group).read(site), uneven: false, maxPerSecond: null });
    await restart(site);
  },
};
