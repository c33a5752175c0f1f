import type { Binding } from '../../binding.js';
import { scrolled } from '../../navigate.js';
import { isText } from '../../pane-keys.js';
import { lastScroll } from './present.js';

export const flowKeys: readonly Binding[] = [
  {
    id: 'flow.scroll',
    keys: ['up', 'down', 'k', 'j', 'page-up', 'page-down', ' ', 'home', 'end'],
    shown: '↑↓',
    label: 'scroll',
    description: 'scroll',
    at: ['flow'],
    footer: 40,
    when: isText,
    press: ({ view, ui, size }, key) => ({ ui: scrolled(ui, key, lastScroll(view, ui, size), size.rows) }),
  },
];
