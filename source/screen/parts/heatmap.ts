import { glyphs } from '../glyphs.js';
import { row, segment, type Row, type Segment } from '../row.js';
import { fit, truncateMiddle } from '../text.js';
import { heatCell, heatLegend, type HeatScale } from './heat.js';
import { axisLabels, type TimeAxis } from './time-axis.js';

/** One partition over time: a value a column, NaN where it is not known. */
export type HeatLine = {
  readonly label: string;
  readonly values: Float64Array;
  /** Columns before this one were not observed: they stay empty, which is not the same as "not known". */
  readonly observedFrom: number;
  /** Stands out among the others. */
  readonly strong?: true;
  readonly tail: readonly Segment[];
};

export type HeatmapOptions = {
  readonly axis: TimeAxis;
  readonly scale: HeatScale;
  readonly labelWidth: number;
  /** The cell that is named below the map; without a column the whole line is selected. */
  readonly cursor?: { readonly line: number; readonly column?: number };
  /** Without time, marks and legend: where there is hardly room for the map. */
  readonly bare?: boolean;
  /** Marks under the axis: rebalances, rewinds. */
  readonly marks?: readonly { readonly column: number; readonly mark: Segment }[];
};

/** Partitions down, time across, and below them the time, the marks and the legend. */
export function heatmap(lines: readonly HeatLine[], options: HeatmapOptions): readonly Row[] {
  const { axis, labelWidth } = options;
  const indent = ' '.repeat(labelWidth + 2);
  const marks = options.marks ?? [];
  const drawn = lines.map((line, y) => heatLine(line, y, options));
  if (options.bare) return drawn;
  return [
    ...drawn,
    row(segment(indent + axisLabels(axis), 'dim')),
    ...(marks.length > 0 ? [row(indent, ...markLine(marks, axis.columns))] : []),
    row(segment(' '), ...heatLegend(options.scale)),
  ];
}

function heatLine(line: HeatLine, y: number, { scale, labelWidth, cursor }: HeatmapOptions): Row {
  const here = cursor?.line === y;
  const cells = Array.from(line.values, (value, x) => {
    const cell = Number.isNaN(value) && x < line.observedFrom ? segment(' ') : heatCell(value, scale);
    return here && cursor.column === x ? segment(cell.text, 'cursor') : cell;
  });
  const strong = here || line.strong === true;
  const drawn = row(
    segment(here ? glyphs.cursor : line.strong ? glyphs.owned : ' ', 'key'),
    segment(fit(truncateMiddle(line.label, labelWidth), labelWidth), strong ? 'strong' : 'text'),
    segment(' '),
    ...cells,
    segment(' '),
    ...line.tail,
  );
  return here && cursor.column === undefined ? { ...drawn, selected: true } : drawn;
}

function markLine(marks: NonNullable<HeatmapOptions['marks']>, columns: number): readonly Segment[] {
  return Array.from(
    { length: columns },
    (_, x) => marks.find(({ column }) => column === x)?.mark ?? segment(' '),
  );
}

/** The first column in which anything was ever seen, so that what nobody observed is drawn as absent. */
export function firstObserved(lines: readonly Float64Array[], columns: number): number {
  let first = columns;
  for (const line of lines) {
    const found = line.findIndex(value => !Number.isNaN(value));
    if (found >= 0 && found < first) first = found;
  }
  return first;
}
