import { plural } from '../../../core/units.js';
import type { Change } from '../../../model/change-log.js';
import type { View } from '../../../session/view.js';
import { timeOfDay } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { blank, fitSegments, row, segment, type Row } from '../../row.js';
import { fit } from '../../text.js';
import type { Size } from '../../ui.js';

/** Without an entry or two it says nothing. */
const least = 4;

/** What changed by itself or by others, newest first, in room that is left: who asks what was changed asks what happened, too. */
export function happenedRows(view: View, { columns, rows }: Size): readonly Row[] {
  if (rows < least) return [];
  const changes = view.snapshot.changes.filter(one => !isOnTheWay(one));
  const title = segment(' WHAT HAPPENED ', 'title');
  if (changes.length === 0)
    return [blank, row(title, segment(`nothing since ${timeOfDay(view.startedAt)}`, 'dim'))];
  const shown = changes.slice(-(rows - 2)).reverse();
  const hidden = changes.length - shown.length;
  const older = hidden === 0 ? '' : `, ${plural(hidden, 'older one')} not shown`;
  const subject = Math.min(Math.floor(columns / 4), Math.max(...shown.map(one => one.subject.length)));
  return [
    blank,
    row(title, segment(`newest first${older}`, 'dim')),
    ...shown.map(one => ({ segments: fitSegments(line(one, subject), columns) })),
  ];
}

/** What a remedy was doing between its steps: the change itself tells it, and it would push out what else happened. */
function isOnTheWay({ kind, is }: Change): boolean {
  return kind === 'remedy' && /^(re-reading|applying|verifying|watching):/.test(is ?? '');
}

/** `14:32:08  rebalance   us/billing  member billing-2 left: 4 → 3 members` */
function line({ at, kind, subject, what, was, is }: Change, room: number): Row['segments'] {
  const change = was === undefined ? is : `${was} ${glyphs.arrow} ${is ?? 'gone'}`;
  return [
    segment(`   ${timeOfDay(at)}  `, 'dim'),
    segment(kind.padEnd(10), kind === 'finding' || kind === 'remedy' ? 'text' : 'dim'),
    segment(`  ${fit(subject, room)}  `, 'strong'),
    segment(kind === 'mark' || change === undefined ? (change ?? what) : `${what}: ${change}`),
  ];
}
