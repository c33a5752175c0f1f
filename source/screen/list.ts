import type { View } from '../session/view.js';
import { parseFilter, type Fields } from './filter.js';
import type { Panel } from './parts/panel.js';
import { pinnedFirst } from './pins.js';
import { remembered } from './remembered.js';
import type { ListName, ListState, Ui } from './ui.js';

/** One order of a list, by the word that the title shows. */
export type Sort<T> = { readonly by: string; readonly compare: (a: T, b: T) => number };

export type ListSpec<T> = {
  readonly name: ListName;
  readonly items: (view: View) => readonly T[];
  readonly id: (item: T) => string;
  /** Of an item, where the user may pin it: `pinOf` of its subject. */
  readonly pin: (item: T) => string;
  /** What a filter may name beside the name itself, and its values of one row. */
  readonly fields: readonly string[];
  readonly facts: (item: T) => Fields;
  /** The first is the order in which the list opens. */
  readonly sorts: readonly [Sort<T>, ...Sort<T>[]];
  /** Draws all rows that it is given; each row is made only when it is shown. */
  readonly panel: (view: View, items: readonly T[], columns: number) => Panel;
  readonly open: (ui: Ui, id: string) => Ui;
  /** Why what the filter names is not there, where that is known. */
  readonly absent?: (view: View, filter: string) => string | undefined;
};

/** What is to be drawn of a list: filtered, in order, every row by its id. */
export type Arranged = {
  readonly ids: readonly string[];
  readonly total: number;
  readonly panel: (columns: number) => Panel;
  /** Why the filter cannot be applied (yet): then nothing is filtered. */
  readonly problem?: string;
};

export type List = {
  readonly name: ListName;
  readonly fields: readonly string[];
  readonly sorts: readonly string[];
  readonly arrange: (view: View, state: ListState) => Arranged;
  readonly open: (ui: Ui, id: string) => Ui;
  readonly absent?: (view: View, filter: string) => string | undefined;
};

/** Hides what kind of thing a list is of: keys and title are the same for all. What is arranged of one view is kept: keys ask often. */
export function list<T>(spec: ListSpec<T>): List {
  const arrange = remembered((view: View, text: string, by: string | undefined): Arranged => {
    const all = spec.items(view);
    const filter = parseFilter(text, spec.fields);
    const kept =
      typeof filter === 'string' || text.trim() === ''
        ? [...all]
        : all.filter(item => filter.matches(spec.facts(item)));
    const sort = spec.sorts.find(one => one.by === by) ?? spec.sorts[0];
    const pins = pinnedFirst(view, spec.pin);
    kept.sort((a, b) => pins(a, b) || sort.compare(a, b) || spec.id(a).localeCompare(spec.id(b)));
    const panel = remembered((items: readonly T[], columns: number) => spec.panel(view, items, columns));
    return {
      ids: kept.map(item => spec.id(item)),
      total: all.length,
      panel: columns => panel(kept, columns),
      ...(typeof filter === 'string' ? { problem: filter } : {}),
    };
  });
  return {
    name: spec.name,
    fields: spec.fields,
    sorts: spec.sorts.map(sort => sort.by),
    open: spec.open,
    ...(spec.absent && { absent: spec.absent }),
    arrange: (view, { filter, sort }) => arrange(view, filter, sort),
  };
}

/** Known numbers from the greatest down; what is not known comes after, for it may be any. */
export function descending<T>(of: (item: T) => number | undefined): (a: T, b: T) => number {
  return (a, b) => {
    const [x, y] = [of(a), of(b)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    return y - x;
  };
}

export function alphabetical<T>(of: (item: T) => string | undefined): (a: T, b: T) => number {
  return (a, b) => (of(a) ?? '').localeCompare(of(b) ?? '');
}

export const freshList: ListState = { filter: '' };

export function listState(ui: Ui, name: ListName): ListState {
  return ui.lists[name] ?? freshList;
}

export function withList(ui: Ui, name: ListName, change: Partial<ListState>): Ui {
  return { ...ui, lists: { ...ui.lists, [name]: { ...listState(ui, name), ...change } } };
}

/** The row that the keys speak of: it stays the same thing when rows move, and is the first where it is gone. */
export function selectedRow(arranged: Arranged, state: ListState): number {
  return Math.max(0, state.selected === undefined ? 0 : arranged.ids.indexOf(state.selected));
}
