import type { Millis } from '../../../core/clock.js';
import { explain } from '../../../core/failure.js';
import { isKnown, latest, type Known } from '../../../core/known.js';
import { bytes, duration, latency, percent, unknownMark } from '../../../core/units.js';
import type { MachineLimit } from '../../../diagnose/machine-limits.js';
import type { ReadonlySeries } from '../../../model/series.js';
import type { View } from '../../../session/view.js';
import { agedFact } from '../../format.js';
import { loadToken } from '../../load-token.js';
import type { MachineItem } from '../../machines.js';
import { bar } from '../../parts/bar.js';
import { niceMax, peak, sparkline } from '../../parts/sparkline.js';
import { finestBucket, timeAxis } from '../../parts/time-axis.js';
import { row, segment, segmentsWidth, type Row, type Segment } from '../../row.js';
import { fit, truncate, wrap } from '../../text.js';

const halfHour = 30 * 60_000;
const nameWidth = 14;
const leastValueWidth = 11;

type Gauge = {
  readonly name: string;
  readonly value: Known<number>;
  readonly format: (value: number) => string;
  /** A share has a bar; with a limit it is marked there. */
  readonly share?: true;
  readonly limit?: number;
  readonly series?: ReadonlySeries;
  readonly note?: string;
};

/** A line a quantity: what it is now, how much of it is used against its limit, and how it came to be so. */
export function gaugeRows(item: MachineItem, view: View, columns: number): readonly Row[] {
  const gauges = gaugesOf(item, view.limits[item.role.is]);
  const shown = gauges.filter(({ value }) => latest(value));
  const valueWidth = Math.max(
    leastValueWidth,
    ...shown.map(({ value, format }) => segmentsWidth([agedFact(value, view.at, format)])),
  );
  const barWidth = columns >= 110 ? 30 : columns >= 70 ? 20 : Math.max(0, Math.min(12, columns - 28));
  const lineWidth = Math.max(0, Math.min(60, columns - nameWidth - valueWidth - barWidth - 16));
  const lines = gauges.flatMap(({ series }) => series ?? []);
  const known = lines.filter(line => line.length > 0);
  const span = Math.max(60_000, Math.min(halfHour, view.at - Math.min(view.startedAt, ...known.map(oldest))));
  const axis = timeAxis(view.at, span, lineWidth, Math.max(2000, finestBucket(...known)));
  return [
    row(
      segment(' LOAD', 'title'),
      segment(legend(gauges, lineWidth >= 10 && known.length > 0 ? axis.bucket * axis.columns : 0), 'dim'),
    ),
    ...shown.map(gauge => gaugeRow(gauge, view, { valueWidth, barWidth, lineWidth, bucket: axis.bucket })),
    ...unknownRows(gauges, columns),
  ];
}

/** What is drawn is explained, and nothing else. `span`: how long the lines are, ms; 0 without them. */
function legend(gauges: readonly Gauge[], span: Millis): string {
  const marked = gauges.some(({ limit, value }) => limit !== undefined && latest(value));
  const parts = [
    ...(marked ? ['the bar marks the limit that findings go by'] : []),
    ...(span > 0 ? [`last ${duration(span)}`] : []),
  ];
  return parts.length > 0 ? `  ${parts.join('; ')}` : '';
}

function oldest(line: ReadonlySeries): number {
  return line.timeAt(0);
}

function gaugesOf(
  { machine, load, throttle, latency: request, role }: MachineItem,
  { cpu, memory, heap }: MachineLimit,
): readonly Gauge[] {
  const used = isKnown(machine.heapBytes) ? bytes(machine.heapBytes.value) : '';
  const all: readonly Gauge[] = [
    {
      name: 'cpu, process',
      value: machine.processCpu,
      format: percent,
      share: true,
      limit: cpu,
      series: load.cpu,
    },
    {
      name: 'cpu, host',
      value: machine.hostCpu,
      format: percent,
      share: true,
      limit: cpu,
      series: load.hostCpu,
    },
    {
      name: 'memory, host',
      value: machine.hostMemory,
      format: percent,
      share: true,
      limit: memory,
      series: load.memory,
    },
    {
      name: 'heap',
      value: machine.heap,
      format: percent,
      share: true,
      limit: heap,
      series: load.heap,
      note: used,
    },
    { name: 'gc', value: machine.gcShare, format: percent, share: true, series: load.gc },
    { name: 'network', value: machine.network, format: n => `${bytes(n)}/s`, series: load.network },
  ];
  if (role.is === 'broker')
    return [
      ...all,
      {
        name: 'disk',
        value: role.broker.bytes,
        format: bytes,
        note: isKnown(role.broker.replicas) ? `in ${role.broker.replicas.value} replicas` : '',
      },
    ];
  return [
    ...all,
    { name: 'throttling', value: throttle, format: latency, note: 'worst of its tasks’ producers' },
    { name: 'requests take', value: request, format: latency, note: 'worst of its tasks’ producers' },
  ];
}

type Widths = {
  readonly valueWidth: number;
  readonly barWidth: number;
  readonly lineWidth: number;
  readonly bucket: number;
};

/** What is not known, a line a reason. */
function unknownRows(gauges: readonly Gauge[], columns: number): readonly Row[] {
  const reasons = new Map<string, string[]>();
  for (const { name, value } of gauges) {
    if (isKnown(value) || latest(value)) continue;
    const { kind, detail } = value.unknown;
    const why = detail === '' ? explain(kind).meaning : detail;
    reasons.set(why, [...(reasons.get(why) ?? []), name]);
  }
  return [...reasons].flatMap(([why, names]) =>
    wrap(`${unknownMark} ${names.join('; ')}: not known, ${why}`, Math.max(8, columns - 2)).map(text =>
      row(segment(` ${text}`, 'dim')),
    ),
  );
}

function gaugeRow(gauge: Gauge, view: View, { valueWidth, barWidth, lineWidth, bucket }: Widths): Row {
  const { name, value, format, share, limit } = gauge;
  const as = limit === undefined ? 'text' : loadToken(value, limit);
  const text = agedFact(value, view.at, format, as);
  const head = [
    segment(` ${fit(name, nameWidth - 1)}`, 'dim'),
    segment(' '.repeat(Math.max(0, valueWidth - segmentsWidth([text])))),
    text,
    segment('  '),
  ];
  const last = latest(value)?.value ?? 0;
  const note = gauge.note ?? '';
  const said = gauge.series ? fit(note, barWidth) : truncate(note, barWidth + 2 + lineWidth);
  const drawn = share ? bar(last, limit, barWidth) : [segment(said, 'dim')];
  const line = gauge.series && lineWidth >= 10 ? lineOf(gauge.series, gauge, view, bucket, lineWidth) : [];
  return row(
    ...head,
    ...drawn,
    segment('  '),
    ...line,
    segment(share && note !== '' ? ` ${note}` : '', 'dim'),
  );
}

/** A share is drawn against the whole, so that two of them can be compared; anything else against its own top, which stands beside it. */
function lineOf(
  series: ReadonlySeries,
  { share, format }: Gauge,
  view: View,
  bucket: number,
  width: number,
): readonly Segment[] {
  const values = series.buckets(view.at, bucket, width, 'max');
  if (values.every(Number.isNaN)) return [segment(' '.repeat(width))];
  const max = share ? 1 : niceMax(peak(values));
  return [segment(sparkline(values, max), 'first'), segment(share ? '' : ` ${format(max)}`, 'dim')];
}
