import type { Binding } from '../../binding.js';
import { chooserKeys } from '../../chooser-keys.js';
import { currentChange } from '../../selection.js';
import { lastScroll } from './present.js';

export const changesKeys: readonly Binding[] = [
  ...chooserKeys({
    at: 'changes',
    what: 'change',
    all: view => view.changes,
    idOf: change => change.plan.id,
    current: currentChange,
    choose: (ui, change) => ({ ...ui, change: change.plan.id, scroll: 0 }),
    lastScroll,
  }),
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
