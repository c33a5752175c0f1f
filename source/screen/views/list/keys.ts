import type { Binding, Context, Effect } from '../../binding.js';
import { listState, selectedRow, withList, type Arranged, type List } from '../../list.js';
import { listAt } from '../../lists/index.js';
import { jump, rowAfter } from '../../navigate.js';
import type { ListState, Ui, ViewName } from '../../ui.js';

const listViews: readonly ViewName[] = ['flows', 'groups', 'topics', 'machines'];

type Shown = { readonly list: List; readonly state: ListState; readonly arranged: Arranged };

function shownList({ view, ui }: Context): Shown | undefined {
  const list = listAt(ui.at);
  if (!list) return undefined;
  const state = listState(ui, list.name);
  return { list, state, arranged: list.arrange(view, state) };
}

/** What a key does to the list on the screen; nothing where there is none. */
function onList(context: Context, change: (shown: Shown) => Ui): Effect {
  const shown = shownList(context);
  return { ui: shown ? change(shown) : context.ui };
}

export const listKeys: readonly Binding[] = [
  {
    id: 'list.move',
    keys: ['up', 'down', 'k', 'j', 'page-up', 'page-down', ' ', 'home', 'end', 'g', 'G'],
    shown: '↑↓',
    label: 'move',
    description: 'select a row',
    at: listViews,
    footer: 40,
    press: (context, key) =>
      onList(context, ({ list, state, arranged }) => {
        const from = selectedRow(arranged, state);
        const selected = arranged.ids[rowAfter(key, from, arranged.ids.length, context.size.rows - 8)];
        return selected === undefined ? context.ui : withList(context.ui, list.name, { selected });
      }),
  },
  {
    id: 'list.open',
    keys: ['enter', 'right', 'l'],
    shown: 'Enter',
    label: 'open',
    description: 'open what is selected',
    at: listViews,
    footer: 10,
    disabled: context =>
      (shownList(context)?.arranged.ids.length ?? 0) > 0 ? undefined : 'there is no row to open',
    press: context =>
      onList(context, ({ list, state, arranged }) => {
        const id = arranged.ids[selectedRow(arranged, state)];
        return id === undefined
          ? context.ui
          : list.open(withList(context.ui, list.name, { selected: id }), id);
      }),
  },
  {
    id: 'list.filter',
    keys: ['/'],
    shown: '/',
    label: 'filter',
    description:
      'filter: text, /regex/, field:text, lag>1k, and ! before any of them; all terms must hold. Enter keeps it, Esc takes it back',
    at: listViews,
    footer: 20,
    press: context =>
      onList(context, ({ state }) => ({ ...context.ui, filtering: { before: state.filter } })),
  },
  {
    id: 'overview.filter',
    keys: ['/'],
    shown: '/',
    label: 'filter',
    description: 'filter the groups, in their own view',
    at: ['overview'],
    footer: 20,
    disabled: ({ view }) => (view.snapshot.groups.length > 0 ? undefined : 'no group is known'),
    press: ({ ui }) => ({ ui: { ...jump(ui, 'groups'), filtering: { before: '' } } }),
  },
  {
    id: 'list.sort',
    keys: ['s'],
    shown: 's',
    label: 'sort',
    description: 'the next order of the rows',
    at: listViews,
    footer: 21,
    press: context =>
      onList(context, ({ list, state }) => {
        const now = Math.max(0, list.sorts.indexOf(state.sort ?? ''));
        const sort = list.sorts[(now + 1) % list.sorts.length];
        return sort === undefined ? context.ui : withList(context.ui, list.name, { sort });
      }),
  },
  {
    id: 'filter.keep',
    keys: ['enter'],
    shown: 'Enter',
    label: 'keep',
    description: 'keep the filter',
    at: ['filter'],
    footer: 1,
    press: ({ ui }) => ({ ui: withoutFiltering(ui) }),
  },
  {
    id: 'filter.leave',
    keys: ['escape'],
    shown: 'Esc',
    label: 'leave',
    description: 'the filter as it was before',
    at: ['filter'],
    footer: 2,
    press: context =>
      onList(context, ({ list }) =>
        withList(withoutFiltering(context.ui), list.name, { filter: context.ui.filtering?.before ?? '' }),
      ),
  },
];

/** Esc first takes the filter of a list away; undefined where there is none. */
export function unfiltered(ui: Ui): Ui | undefined {
  const list = listAt(ui.at);
  return list && listState(ui, list.name).filter !== '' ? withList(ui, list.name, { filter: '' }) : undefined;
}

const longestFilter = 200;

/** While a filter is typed, every other key is text; the rows follow at once. */
export function filterInto({ ui }: Context, text: string): Effect {
  const list = listAt(ui.at);
  if (!list) return { ui };
  const { filter } = listState(ui, list.name);
  const now = text === 'backspace' ? Array.from(filter).slice(0, -1).join('') : filter + text;
  return { ui: withList(ui, list.name, { filter: now.slice(0, longestFilter) }) };
}

function withoutFiltering(ui: Ui): Ui {
  return { ...ui, filtering: undefined };
}
