import { isKnown, latest } from '../../../core/known.js';
import { count } from '../../../core/units.js';
import type { FlowView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { fact, lagText, slope } from '../../format.js';
import { chart, type ChartLine } from '../../parts/chart.js';
import { niceMax, peak } from '../../parts/sparkline.js';
import { axisLabels, finestBucket, timeAxis, type TimeAxis } from '../../parts/time-axis.js';
import { row, segment, type Row, type Segment } from '../../row.js';

const labelWidth = 7;
const halfHour = 30 * 60_000;

/** Poll and write over lag and in flight, on one time axis; `height` rows each. */
export function flowCharts(view: View, flow: FlowView, columns: number, height: number): readonly Row[] {
  const axis = flowAxis(view, flow, columns - labelWidth - 3);
  const values = (series: FlowView['lagSeries'], how: 'mean' | 'last'): Float64Array =>
    series.buckets(axis.to, axis.bucket, axis.columns, how);
  const offsets =
    flow.poll.method === 'end-offsets' || (!isKnown(flow.poll.now) && flow.write.method === 'end-offsets');
  const first = offsets ? flow.arrival : flow.poll;
  return [
    row(
      ...legend(offsets ? 'arrival/s' : 'poll/s', '─', 'first', fact(first.now, count, 'strong')),
      ...legend(
        offsets ? 'write/s by end offsets' : 'write/s',
        '┄',
        'second',
        fact(flow.write.now, count, 'strong'),
      ),
      segment('══ both', 'strong'),
      segment('   one scale', 'dim'),
    ),
    ...plot(axis, height, [
      { values: values(first.series, 'mean'), as: 'first', mark: 'solid' },
      { values: values(flow.write.series, 'mean'), as: 'second', mark: 'dotted' },
    ]),
    row(
      ...legend('lag', '─', 'first', fact(flow.lag, lagText, 'strong'), slopeNote(flow)),
      ...legend('in flight', '┄', 'second', fact(flow.inFlight, count, 'strong')),
      segment('one scale', 'dim'),
    ),
    ...plot(axis, height, [
      { values: values(flow.lagSeries, 'last'), as: 'first', mark: 'solid' },
      { values: values(flow.inFlightSeries, 'last'), as: 'second', mark: 'dotted' },
    ]),
    row(segment(' '.repeat(labelWidth + 2)), segment(axisLabels(axis), 'dim')),
  ];
}

function plot(axis: TimeAxis, height: number, lines: readonly ChartLine[]): readonly Row[] {
  const max = niceMax(peak(...lines.map(line => line.values)));
  return chart(lines, { height, max: Math.max(1, max), labelWidth, format: count });
}

function legend(
  name: string,
  mark: '─' | '┄',
  as: ChartLine['as'],
  now: Segment,
  note = '',
): readonly Segment[] {
  return [
    segment(' '),
    segment(`${mark}${mark}`, as),
    segment(` ${name} `),
    now,
    segment(`${note}   `, 'dim'),
  ];
}

function slopeNote(flow: FlowView): string {
  const last = latest(flow.lagSlope);
  return last ? ` ${slope(last.value)}` : '';
}

/** The last half hour, or what is known if that is less. */
function flowAxis(view: View, flow: FlowView, columns: number): TimeAxis {
  const oldest = Math.min(
    view.startedAt,
    ...[flow.poll.series, flow.write.series, flow.lagSeries].map(series =>
      series.length > 0 ? series.timeAt(0) : view.at,
    ),
  );
  const span = Math.min(halfHour, Math.max(60_000, view.at - oldest));
  const finest = finestBucket(flow.poll.series, flow.write.series, flow.lagSeries);
  return timeAxis(view.at, span, columns, Math.max(2000, view.interval, finest));
}
