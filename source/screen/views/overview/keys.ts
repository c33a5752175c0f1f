import type { Binding, Context, Effect } from '../../binding.js';
import { selectable, selection } from '../../selection.js';
import { rowAfter } from '../../navigate.js';
import { opening } from '../../opens.js';
import { openingOf, type Opening } from '../../places.js';

export const overviewKeys: readonly Binding[] = [
  {
    id: 'overview.move',
    keys: ['up', 'down', 'k', 'j', 'page-up', 'page-down', 'home', 'end'],
    shown: '↑↓',
    label: 'move',
    description: 'select a flow, a group, a worker or a cluster',
    at: ['overview'],
    footer: 40,
    press: move,
  },
  {
    id: 'overview.open',
    keys: ['enter', 'right', 'l'],
    shown: 'Enter',
    label: 'open',
    description: 'open what is selected',
    at: ['overview'],
    footer: 10,
    ...opening(opens),
  },
];

function opens({ view, ui }: Context): Opening | string {
  const chosen = selection(view, ui);
  return chosen
    ? openingOf(view, { ...chosen, name: chosen.id })
    : 'nothing is known yet that could be opened';
}

function move({ view, ui, size }: Context, key: string): Effect {
  const all = selectable(view);
  const now = selection(view, ui);
  const from = all.findIndex(one => one.kind === now?.kind && one.id === now.id);
  const chosen = all[rowAfter(key, from, all.length, size.rows - 12)];
  return { ui: chosen ? { ...ui, selected: chosen } : ui };
}
