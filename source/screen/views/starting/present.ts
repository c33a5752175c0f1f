import { explain } from '../../../core/failure.js';
import { duration, plural } from '../../../core/units.js';
import type { EndpointView, View } from '../../../session/view.js';
import { nextTry } from '../../endpoints.js';
import { glyphs } from '../../glyphs.js';
import { blank, row, segment, type Row, type Segment } from '../../row.js';
import { fit, width, wrap } from '../../text.js';
import type { Size } from '../../ui.js';

/** The first frame: what is being asked, of whom, since when; and what went wrong, with the next step. */
export function presentStarting(view: View, size: Size): readonly Row[] {
  if (view.endpoints.length === 0) return unconfigured;
  const rows = (detailed: boolean): readonly Row[] =>
    view.endpoints.flatMap(endpoint => lines(endpoint, view, size.columns, detailed));
  const title = row(segment(` ${progress(view)}`, 'strong'));
  const whole = [title, blank, ...rows(true)];
  // What to do next is worth more than the words of a library.
  return whole.length <= size.rows ? whole : [title, ...rows(false)];
}

function progress({ endpoints }: View): string {
  const answered = endpoints.filter(({ status }) => status.is === 'live').length;
  const all = plural(endpoints.length, 'endpoint');
  return endpoints.some(({ status }) => status.is === 'asking')
    ? `asking ${all}, ${answered} answered`
    : `${answered} of ${all} answered`;
}

function lines(endpoint: EndpointView, view: View, columns: number, detailed: boolean): readonly Row[] {
  const { status } = endpoint;
  const nameWidth = Math.max(...view.endpoints.map(({ name }) => width(name)));
  const narrow = columns < 60;
  const head = (mark: Segment, rest: readonly Segment[]): Row =>
    row(
      segment('   '),
      mark,
      segment(` ${fit(endpoint.name, nameWidth)}  `, 'strong'),
      ...(narrow ? [] : [segment(`${endpoint.address}  `, 'dim')]),
      ...rest,
    );
  if (status.is === 'live') return [head(segment(glyphs.holds, 'ok'), [segment('answers', 'ok')])];
  if (status.is === 'asking') {
    return [
      head(segment(glyphs.unsure, 'info'), [
        segment(status.what),
        segment(`  ${duration(view.at - status.since)}`, 'dim'),
      ]),
    ];
  }
  const { kind, detail } = status.failure;
  const { meaning, nextStep } = explain(status.failure);
  const text = (line: string, as: 'text' | 'dim'): readonly Row[] =>
    wrap(line, Math.max(10, columns - 8)).map(part => row(segment(`       ${part}`, as)));
  return [
    head(segment(glyphs.fails, 'critical'), [
      segment(kind, 'critical'),
      segment(`  ${narrow ? '' : 'since '}${duration(view.at - status.since)}`, 'dim'),
      segment(narrow ? '' : `, ${nextTry(status.nextTry, view.at)}`, 'dim'),
    ]),
    ...text(`${meaning}${detailed && detail ? ` (${detail})` : ''}`, 'text'),
    ...text(nextStep, 'dim'),
  ];
}

const unconfigured: readonly Row[] = [
  row(segment(' kmon has nothing to watch yet', 'strong')),
  blank,
  row(
    segment('   kmon -b broker:9092'),
    segment('                    groups, lag, rebalances of one cluster', 'dim'),
  ),
  row(segment('   kmon -b … --connect http://worker:8083'), segment(' + MirrorMaker 2 flows', 'dim')),
  row(segment('   kmon … --prometheus http://prom:9090'), segment('   + poll and write rates', 'dim')),
];
