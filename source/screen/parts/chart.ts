import asciichart, { type PlotConfig } from 'asciichart';
import { fitSegments, segment, type Row, type Segment } from '../row.js';
import type { Token } from '../theme.js';

/** One line of a chart: a value a column, NaN where there is a gap. */
export type ChartLine = {
  readonly values: Float64Array;
  readonly as: Token;
  readonly mark: 'solid' | 'dotted';
};

export type ChartOptions = {
  /** Rows of the plot itself, at least 2. */
  readonly height: number;
  readonly max: number;
  readonly labelWidth: number;
  readonly format: (value: number) => string;
};

type Symbols = NonNullable<PlotConfig['symbols']>;

const symbols: { readonly [M in ChartLine['mark']]: Symbols } = {
  solid: ['┼', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'],
  dotted: ['┼', '┤', '╶', '╴', '┄', '┄', '┄', '┄', '┄', '┊'],
};

/**
 * The one adapter over asciichart. It always gives `height` rows of the same width, from 0 to `max`:
 * asciichart throws on gaps and on no data, makes one row of a flat line, and cannot draw two lines with different
 * marks. So each stretch between gaps is plotted alone, already scaled to rows, and laid over the others.
 */
export function chart(lines: readonly ChartLine[], options: ChartOptions): readonly Row[] {
  const height = Math.max(2, Math.floor(options.height));
  const top = height - 1;
  const max = options.max > 0 && Number.isFinite(options.max) ? options.max : 1;
  const columns = Math.max(0, ...lines.map(line => line.values.length));
  const canvas: (Segment | undefined)[][] = Array.from({ length: height }, () =>
    new Array<Segment | undefined>(columns).fill(undefined),
  );
  for (const line of lines) {
    for (const stretch of stretches(line.values)) {
      const rows = plot(
        stretch.values.map(v => (Math.min(max, Math.max(0, v)) / max) * top),
        top,
        symbols[line.mark],
      );
      for (const [y, text] of rows.entries())
        for (const [x, glyph] of Array.from(text).entries()) {
          const cell = canvas[y];
          if (glyph !== ' ' && cell && stretch.from + x < columns)
            cell[stretch.from + x] = laidOver(cell[stretch.from + x], segment(glyph, line.as));
        }
    }
  }
  return canvas.map((cells, y) => {
    const labelled = y === 0 || y === top || (height >= 5 && y === Math.round(top / 2));
    const label = labelled ? options.format((max * (top - y)) / top) : '';
    return {
      segments: fitSegments(
        [
          segment(label.padStart(options.labelWidth), 'dim'),
          segment(labelled ? ' ┤' : ' │', 'dim'),
          ...cells.map(cell => cell ?? segment(' ')),
        ],
        options.labelWidth + 2 + columns,
      ),
    };
  });
}

/** Where two lines run on the same cells neither hides the other. */
function laidOver(below: Segment | undefined, above: Segment): Segment {
  return below && below.as !== above.as ? segment('═', 'strong') : above;
}

/** Rows of the stretch, one glyph a value; asciichart draws between samples, so the last one is held. */
function plot(values: readonly number[], top: number, marks: Symbols): readonly string[] {
  const held = [...values, values.at(-1) ?? 0];
  const offset = 1;
  return asciichart
    .plot(held, { height: top, min: 0, max: top, offset, format: () => '', symbols: marks })
    .split('\n')
    .map(line => line.slice(offset));
}

function stretches(values: Float64Array): { readonly from: number; readonly values: readonly number[] }[] {
  const out: { from: number; values: number[] }[] = [];
  let open: { from: number; values: number[] } | undefined;
  for (const [i, value] of values.entries()) {
    if (!Number.isFinite(value)) {
      open = undefined;
      continue;
    }
    if (!open) {
      open = { from: i, values: [] };
      out.push(open);
    }
    open.values.push(value);
  }
  return out;
}
