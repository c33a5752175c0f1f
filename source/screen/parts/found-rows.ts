import type { Subject } from '../../diagnose/finding.js';
import type { View } from '../../session/view.js';
import { age } from '../format.js';
import { allFindings } from '../found.js';
import { segment, spread, type Row } from '../row.js';
import { findingMark } from '../severity.js';

/** What stands about one subject, a line each, the worst first: its own view must not look well while it is not. */
export function foundRows(
  view: View,
  { kind, id }: Pick<Subject, 'kind' | 'id'>,
  columns: number,
  atMost = 2,
): readonly Row[] {
  return allFindings(view)
    .filter(one => one.subject.kind === kind && one.subject.id === id)
    .slice(0, atMost)
    .map(one => {
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
    });
}
