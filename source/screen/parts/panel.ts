import type { Row } from '../row.js';

/** A table that is drawn in part: its title, its rows each made when it is shown, and why something in it is not known. */
export type Panel = {
  /** Its title when `shown` of its rows are on the screen. */
  readonly title: (shown: number) => Row;
  readonly rows: readonly { readonly id: string; readonly row: (selected: boolean) => Row }[];
  readonly notes: readonly Row[];
};
