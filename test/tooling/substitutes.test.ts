import * as library from '@alcalzone/ansi-tokenize';
import type { StyledChar } from '@alcalzone/ansi-tokenize';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import * as substitute from '../../scripts/substitutes/ansi-tokenize.js';
import { isPlainRow } from '../../scripts/substitutes/plain-row.js';
import { Recent } from '../../scripts/substitutes/recent.js';
import width from '../../scripts/substitutes/string-width.js';
import { oneCell } from '../../source/screen/one-cell.js';

/** Every character of which a plain row may be made. */
const plain = Array.from({ length: 0x2800 }, (_, code) => String.fromCharCode(code)).filter(character =>
  new RegExp(`[${oneCell}]`).test(character),
);
const codes = [
  '1',
  '2',
  '22',
  '4',
  '24',
  '7',
  '27',
  '0',
  '',
  '31',
  '39',
  '38;5;209',
  '48;5;237',
  '49',
  '1;31',
];
const code = fc.constantFrom(...codes).map(one => `\u001b[${one}m`);
const plainRow = fc
  .array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...plain) }, code))
  .map(all => all.join(''));
const anyRow = fc
  .array(
    fc.oneof(
      plainRow,
      fc.constantFrom(
        'é',
        'e\u0301',
        '漢',
        '👩‍👩‍👧',
        '\u200d',
        '\ufe0f',
        '\t',
        '\n',
        '\u0007',
        '\u001b]0;t\u0007',
        '\u001b[2J',
        '\u001b',
      ),
    ),
  )
  .map(all => all.join(''));

const cellsOf = ({ tokenize, styledCharsFromTokens }: typeof library, row: string): unknown =>
  styledCharsFromTokens(tokenize(row));

describe('what the bundle puts in the place of libraries', () => {
  it('knows a row of characters that take a cell each', () => {
    for (const character of plain) {
      expect(isPlainRow(character)).toBe(true);
      expect(stringWidth(character)).toBe(1);
    }
    expect(isPlainRow('lag \u001b[38;5;209m▲ 3.30k/s\u001b[39m')).toBe(true);
    for (const other of ['é', '漢', '\t', '\n', '\u001b[2J', '\u001b]0;t\u0007', '\u001b', '\u001b['])
      expect(isPlainRow(other)).toBe(false);
  });

  it('measures as string-width does', () => {
    fc.assert(fc.property(fc.oneof(plainRow, anyRow), row => width(row) === stringWidth(row)));
    expect(width('\u001b[1m12\u001b[22m', { countAnsiEscapeCodes: true })).toBe(
      stringWidth('\u001b[1m12\u001b[22m', { countAnsiEscapeCodes: true }),
    );
  });

  it('takes rows apart as ansi-tokenize does, the second time too', () => {
    fc.assert(
      fc.property(fc.oneof(plainRow, anyRow), row => {
        for (const time of ['first', 'second']) {
          expect(substitute.tokenize(row), time).toEqual(library.tokenize(row));
          expect(cellsOf(substitute, row), time).toEqual(cellsOf(library, row));
        }
        expect(substitute.tokenize(row, 3)).toEqual(library.tokenize(row, 3));
      }),
    );
  });

  it('puts rows together as ansi-tokenize does', () => {
    fc.assert(
      fc.property(fc.oneof(plainRow, anyRow), fc.oneof(plainRow, anyRow), (row, other) => {
        // On one line, as Ink does, with blanks that have lists of their own.
        const blank = (): StyledChar => ({ type: 'char', value: ' ', fullWidth: false, styles: [] });
        const line = ({ tokenize, styledCharsFromTokens }: typeof library): StyledChar[] => {
          const [cells, others] = [row, other].map(text => styledCharsFromTokens(tokenize(text)));
          return [...(cells ?? []), blank(), blank(), ...(others ?? [])];
        };
        const text = library.styledCharsToString(line(library));
        for (const time of ['first', 'second'])
          expect(substitute.styledCharsToString(line(substitute)), time).toBe(text);
      }),
    );
  });

  it('makes no object of its own for a cell that looks like another', () => {
    const cells = (row: string): StyledChar[] => substitute.styledCharsFromTokens(substitute.tokenize(row));
    const [a, , again] = cells('\u001b[31ma\u001b[1mb\u001b[22ma');
    const [elsewhere, plainly] = cells('\u001b[31ma\u001b[0ma');

    expect(again).toBe(a);
    expect(elsewhere).toBe(a);
    expect(plainly).not.toBe(a);
    expect(plainly?.styles).toEqual([]);
  });

  it('remembers the newest, and no more than twice as many as are asked for', () => {
    const made: string[] = [];
    const recent = new Recent<string>(2);
    const get = (text: string): string => recent.get(text, one => (made.push(one), one.toUpperCase()));
    for (const text of ['a', 'b', 'a', 'c', 'b', 'c']) expect(get(text)).toBe(text.toUpperCase());
    expect(made).toEqual(['a', 'b', 'c']);
    for (const text of ['d', 'e', 'f', 'a']) get(text);
    expect(made).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'a']);
  });
});
