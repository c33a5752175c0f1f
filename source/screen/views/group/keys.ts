import type { Binding, Context, Effect } from '../../binding.js';
import { rowAfter } from '../../navigate.js';
import { orderKey } from '../../order-key.js';
import { isCells } from '../../pane-keys.js';
import { currentGroup } from '../../selection.js';
import { measures } from '../../ui.js';
import { heatOf } from './map.js';
import { groupOrders, partitionKey, selectedPartition } from './order.js';

export const groupKeys: readonly Binding[] = [
  {
    id: 'group.cursor',
    keys: [
      'up',
      'down',
      'left',
      'right',
      'k',
      'j',
      'h',
      'l',
      'home',
      'end',
      'page-up',
      'page-down',
      'g',
      'G',
    ],
    shown: '↑↓←→',
    label: 'cell',
    description:
      'move the cursor of the heatmap: partitions up and down, time left and right; Home and End for the oldest and the newest, g and G for the first and the last partition',
    at: ['group'],
    footer: 40,
    when: isCells,
    press: moveCell,
  },
  {
    id: 'group.measure',
    keys: ['v'],
    shown: 'v',
    label: 'measure',
    description: 'what the heatmap shows: lag, how fast it grows, its share of all the lag of the group',
    at: ['group'],
    footer: 44,
    press: ({ ui }) => {
      const next = measures[(measures.indexOf(ui.measure) + 1) % measures.length] ?? 'lag';
      return { ui: { ...ui, measure: next } };
    },
  },
  orderKey('group', groupOrders, 'the next order of the partitions: partition, lag, owner, leader'),
];

function moveCell({ view, ui, size }: Context, key: string): Effect {
  const group = currentGroup(view, ui);
  if (!group) return { ui };
  const { ordered, axis } = heatOf(group, view, ui, size);
  const back = (by: number): Effect => ({
    ui: { ...ui, cell: { ...ui.cell, back: Math.max(0, Math.min(axis.columns - 1, ui.cell.back + by)) } },
  });
  if (key === 'left' || key === 'h') return back(1);
  if (key === 'right' || key === 'l') return back(-1);
  if (key === 'home') return back(axis.columns);
  if (key === 'end') return back(-axis.columns);
  const { partitions } = ordered;
  const to = rowAfter(key, selectedPartition(ordered, ui), partitions.length, Math.floor(size.rows / 2));
  const partition = partitions[to];
  return { ui: partition ? { ...ui, cell: { ...ui.cell, partition: partitionKey(partition) } } : ui };
}
