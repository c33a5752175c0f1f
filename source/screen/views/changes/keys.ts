import type { Binding } from '../../binding.js';
import { neighbour, scrolled } from '../../navigate.js';
import { currentChange } from '../../selection.js';
import { lastScroll } from './present.js';

export const changesKeys: readonly Binding[] = [
  {
    id: 'changes.move',
    keys: ['up', 'down', 'k', 'j'],
    shown: '↑↓',
    label: 'move',
    description: 'select a change (also j and k)',
    at: ['changes'],
    footer: 40,
    press: ({ view, ui }, key) => {
      const from = view.changes.findIndex(change => change.plan.id === currentChange(view, ui)?.plan.id);
      const change = neighbour(view.changes, from, key);
      return { ui: change ? { ...ui, change: change.plan.id, scroll: 0 } : ui };
    },
  },
  {
    id: 'changes.scroll',
    keys: ['page-up', 'page-down', 'home', 'end', ' '],
    shown: 'PgDn',
    label: 'scroll',
    description: 'scroll the change (also Space)',
    at: ['changes'],
    footer: 50,
    press: ({ view, ui, size }, key) => ({
      ui: scrolled(ui, key, lastScroll(view, ui, size), Math.floor(size.rows / 2)),
    }),
  },
  {
    id: 'changes.undo',
    keys: ['u'],
    shown: 'u',
    label: 'plan the undo',
    description: 'plan the inverse of the change; it goes through the same dialog',
    at: ['changes'],
    footer: 4,
    disabled: ({ view, ui }) => {
      const change = currentChange(view, ui);
      if (!change) return 'there is no change to undo';
      return change.undoable
        ? undefined
        : 'this change cannot be undone from here: it was not applied, or is undone already';
    },
    press: ({ view, ui }) => {
      const change = currentChange(view, ui);
      return { ui, intents: change ? [{ type: 'plan-undo', plan: change.plan.id }] : [] };
    },
  },
];
