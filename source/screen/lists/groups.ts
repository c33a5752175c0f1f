import { valueOf } from '../../core/known.js';
import type { GroupView } from '../../model/snapshot.js';
import { pinOf } from '../../session/memory.js';
import { alphabetical, descending, list } from '../list.js';
import { openGroup } from '../navigate.js';
import { orderedGroups } from '../selection.js';
import { groupPanel } from '../views/overview/groups.js';

const lagOf = (group: GroupView): number | undefined => valueOf(group.lag);

export const groups = list<GroupView>({
  name: 'groups',
  items: orderedGroups,
  id: group => group.id,
  pin: ({ id }) => pinOf({ kind: 'group', id }),
  fields: ['lag', 'state', 'cluster', 'type', 'topic', 'members', 'rate', 'rebalances', 'behind', 'lost'],
  facts: group => ({
    name: group.group,
    lag: lagOf(group),
    state: valueOf(group.state),
    cluster: group.cluster,
    type: group.type,
    // Rows of partitions are made when they are asked for, so only a filter on topics pays for them.
    get topic() {
      return [...new Set(group.partitions.map(partition => partition.topic))];
    },
    members: valueOf(group.members)?.length,
    rate: valueOf(group.consume),
    rebalances: group.rebalances.lastHour,
    get behind() {
      const behind = valueOf(group.timeLag);
      return behind && behind.ms / 1000;
    },
    lost: valueOf(group.lost),
  }),
  sorts: [
    { by: 'lag', compare: descending(lagOf) },
    { by: 'growth', compare: descending(group => valueOf(group.lagSlope)) },
    { by: 'rebalances', compare: descending(group => group.rebalances.lastHour) },
    { by: 'rate', compare: descending(group => valueOf(group.consume)) },
    { by: 'name', compare: alphabetical(group => group.group) },
    { by: 'state', compare: alphabetical(group => valueOf(group.state)) },
  ],
  panel: groupPanel,
  open: openGroup,
  absent: (view, filter) => {
    const sought = view.snapshot.flows.find(
      flow => flow.kind === 'mirror-source' && filter.includes(`connect-${flow.connector}`),
    );
    return (
      sought &&
      `MirrorMaker 2’s ${sought.connector} has no group: its positions are in Connect’s offsets topic, and 2 shows its lag`
    );
  },
});
