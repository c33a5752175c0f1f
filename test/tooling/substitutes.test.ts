import fc from 'fast-check';
import { renderToString } from 'ink';
import { createElement } from 'react';
import stringWidth from 'string-width';
import { describe, expect, it, vi } from 'vitest';
import inksUpdate from '../../node_modules/ink/build/line-update.js';
import inksMeasure from '../../node_modules/ink/build/measure-text.js';
import InksOutput from '../../node_modules/ink/build/output.js';
import inksSanitize from '../../node_modules/ink/build/sanitize-ansi.js';
import lineUpdate from '../../scripts/substitutes/line-update.js';
import measureText from '../../scripts/substitutes/measure-text.js';
import Output from '../../scripts/substitutes/output.js';
import { isPlainRow } from '../../scripts/substitutes/plain-row.js';
import { Recent } from '../../scripts/substitutes/recent.js';
import sanitizeAnsi from '../../scripts/substitutes/sanitize-ansi.js';
import width from '../../scripts/substitutes/string-width.js';
import { oneCell } from '../../source/screen/one-cell.js';
import { Rows } from '../../source/screen/parts/rows.js';
import { Pen } from '../../source/screen/pen.js';

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

const styleOf = (open: string, close: string) => ({ open: `\u001b[${open}m`, close: `\u001b[${close}m` });
/** As a look of the theme has them: of codes that the same code ends there is one. */
const looks = fc
  .tuple(
    fc.subarray([styleOf('31', '39'), styleOf('38;5;209', '39')], { maxLength: 1 }),
    fc.subarray([styleOf('1', '22'), styleOf('2', '22')], { maxLength: 1 }),
    fc.subarray([styleOf('4', '24'), styleOf('7', '27'), styleOf('48;5;237', '49')]),
  )
  .map(codes => codes.flat());
/** As kmon's pen writes it, which ends what it began. */
const rowOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(fc.tuple(texts, looks), { maxLength: 8 }).map(segments => {
    const pen = new Pen();
    for (const [text, its] of segments) pen.write(text, its);
    return pen.end();
  });
const ourRow = rowOf(fc.array(fc.constantFrom(...plain, ' ', ' ', ' ')).map(all => all.join('')));
const foreignRow = rowOf(fc.constantFrom('é', 'e\u0301', '漢', '👩‍👩‍👧', '\u200d', ' ', 'a', 'topic'));

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

  it('takes out of a text what Ink takes out of it', () => {
    fc.assert(fc.property(fc.oneof(plainRow, anyRow), row => sanitizeAnsi(row) === inksSanitize(row)));
  });

  it('measures a text as Ink does', () => {
    fc.assert(
      fc.property(fc.oneof(plainRow, anyRow), row => {
        expect(measureText(row)).toEqual(inksMeasure(row));
      }),
    );
    expect(measureText('')).toEqual({ width: 0, height: 0 });
  });

  it('writes rows as Ink writes them from its cells, the second time too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(ourRow, foreignRow), { maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 6 }),
        (rows, columns, height) => {
          const frame = (output: InksOutput): unknown => {
            for (const [y, row] of rows.entries()) output.write(0, y, row, { transformers: [text => text] });
            return output.get();
          };
          const theirs = frame(new InksOutput({ width: columns, height }));
          for (const time of ['first', 'second'])
            expect(frame(new Output({ width: columns, height })), time).toEqual(theirs);
        },
      ),
    );
  });

  it('leaves to Ink what is more than rows', () => {
    const upper = { transformers: [(text: string) => text.toUpperCase()] };
    const usual = { transformers: [] };
    const ways: readonly ((output: InksOutput) => void)[] = [
      output => output.write(2, 0, 'beside', usual),
      output => output.write(0, 0, 'two\nlines', usual),
      output => output.write(0, 0, 'changed', upper),
      output => output.write(0, 7, 'below', usual),
      output => output.write(0, 1, '\u001b[31mover the first row\u001b[39m', usual),
      output => {
        output.clip({ x1: 0, x2: 3, y1: 0, y2: 1 });
        output.write(0, 0, 'clipped', usual);
        output.unclip();
      },
    ];
    for (const draw of ways) {
      const frame = (output: InksOutput): unknown => {
        output.write(0, 1, 'first', usual);
        draw(output);
        return output.get();
      };
      expect(frame(new Output({ width: 20, height: 3 }))).toEqual(
        frame(new InksOutput({ width: 20, height: 3 })),
      );
    }
  });

  it('is given nothing but rows by what kmon draws with', () => {
    const write = vi.spyOn(InksOutput.prototype, 'write');
    const get = vi.spyOn(InksOutput.prototype, 'get');
    try {
      renderToString(createElement(Rows, { lines: ['\u001b[1mone\u001b[22m', '', 'two'], columns: 20 }));
      expect(get).toHaveBeenCalledTimes(1);
      const output = new Output({ width: 20, height: 3 });
      for (const [...call] of write.mock.calls.slice()) output.write(...call);

      expect(output.get().output).toBe('\u001b[1mone\u001b[22m\n\ntwo');
      expect(get).toHaveBeenCalledTimes(1);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('leads from one row to the next as Ink does', () => {
    const change = fc.tuple(fc.oneof(plainRow, ourRow, anyRow), fc.oneof(plainRow, ourRow, anyRow), plainRow);
    fc.assert(
      fc.property(
        change,
        fc.constantFrom(undefined, NaN, 0, 10, 20, 200),
        ([begin, before, after], columns) => {
          for (const [previous, next] of [
            [before, after],
            [begin + before, begin + after],
            [begin, begin + after],
            [begin + after, begin],
          ] as const)
            expect(lineUpdate(previous, next, columns)).toBe(inksUpdate(previous, next, columns));
        },
      ),
      { numRuns: 500 },
    );
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
