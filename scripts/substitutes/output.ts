/**
 * Ink's `output.js` for the bundle. Ink draws every row of every frame into a grid of cells, an object each, and writes them down again.
 * kmon's frames are rows that cover nothing of each other, and its pen (`source/screen/pen.ts`) has written them as Ink would: a plain
 * one is taken as it is, another is drawn by Ink, by itself and once.
 */
import Drawn from '../../node_modules/ink/build/output.js';
import { isPlainRow } from './plain-row.js';
import { Recent } from './recent.js';

/** More rows than there are on any screen. */
const kept = 300;

/** Rows that Ink drew, by what it was given; of one width. */
let drawn = new Recent<string>(kept);
let drawnAt = NaN;

export default class Output extends Drawn {
  private readonly rows: string[] = [];
  /** Whether nothing but rows was drawn, each on a line of its own. */
  private isRows = true;

  override write(...[x, y, text, options]: Parameters<Drawn['write']>): void {
    super.write(x, y, text, options);
    if (text === '') return;
    // Every `<Text>` of Ink has a transformer, which changes nothing where no colour was asked of it.
    const isChanged = options.transformers.some(change => change(text, 0) !== text);
    const isRow = x === 0 && this.isLine(y) && !isChanged && !text.includes('\n');
    if (!isRow || this.rows[y] !== undefined) this.isRows = false;
    else this.rows[y] = text;
  }

  override clip(...[clip]: Parameters<Drawn['clip']>): void {
    this.isRows = false;
    super.clip(clip);
  }

  override get(): ReturnType<Drawn['get']> {
    if (!this.isRows || !Number.isInteger(this.height)) return super.get();
    const lines = Array.from({ length: this.height }, (_, y) => this.line(this.rows[y] ?? ''));
    return { output: lines.join('\n'), height: this.height };
  }

  private isLine(y: number): boolean {
    return Number.isInteger(y) && y >= 0 && y < this.height;
  }

  private line(row: string): string {
    if (isPlainRow(row)) return row.trimEnd();
    if (drawnAt !== this.width) {
      drawn = new Recent(kept);
      drawnAt = this.width;
    }
    return drawn.get(row, text => {
      const one = new Drawn({ width: this.width, height: 1 });
      one.write(0, 0, text, { transformers: [] });
      return one.get().output;
    });
  }
}
