import type { Subject } from '../../diagnose/finding.js';
import type { Ui } from '../ui.js';

/**
 * Rows of an open view among which a cursor moves. Each stands for something: Enter opens its view. Rows are named one by one, so that
 * ten thousand of them cost nothing until they are looked at.
 */
export type Pane = {
  readonly name: string;
  /** `text` is scrolled, `cells` has a cursor of its own. */
  readonly kind: 'text' | 'cells' | 'rows';
  readonly length: number;
  readonly id: (row: number) => string;
  /** The row that the keys speak of: it stays the same thing when rows move. */
  readonly selected: (ui: Ui) => number;
  readonly opens: (row: number) => Subject | string;
};

export function paneOf<T>(
  name: string,
  rows: readonly T[],
  id: (one: T) => string,
  opens: (one: T) => Subject | string,
): Pane {
  return lazyPane(name, rows.length, {
    id: row => (row in rows ? id(rows[row] as T) : ''),
    find: wanted => rows.findIndex(one => id(one) === wanted),
    opens: row => (row in rows ? opens(rows[row] as T) : 'there is no row to open'),
  });
}

/** `find` gives −1 where there is none of that id. */
export function lazyPane(
  name: string,
  length: number,
  rows: Pick<Pane, 'id' | 'opens'> & { readonly find: (id: string) => number },
): Pane {
  const selected = ({ picked }: Ui): number => {
    const id = picked[name];
    return Math.max(0, Math.min(length - 1, id === undefined ? 0 : rows.find(id)));
  };
  return { name, kind: 'rows', length, id: rows.id, opens: rows.opens, selected };
}

/** A text without rows of its own: the keys scroll it. */
export const textPane: Pane = {
  name: 'text',
  kind: 'text',
  length: 0,
  id: () => '',
  selected: () => 0,
  opens: () => 'Tab goes to what can be opened here',
};

/** What a pane's rows look like: the selected one of the pane that has the keys has the cursor. */
export function cursorIn(pane: Pane | undefined, active: Pane | undefined, ui: Ui): number {
  return pane !== undefined && pane.name === active?.name ? pane.selected(ui) : -1;
}
