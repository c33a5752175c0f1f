import type { Binding } from '../../binding.js';
import { neighbour, openFlow, scrolled } from '../../navigate.js';
import { currentFlow, orderedFlows } from '../../selection.js';
import { lastScroll } from './present.js';

export const flowKeys: readonly Binding[] = [
  {
    id: 'flow.scroll',
    keys: ['up', 'down', 'k', 'j', 'page-up', 'page-down', 'home', 'end'],
    shown: '↑↓',
    label: 'scroll',
    description: 'scroll',
    at: ['flow'],
    footer: 40,
    press: ({ view, ui, size }, key) => ({ ui: scrolled(ui, key, lastScroll(view, ui, size), size.rows) }),
  },
  {
    id: 'flow.next',
    keys: ['left', 'right', 'h', 'l'],
    shown: '←→',
    label: 'other flow',
    description: 'the flow before or after this one',
    at: ['flow'],
    footer: 45,
    press: ({ view, ui }, key) => {
      const flows = orderedFlows(view);
      const from = flows.findIndex(flow => flow.id === currentFlow(view, ui)?.id);
      const flow = neighbour(flows, from, key === 'left' || key === 'h' ? 'up' : 'down');
      return { ui: flow ? openFlow(ui, flow.id) : ui };
    },
  },
];
