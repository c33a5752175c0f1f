import type { Binding, Context, Effect } from '../../binding.js';
import { neighbour, openGroup } from '../../navigate.js';
import { currentGroup, orderedGroups } from '../../selection.js';
import { heatRows, partitionKey, selectedPartition } from './present.js';

export const groupKeys: readonly Binding[] = [
  {
    id: 'group.cursor',
    keys: ['up', 'down', 'left', 'right', 'k', 'j', 'h', 'l', 'home', 'end'],
    shown: '↑↓←→',
    label: 'cell',
    description: 'move the cursor of the heatmap: partitions up and down, time left and right',
    at: ['group'],
    footer: 40,
    press: moveCell,
  },
  {
    id: 'group.next',
    keys: ['tab', 'page-up', 'page-down'],
    shown: 'Tab',
    label: 'next group',
    description: 'the next group (Page Up: the one before)',
    at: ['group'],
    footer: 45,
    press: ({ view, ui }, key) => {
      const groups = orderedGroups(view);
      const from = groups.findIndex(group => group.id === currentGroup(view, ui)?.id);
      const last = from === groups.length - 1;
      const group =
        key === 'tab' && last ? groups[0] : neighbour(groups, from, key === 'page-up' ? 'up' : 'down');
      return { ui: group ? openGroup(ui, group.id) : ui };
    },
  },
];

function moveCell({ view, ui, size }: Context, key: string): Effect {
  const group = currentGroup(view, ui);
  if (!group) return { ui };
  const { partitions, axis } = heatRows(group, view, size);
  const from = selectedPartition(partitions, ui);
  const back = (by: number): Effect => ({
    ui: { ...ui, cell: { ...ui.cell, back: Math.max(0, Math.min(axis.columns - 1, ui.cell.back + by)) } },
  });
  if (key === 'left' || key === 'h') return back(1);
  if (key === 'right' || key === 'l') return back(-1);
  if (key === 'home') return back(axis.columns);
  if (key === 'end') return back(-axis.columns);
  const partition = neighbour(partitions, from, key);
  return { ui: partition ? { ...ui, cell: { ...ui.cell, partition: partitionKey(partition) } } : ui };
}
