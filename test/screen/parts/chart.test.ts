import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count } from '../../../source/core/units.js';
import { chart, type ChartLine } from '../../../source/screen/parts/chart.js';
import { plainText } from '../../../source/screen/row.js';

const line = (values: readonly number[], over: Partial<ChartLine> = {}): ChartLine => ({
  values: Float64Array.from(values),
  as: 'first',
  mark: 'solid',
  ...over,
});

function draw(lines: readonly ChartLine[], max: number, height = 4): string {
  const rows = chart(lines, { height, max, labelWidth: 5, format: count });
  return `\n${rows.map(row => plainText(row).trimEnd()).join('\n')}\n`;
}

describe('a chart', () => {
  it('draws a line from 0 to the top of its scale', () => {
    expect(draw([line([0, 0, 100, 300, 300, 100])], 300)).toMatchInlineSnapshot(`
      "
        300 ┤ ╭─╮
            │ │ │
            │╭╯ ╰─
          0 ┤─╯
      "
    `);
  });

  it('leaves a gap where nothing is known, and keeps a lonely sample', () => {
    expect(draw([line([300, NaN, 100, NaN, NaN, 0])], 300)).toMatchInlineSnapshot(`
      "
        300 ┤─
            │
            │  ─
          0 ┤     ─
      "
    `);
  });

  it('draws two lines with marks of their own, and both where they run together', () => {
    const falling = line([300, 300, 300, 0, 0, 0], { as: 'second', mark: 'dotted' });
    expect(draw([line([300, 300, 300, 300, 0, 0]), falling], 300)).toMatchInlineSnapshot(`
      "
        300 ┤═══╮
            │ ┊│
            │ ┊│
          0 ┤ ┄═══
      "
    `);
  });

  it('keeps its height for a flat line, for no data and for none that is known', () => {
    for (const values of [[7, 7, 7], [0, 0], [NaN, NaN], []])
      expect(chart([line(values)], { height: 5, max: 10, labelWidth: 5, format: count })).toHaveLength(5);
  });

  it('has the same height and width whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double(), { maxLength: 60 }),
        fc.array(fc.double(), { maxLength: 60 }),
        fc.integer({ min: 2, max: 12 }),
        fc.oneof(fc.double({ min: 0 }), fc.constant(0), fc.constant(NaN)),
        (a, b, height, max) => {
          const rows = chart([line(a), line(b, { mark: 'dotted' })], {
            height,
            max,
            labelWidth: 5,
            format: () => 'x',
          });
          expect(rows).toHaveLength(height);
          for (const row of rows) expect(plainText(row)).toHaveLength(7 + Math.max(a.length, b.length));
        },
      ),
    );
  });
});
