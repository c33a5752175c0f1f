import type { GroupView } from '../../../model/snapshot.js';
import { paneOf, type Pane } from '../../parts/pane.js';
import type { Ui } from '../../ui.js';
import { heaviest } from './members.js';
import { groupOrder, selectedPartition } from './order.js';

/** The map, whose partitions lead to their topics; the members; and the broker that coordinates the group. */
export function groupPanes(group: GroupView, ui: Ui): readonly Pane[] {
  const { cluster, coordinator } = group;
  return [
    cellsPane(group, ui),
    paneOf(
      'members',
      heaviest(group),
      ({ member }) => member,
      () => 'a member has no view of its own: its partitions stand out in the map',
    ),
    paneOf('coordinator', coordinator >= 0 ? [coordinator] : [], String, id => ({
      kind: 'broker',
      id: `${cluster}/${id}`,
      name: `broker ${id} of ${cluster}`,
    })),
  ].filter(pane => pane.kind === 'cells' || pane.length > 0);
}

function cellsPane(group: GroupView, ui: Ui): Pane {
  const ordered = groupOrder(group, ui);
  return {
    name: 'cells',
    kind: 'cells',
    length: ordered.partitions.length,
    id: () => '',
    selected: now => selectedPartition(ordered, now),
    opens: rowAt => {
      const partition = ordered.partitions[rowAt];
      return partition === undefined
        ? 'it has no partition to open'
        : { kind: 'topic', id: `${group.cluster}/${partition.topic}`, name: partition.topic };
    },
  };
}
