import type { Binding, Context, Effect } from '../../binding.js';
import { selectable, selection } from '../../selection.js';
import { openFlow, openGroup } from '../../navigate.js';

export const overviewKeys: readonly Binding[] = [
  {
    id: 'overview.move',
    keys: ['up', 'down', 'k', 'j', 'page-up', 'page-down', 'home', 'end'],
    shown: '↑↓',
    label: 'move',
    description: 'select a flow or a group',
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
    disabled: ({ view, ui }) =>
      selection(view, ui) ? undefined : 'nothing is known yet that could be opened',
    press: context => {
      const chosen = selection(context.view, context.ui);
      if (chosen?.kind === 'flow') return { ui: openFlow(context.ui, chosen.id) };
      return { ui: chosen ? openGroup(context.ui, chosen.id) : context.ui };
    },
  },
];

function move({ view, ui, size }: Context, key: string): Effect {
  const all = selectable(view);
  const now = selection(view, ui);
  const from = all.findIndex(one => one.kind === now?.kind && one.id === now.id);
  const to = Math.max(0, Math.min(all.length - 1, target(key, from, all.length, size.rows)));
  const chosen = all[to];
  return { ui: chosen ? { ...ui, selected: chosen } : ui };
}

function target(key: string, from: number, count: number, rows: number): number {
  switch (key) {
    case 'up':
    case 'k':
      return from - 1;
    case 'down':
    case 'j':
      return from + 1;
    case 'page-up':
      return from - Math.max(1, rows - 12);
    case 'page-down':
      return from + Math.max(1, rows - 12);
    case 'home':
      return 0;
    default:
      return count - 1;
  }
}
