import type { Binding } from './binding.js';

/** `s` in the view of a group, or of a topic: another order of its partitions. */
export function orderKey(at: 'group' | 'topic', orders: readonly string[], description: string): Binding {
  return {
    id: `${at}.sort`,
    keys: ['s'],
    shown: 's',
    label: 'sort',
    description,
    at: [at],
    footer: 43,
    press: ({ ui }) => {
      const now = Math.max(0, orders.indexOf(ui.order[at] ?? ''));
      const order = orders[(now + 1) % orders.length] ?? '';
      return { ui: { ...ui, order: { ...ui.order, [at]: order } } };
    },
  };
}
