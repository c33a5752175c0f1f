import type { Millis } from '../../../core/clock.js';
import { explain } from '../../../core/failure.js';
import { isKnown, latest } from '../../../core/known.js';
import { count, duration, percent } from '../../../core/units.js';
import type { GroupPartitionView, GroupView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { fact, slope } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { heatScale, rateScale, shareScale, type HeatScale } from '../../parts/heat.js';
import { firstObserved, heatmap } from '../../parts/heatmap.js';
import { peak } from '../../parts/sparkline.js';
import { columnOf, heatBucket, heatEnd, type TimeAxis } from '../../parts/time-axis.js';
import { windowAt } from '../../parts/window.js';
import { row, segment, type Row, type Segment } from '../../row.js';
import { fit } from '../../text.js';
import type { Measure, Size, Ui } from '../../ui.js';
import { cellRows } from './cell.js';
import { groupOrder, partitionKey, selectedPartition, type Ordered } from './order.js';

const lagWidth = 9;

/** What the cursor of the map moves over: the partitions in their order, and the columns of time. */
export type Heat = { readonly ordered: Ordered; readonly axis: TimeAxis; readonly labelWidth: number };

export function heatOf(group: GroupView, view: View, ui: Ui, size: Size): Heat {
  const ordered = groupOrder(group, ui);
  const labelWidth = Math.min(32, Math.floor(size.columns / 3), ordered.longestName);
  const lines = ordered.partitions.slice(0, 4).map(partition => partition.series);
  const bucket = heatBucket(lines);
  return {
    ordered,
    axis: {
      to: heatEnd(view.at, bucket, lines),
      bucket,
      columns: Math.max(4, size.columns - labelWidth - lagWidth - 4),
    },
    labelWidth,
  };
}

const titles: Readonly<Record<Measure, string>> = {
  lag: 'lag over time',
  rate: 'growth of lag',
  share: 'share of all lag',
};

export type MapOptions = {
  readonly size: Size;
  readonly room: number;
  /** Whether the keys move its cursor. */
  readonly active: boolean;
  /** Whose partitions stand out: `client-id@host`. */
  readonly owner?: string | undefined;
};

/** Partitions over time: only those that fit are looked at, with the one under the cursor among them. */
export function mapRows(
  group: GroupView,
  view: View,
  ui: Ui,
  { size, room, active, owner }: MapOptions,
): readonly Row[] {
  const { ordered, axis, labelWidth } = heatOf(group, view, ui, size);
  const { partitions } = ordered;
  if (partitions.length === 0) return [row(segment(emptyMap(group), 'dim'))];
  const selected = selectedPartition(ordered, ui);
  const column = Math.max(0, axis.columns - 1 - ui.cell.back);
  const marks = [...marksOf(group, view, axis), ...(active ? [{ column, mark: segment('↑', 'key') }] : [])];
  const cell = (lags: Float64Array | undefined, isUnobserved: boolean): readonly Row[] =>
    cellRows({
      partition: partitions[selected],
      lags: lags ?? new Float64Array(0),
      axis,
      column,
      isUnobserved,
      columns: size.columns,
    });
  const below = cell(undefined, false).length;
  const bare = room < 9;
  const around = 1 + below + (bare ? 0 : 2 + (marks.length > 0 ? 1 : 0));
  const { from, size: shown } = windowAt(partitions.length, Math.max(1, room - around), selected);
  const inView = partitions.slice(from, from + shown);
  const lags = inView.map(one => one.series.buckets(axis.to, axis.bucket, axis.columns, 'last'));
  const drawn = measured(group, lags, axis, ui.measure);
  const observed = firstObserved(lags, axis.columns);
  const hidden = partitions.length - shown;
  return [
    row(
      segment(' PARTITIONS ', 'title'),
      segment(`${partitions.length}, ${titles[ui.measure]}, ${duration(axis.bucket)} a column`, 'dim'),
      segment(ui.order.group === undefined ? '' : `, by ${ui.order.group}`, 'dim'),
      segment(
        hiddenText(hidden, from, () => mostLag(partitions, from, shown)),
        'dim',
      ),
      ...legendOf(marks),
      segment(
        owner === undefined || !inView.some(one => one.owner === owner)
          ? ''
          : `   ${glyphs.owned} of ${owner}`,
        'dim',
      ),
    ),
    ...heatmap(
      inView.map((partition, i) => ({
        label: partitionKey(partition),
        values: drawn.lines[i] ?? new Float64Array(axis.columns).fill(NaN),
        observedFrom: observed,
        ...(owner !== undefined && partition.owner === owner && { strong: true as const }),
        tail: [tailOf(partition, drawn.lines[i], ui.measure)],
      })),
      {
        axis,
        scale: drawn.scale,
        labelWidth,
        marks,
        bare,
        ...(active && { cursor: { line: selected - from, column } }),
      },
    ),
    ...cell(lags[selected - from], column < observed),
  ];
}

function hiddenText(hidden: number, above: number, most: () => number): string {
  if (hidden === 0) return '';
  const marks = `${above > 0 ? glyphs.above : ''}${hidden > above ? glyphs.below : ''}`;
  return `   ${marks} ${hidden} more, most lag ${count(most())}`;
}

/** The lines that are drawn, and the scale that holds them. */
function measured(
  group: GroupView,
  lags: readonly Float64Array[],
  axis: TimeAxis,
  measure: Measure,
): { readonly lines: readonly Float64Array[]; readonly scale: HeatScale } {
  switch (measure) {
    case 'lag':
      // The most that one has now holds for those that are not on the screen, so that paging does not change the colours.
      return { lines: lags, scale: heatScale(Math.max(group.mostLag, peak(...lags))) };
    case 'rate': {
      const lines = lags.map(line => growth(line, axis.bucket));
      return { lines, scale: rateScale(peak(...lines)) };
    }
    case 'share': {
      const total = group.lagSeries.buckets(axis.to, axis.bucket, axis.columns, 'last');
      return { lines: lags.map(line => shares(line, total)), scale: shareScale };
    }
  }
}

/** Records/s from one column to the next. */
export function growth(lags: Float64Array, bucket: Millis): Float64Array {
  return lags.map((lag, column) => (lag - (lags[column - 1] ?? NaN)) / (bucket / 1000));
}

/** Of the lag of the whole group in the same column; nothing of nothing is nothing. */
export function shares(lags: Float64Array, total: Float64Array): Float64Array {
  return lags.map((lag, column) => (lag === 0 ? 0 : Math.min(1, lag / (total[column] ?? NaN))));
}

function tailOf(partition: GroupPartitionView, line: Float64Array | undefined, measure: Measure): Segment {
  const width = lagWidth - 1;
  if (measure === 'lag') return fact(partition.lag, value => fit(count(value), width, 'right'));
  const last = line?.findLast(value => !Number.isNaN(value)) ?? NaN;
  return segment(fit(measure === 'rate' ? slope(last) : percent(last), width, 'right'));
}

function emptyMap(group: GroupView): string {
  if (!isKnown(group.lag)) return `   ${explain(group.lag.unknown).nextStep}`;
  return `   no partition has a ${group.type === 'share' ? 'start' : 'committed'} offset`;
}

/** The largest lag among the partitions that are not on the screen: an outlier must not hide. */
function mostLag(partitions: readonly GroupPartitionView[], from: number, shown: number): number {
  let most = 0;
  for (const [i, { lag }] of partitions.entries())
    if (i < from || i >= from + shown) most = Math.max(most, latest(lag)?.value ?? 0);
  return most;
}

type Mark = { readonly column: number; readonly mark: Segment };

const meanings: readonly (readonly [glyph: string, meaning: string])[] = [
  [glyphs.rebalance, 'rebalance'],
  [glyphs.rewind, 'went back'],
  [glyphs.remedy, 'remedy'],
  [glyphs.mark, 'mark'],
];

/** Of the marks that are there. */
function legendOf(marks: readonly Mark[]): readonly Segment[] {
  const there = meanings.filter(([glyph]) => marks.some(({ mark }) => mark.text === glyph));
  return [segment(there.map(([glyph, meaning]) => `   ${glyph} ${meaning}`).join(''), 'dim')];
}

/** What happened when: of several in one column the one that says most. */
function marksOf(group: GroupView, view: View, axis: TimeAxis): readonly Mark[] {
  const marks = new Map<number, Segment>();
  const put = (at: Millis, mark: Segment): void => {
    const column = columnOf(axis, at);
    if (column !== undefined) marks.set(column, mark);
  };
  const topics = new Set(group.partitions.map(({ topic }) => `${group.cluster}/${topic}`));
  for (const { at } of view.memory.marks) put(at, segment(glyphs.mark, 'strong'));
  for (const { at, kind, subject, is } of view.snapshot.changes) {
    if (kind === 'mark') put(at, segment(glyphs.mark, 'strong'));
    if (kind === 'remedy' && is?.startsWith('applied') && (subject === group.id || topics.has(subject)))
      put(at, segment(glyphs.remedy, 'key'));
  }
  for (const { at } of group.rebalances.recent) put(at, segment(glyphs.rebalance, 'warning'));
  if (group.lastRewind !== undefined || group.befell.rewinds.count > 0)
    for (const partition of group.partitions)
      for (const at of partition.rewinds) put(at, segment(glyphs.rewind, 'critical'));
  return [...marks].map(([column, mark]) => ({ column, mark }));
}
