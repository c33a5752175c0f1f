import { copied } from './copied.js';

/** What was in columns at one moment; it never changes. NaN where nothing is. */
export interface Picture {
  /** Rows: partitions count from 0. */
  readonly rows: number;
  get(column: number, row: number): number;
}

/**
 * Cell of a row, or the one cell more that every block ends with, which holds NaN. A choice between a cell and NaN itself would
 * make an object of the number, for each cell of a sweep; a choice between two indices makes none.
 */
function cellOf(columns: number, rows: number, column: number, row: number): number {
  return row < rows ? column * rows + row : columns * rows;
}

/**
 * Columns of numbers by partition, in one block of memory: no object a partition. `picture()` costs nothing; the first write
 * after it copies the block, so that who holds the picture sees what was.
 */
export class Columns implements Picture {
  private cells: Float64Array;
  private shown: Block | undefined;

  constructor(
    private readonly columns: number,
    private height = 0,
  ) {
    this.cells = new Float64Array(columns * height + 1).fill(NaN);
  }

  get rows(): number {
    return this.height;
  }

  /** Column after column, `rows` numbers each, for loops over all of them; it is another one after `open`. */
  get data(): Float64Array {
    return this.cells;
  }

  get(column: number, row: number): number {
    return this.cells[cellOf(this.columns, this.height, column, row)] ?? NaN;
  }

  /** Makes room for `rows` rows, and a block of its own to write to. */
  open(rows: number): void {
    if (rows > this.height) {
      const cells = new Float64Array(this.columns * rows + 1).fill(NaN);
      for (let c = 0; c < this.columns; c++)
        cells.set(this.cells.subarray(c * this.height, (c + 1) * this.height), c * rows);
      [this.cells, this.height] = [cells, rows];
    } else if (this.shown !== undefined) this.cells = copied(this.cells);
    this.shown = undefined;
  }

  /** Only after `open`, and before the next `picture`. */
  set(column: number, row: number, value: number): void {
    this.cells[column * this.height + row] = value;
  }

  picture(): Picture {
    return (this.shown ??= new Block(this.cells, this.columns, this.height));
  }

  /** For who has looked before the next write: nothing is copied for it. */
  glance(): Picture {
    return this.shown ?? new Block(this.cells, this.columns, this.height);
  }
}

class Block implements Picture {
  constructor(
    private readonly cells: Float64Array,
    private readonly columns: number,
    readonly rows: number,
  ) {}

  get(column: number, row: number): number {
    return this.cells[cellOf(this.columns, this.rows, column, row)] ?? NaN;
  }
}
