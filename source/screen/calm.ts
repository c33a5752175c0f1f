import { plural } from '../core/units.js';
import { notJudged, type NotJudged } from '../session/not-judged.js';
import type { View } from '../session/view.js';
import { isStarting } from './endpoints.js';
import { glyphs } from './glyphs.js';
import { remembered } from './remembered.js';
import { row, segment, type Row } from './row.js';
import { forming, isTrouble } from './selection.js';
import type { Token } from './theme.js';
import { width } from './text.js';

const missing = remembered(notJudged);

/**
 * Where no trouble stands: whether that is because nothing is wrong. Silence is good only where all could be asked, has answered
 * and was judged; of the same `kmon check` says `unknown`.
 *
 *     ✓ nothing found wrong  3 flows, 5 groups, 2 workers seen
 *     ✓ nothing found wrong  3 flows, 5 groups, 2 workers seen; not judged here: producer-retries, no producer-record-retry-rate
 *     ? nothing found wrong yet, 1 forming  3 flows, 5 groups, 2 workers seen
 *     ? not judged yet: flow mm2-source (needs 4 samples over 12 s); 3 flows, 5 groups, 2 workers seen
 *
 * Started in the middle of an incident, kmon has no word of health for what it has not looked at for long enough.
 */
export function calmRow(view: View, columns: number): Row {
  if (isStarting(view)) return row(segment(` ${glyphs.unsure} nothing is known yet`, 'info'));
  const all = missing(view);
  const unseen = all.filter(one => one.required && !one.early);
  const waiting = all.filter(one => one.early && (one.required || one.whole));
  if (unseen.length > 0) {
    const items = [...unseen, ...waiting];
    const mark = ` ${glyphs.unsure} nothing`;
    return columns < 60
      ? row(segment(`${mark} wrong seen: ${items.length} not judged`, 'warning'))
      : unsureRow(
          `${mark} found wrong in what can be seen`,
          '  not judged:',
          'warning',
          items,
          view,
          columns,
        );
  }
  if (waiting.length > 0)
    return columns < 60
      ? row(segment(` ${glyphs.unsure} ${waiting.length} not judged yet`, 'info'))
      : unsureRow(` ${glyphs.unsure} not judged yet`, ':', 'info', waiting, view, columns);
  const open = forming(view);
  const troubles = open.filter(isTrouble).length;
  if (troubles > 0) {
    const said = columns < 60 ? 'nothing wrong yet' : 'nothing found wrong yet';
    return row(
      segment(` ${glyphs.unsure} ${said}, ${troubles} forming`, 'info'),
      segment(`  ${seenOf(view)}`, 'dim'),
    );
  }
  // Of one new group among many nothing is wrong because its window is not filled.
  const young = all.filter(one => one.early).length;
  const notes = open.length > 0 ? `; ${plural(open.length, 'note')} forming` : '';
  const seen = `${seenOf(view)}${young > 0 ? `; ${young} not judged yet` : ''}${notes}`;
  const said = ` ${glyphs.holds} nothing found wrong`;
  const aside = asideOf(all, columns - width(said) - width(seen) - 2);
  return row(segment(said, 'ok'), segment(`  ${seen}${aside}`, 'dim'));
}

/** What this site has no metric for: named where there is room, else counted. */
function asideOf(all: readonly NotJudged[], room: number): string {
  const aside = all.filter(one => one.aside);
  if (aside.length === 0) return '';
  const named = `; not judged here: ${aside.map(one => one.brief).join('; ')}`;
  return width(named) <= room ? named : `; ${aside.length} not judged here`;
}

function unsureRow(
  said: string,
  label: string,
  as: Token,
  items: readonly NotJudged[],
  view: View,
  columns: number,
): Row {
  const named = listed(items, columns - width(said) - width(label) - 1);
  return row(segment(said, as), segment(`${label} ${named}; ${seenOf(view)}`, 'dim'));
}

/** As many as there is room for, with their reason, and how many more there are. */
function listed(items: readonly NotJudged[], room: number): string {
  let text = '';
  for (const [i, { what, brief }] of items.entries()) {
    const rest = items.length - i - 1;
    const more = rest > 0 ? `, ${rest} more` : '';
    const whole = `${text === '' ? '' : `${text}, `}${what} (${brief})`;
    if (width(whole) + width(more) <= room) text = whole;
    else return text === '' ? `${what}${more}` : `${text}, ${rest + 1} more`;
  }
  return text;
}

function seenOf({ snapshot: { flows, groups, workers } }: View): string {
  return `${plural(flows.length, 'flow')}, ${plural(groups.length, 'group')}, ${plural(workers.length, 'worker')} seen`;
}
