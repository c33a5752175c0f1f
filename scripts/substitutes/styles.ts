import {
  type AnsiCode,
  ansiCodesToString,
  type Char,
  diffAnsiCodes,
  reduceAnsiCodesIncremental,
  type StyledChar,
} from '@alcalzone/ansi-tokenize';
import { Recent } from './recent.js';

/** Codes that are in force together, and the characters that were drawn in them. */
export type Style = {
  readonly key: string;
  readonly codes: AnsiCode[];
  readonly characters: Map<string, StyledChar>;
};

/** More than there are on any screen, a heatmap's among them. */
const kept = 1_000;

/**
 * Styles are few and cells are many: a cell of a remembered row is a pointer to what others point to as well, and not an object of
 * its own. Whoever compares styles sees at once that they are the same. Nobody changes what is handed out.
 */
export class Styles {
  readonly none: Style = styleOf('', []);
  private readonly styles = new Recent<Style>(kept);
  private readonly changes = new Recent<Style>(kept);
  /** By the codes before and after. */
  private readonly betweens = new WeakMap<AnsiCode[], WeakMap<AnsiCode[], string>>();

  /** The style after one code more. */
  after(style: Style, code: AnsiCode): Style {
    return this.changes.get(`${style.key}|${code.code}`, () => {
      const codes = reduceAnsiCodesIncremental(style.codes, [code]);
      if (codes.length === 0) return this.none;
      return this.styles.get(codes.map(one => one.code).join(''), key => styleOf(key, codes));
    });
  }

  /** The row as text: codes where they change, and their end. The library makes five sets for each change. */
  textOf(row: readonly StyledChar[]): string {
    let text = '';
    let before = this.none.codes;
    for (const { value, styles } of row) {
      text += this.between(before, styles) + value;
      before = styles;
    }
    return text + this.between(before, this.none.codes);
  }

  /** What leads from one style to another. */
  private between(before: AnsiCode[], after: AnsiCode[]): string {
    if (before === after) return '';
    // Ink's blanks have a list each that holds nothing.
    const from = this.oneOf(before);
    const to = this.oneOf(after);
    if (from === to) return '';
    let ofFrom = this.betweens.get(from);
    if (ofFrom === undefined) this.betweens.set(from, (ofFrom = new WeakMap()));
    let codes = ofFrom.get(to);
    if (codes === undefined) ofFrom.set(to, (codes = ansiCodesToString(diffAnsiCodes(from, to))));
    return codes;
  }

  private oneOf(codes: AnsiCode[]): AnsiCode[] {
    return codes.length === 0 ? this.none.codes : codes;
  }

  character({ codes, characters }: Style, { value, fullWidth }: Char): StyledChar {
    // Of graphemes there is no end.
    if (fullWidth || value.length > 1) return { type: 'char', value, fullWidth, styles: codes };
    const known = characters.get(value);
    if (known !== undefined) return known;
    const made: StyledChar = { type: 'char', value, fullWidth, styles: codes };
    characters.set(value, made);
    return made;
  }
}

function styleOf(key: string, codes: AnsiCode[]): Style {
  return { key, codes, characters: new Map() };
}
