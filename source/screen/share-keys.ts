import type { Binding } from './binding.js';
import { views } from './binding.js';
import { copied } from './copied.js';

/** Keys that hand what is seen to someone else. */
export const shareKeys: readonly Binding[] = [
  {
    id: 'share.copy',
    keys: ['y'],
    shown: 'y',
    label: 'copy',
    description: 'copy what is selected as text for a chat, with site, time and numbers (OSC 52)',
    at: views,
    footer: 72,
    disabled: ({ view, ui }) => (copied(view, ui) ? undefined : 'nothing is selected that could be copied'),
    press: ({ view, ui }) => {
      const of = copied(view, ui);
      return of === undefined ? { ui } : { ui, ask: { is: 'copy', ...of } };
    },
  },
  {
    id: 'share.save',
    keys: ['S'],
    shown: 'S',
    label: 'save screen',
    description: 'save the screen as text, ANSI and SVG in $KMON_SAVE_DIR, or the working directory',
    at: [...views, 'help', 'offers', 'dialog'],
    footer: 75,
    press: ({ ui }) => ({ ui, ask: { is: 'save' } }),
  },
];
