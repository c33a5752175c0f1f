import { latest, valueOf } from '../../../core/known.js';
import { duration, plural } from '../../../core/units.js';
import type { FlowPartitionView, FlowView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { fact, lagNumber, lagText } from '../../format.js';
import { heatScale } from '../../parts/heat.js';
import { firstObserved, heatmap } from '../../parts/heatmap.js';
import { peak } from '../../parts/sparkline.js';
import { remembered } from '../../remembered.js';
import { row, segment, type Row } from '../../row.js';
import { fit, width } from '../../text.js';
import { heatBucket, heatEnd } from '../../parts/time-axis.js';

const shownAtMost = 48;

/** Lag of each partition over time, ten seconds a column; the worst partitions where there are too many. */
export function flowPartitions(view: View, flow: FlowView, columns: number, cursor: number): readonly Row[] {
  const all = flow.partitions;
  if (all.length === 0) return [];
  const shown = partitionsShown(flow);
  const labelWidth = Math.min(32, Math.floor(columns / 3), Math.max(...shown.map(p => width(name(p)))));
  const lines = shown.map(partition => partition.series);
  const bucket = heatBucket(lines);
  const axis = {
    to: heatEnd(view.at, bucket, lines),
    bucket,
    columns: Math.max(4, columns - labelWidth - 12),
  };
  const values = shown.map(p => p.series.buckets(axis.to, axis.bucket, axis.columns, 'last'));
  const scale = heatScale(peak(...values));
  const from = firstObserved(values, axis.columns);
  const hidden = all.length - shown.length;
  return [
    row(
      segment(' PARTITIONS ', 'title'),
      segment(`${all.length}, lag over time, ${duration(bucket)} a column`, 'dim'),
      segment(
        hidden > 0 ? `, the worst ${shown.length}; ${plural(hidden, 'more')} with less lag` : '',
        'dim',
      ),
    ),
    ...heatmap(
      shown.map((partition, i) => ({
        label: name(partition),
        values: values[i] ?? new Float64Array(axis.columns).fill(NaN),
        observedFrom: from,
        tail: [fact(partition.lag, value => fit(lagText(value), 9, 'right'))],
      })),
      { axis, scale, labelWidth, ...(cursor >= 0 && { cursor: { line: cursor } }) },
    ),
  ];
}

/** By name; of many those with the most lag. */
export const partitionsShown = remembered((flow: FlowView): readonly FlowPartitionView[] => {
  const all = [...flow.partitions].sort(byName);
  const worst = new Set([...all].sort((a, b) => lag(b) - lag(a)).slice(0, shownAtMost));
  return all.filter(partition => worst.has(partition));
});

function name(partition: FlowPartitionView): string {
  return `${partition.topic}/${partition.partition}`;
}

function lag(partition: FlowPartitionView): number {
  const last = valueOf(partition.lag) ?? latest(partition.lag)?.value;
  return last ? lagNumber(last) : Infinity;
}

function byName(a: FlowPartitionView, b: FlowPartitionView): number {
  return a.topic.localeCompare(b.topic) || a.partition - b.partition;
}
