import { keepShape } from '../core/keep-shape.js';

/** A style of the terminal: the code that begins it and the one that ends it. */
export type Code = { readonly open: string; readonly close: string };

/** Bold and faint go together, and one code ends both. */
const endOfIntensity = '\u001b[22m';

/**
 * Writes a row with as few codes as there can be: between two colours only the second is named. It is, code for code, how Ink
 * writes a row from its grid of cells. So Ink, which takes a row apart, puts it together and takes that apart again unless it
 * knows it already, takes each row apart once.
 */
export class Pen {
  private now: readonly Code[] = [];
  private out = '';

  write(text: string, style: readonly Code[]): void {
    if (text === '') return;
    this.out += this.change(style) + text;
  }

  end(): string {
    return this.out + this.change([]);
  }

  private change(style: readonly Code[]): string {
    if (style === this.now) return '';
    const over = this.now.filter(one =>
      one.close === endOfIntensity
        ? !style.some(next => next.open === one.open)
        : !style.some(next => next.close === one.close),
    );
    const isIntensityOver = over.some(one => one.close === endOfIntensity);
    const begun = style.filter(
      next =>
        !this.now.some(one => one.open === next.open) || (isIntensityOver && next.close === endOfIntensity),
    );
    const left = this.now.filter(
      one =>
        !over.includes(one) &&
        !begun.some(next => next.open === one.open) &&
        (one.close === endOfIntensity || !begun.some(next => next.close === one.close)),
    );
    this.now = [...left, ...begun];
    const ends = new Set(over.toReversed().map(one => one.close));
    return [...ends, ...begun.map(next => next.open)].join('');
  }
}

keepShape(new Pen());
