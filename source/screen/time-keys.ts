import type { Binding, Context } from './binding.js';
import { views } from './binding.js';
import { keyHint, type ViewName } from './ui.js';

const isPast = ({ view }: Context): boolean => view.held !== undefined;
const first = 'this is the oldest moment that is kept';
const last = ({ ui }: Context): string =>
  `this is the newest moment that is kept: ${keyHint(ui, 'time.thaw', 'f')} goes on with the present`;

/** In the heatmap of a group the arrows move its cursor. */
const withoutCursor: readonly ViewName[] = views.filter(name => name !== 'group');

function way(side: 'earlier' | 'later'): Omit<Binding, 'at' | 'keys' | 'shown' | 'id'> {
  const to = ({ view }: Context): number | undefined => view.held?.[side];
  return {
    label: side,
    description: `the moment ${side === 'earlier' ? 'before' : 'after'} this one, in all views`,
    when: isPast,
    disabled: context =>
      to(context) === undefined ? (side === 'earlier' ? first : last(context)) : undefined,
    press: context => {
      const moment = to(context);
      return { ui: context.ui, intents: moment === undefined ? [] : [{ type: 'time', to: moment }] };
    },
  };
}

/** While a past moment is held these come before the keys of the view. */
export const timeKeys: readonly Binding[] = [
  { id: 'time.earlier', keys: ['['], shown: '[', at: views, footer: 12, ...way('earlier') },
  { id: 'time.later', keys: [']'], shown: ']', at: views, footer: 13, ...way('later') },
  { id: 'time.left', keys: ['left', 'h'], shown: '←', at: withoutCursor, ...way('earlier') },
  { id: 'time.right', keys: ['right', 'l'], shown: '→', at: withoutCursor, ...way('later') },
  {
    id: 'time.thaw',
    keys: ['f', 'escape'],
    shown: 'f',
    label: 'go on',
    description: 'back to the present',
    at: views,
    footer: 11,
    when: isPast,
    press: ({ ui }) => ({ ui, intents: [{ type: 'time', to: 'live' }] }),
  },
  {
    id: 'time.freeze',
    keys: ['f'],
    shown: 'f',
    label: 'freeze',
    description: 'hold the screen still; then [ and ] go back and forth in time, in all views',
    at: views,
    footer: 70,
    when: context => !isPast(context),
    press: ({ view, ui }) => ({ ui, intents: [{ type: 'time', to: view.at }] }),
  },
];
