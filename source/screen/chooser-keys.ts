import type { Binding, Context } from './binding.js';
import { neighbour, scrolled } from './navigate.js';
import type { Ui, ViewName } from './ui.js';

/** A view with a list, and below it the text of what is selected there. */
export type Chooser<T> = {
  readonly at: ViewName;
  /** What is selected: `finding`. */
  readonly what: string;
  readonly all: (view: Context['view'], ui: Ui) => readonly T[];
  readonly idOf: (one: T) => string;
  readonly current: (view: Context['view'], ui: Ui) => T | undefined;
  readonly choose: (ui: Ui, one: T) => Ui;
  readonly lastScroll: (view: Context['view'], ui: Ui, size: Context['size']) => number;
};

/** The keys that select, and those that scroll the text. */
export function chooserKeys<T>({
  at,
  what,
  all,
  idOf,
  current,
  choose,
  lastScroll,
}: Chooser<T>): readonly Binding[] {
  const nothing = ({ view, ui }: Context): string | undefined =>
    current(view, ui) === undefined ? `there is no ${what}` : undefined;
  return [
    {
      id: `${at}.move`,
      keys: ['up', 'down', 'k', 'j'],
      shown: '↑↓',
      label: 'move',
      description: `select a ${what}`,
      at: [at],
      footer: 40,
      disabled: nothing,
      press: ({ view, ui }, key) => {
        const list = all(view, ui);
        const selected = current(view, ui);
        const from = selected === undefined ? 0 : list.findIndex(one => idOf(one) === idOf(selected));
        const next = neighbour(list, from, key);
        return { ui: next === undefined ? ui : choose(ui, next) };
      },
    },
    {
      id: `${at}.scroll`,
      keys: ['page-up', 'page-down', 'home', 'end', ' '],
      shown: 'PgDn',
      label: 'scroll',
      description: `scroll the ${what}`,
      at: [at],
      footer: 50,
      disabled: nothing,
      press: ({ view, ui, size }, key) => ({
        ui: scrolled(ui, key, lastScroll(view, ui, size), Math.floor(size.rows / 2)),
      }),
    },
  ];
}
