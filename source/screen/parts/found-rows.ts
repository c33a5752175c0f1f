import type { LiveFinding, Subject } from '../../diagnose/finding.js';
import type { View } from '../../session/view.js';
import { age } from '../format.js';
import { findingsAbout } from '../found.js';
import { segment, spread, type Row } from '../row.js';
import { findingMark } from '../severity.js';

/** What stands about one subject, a line each, the worst first: its own view must not look well while it is not. */
export function foundRows(
  view: View,
  subject: Pick<Subject, 'kind' | 'id'>,
  columns: number,
  atMost = 2,
): readonly Row[] {
  return findingsAbout(view, subject)
    .slice(0, atMost)
    .map(one => foundRow(one, view, columns));
}

/** `! WARNING stopped: no members  lag +712/s   11m` */
export function foundRow(one: LiveFinding, view: View, columns: number): Row {
  const forming = one.phase === 'pending';
  return {
    segments: spread(
      [
        segment(' '),
        findingMark(one, columns < 60 ? 'short' : 'long'),
        segment(` ${one.sentence}`, forming ? 'dim' : one.severity),
        segment(`  ${one.consequence}`, forming ? 'dim' : 'text'),
      ],
      [segment(`  ${age(one.since, view.at, one.sinceIsBound)} `)],
      columns,
    ),
  };
}
