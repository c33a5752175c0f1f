import { plural } from '../../core/units.js';
import type { Severity } from '../../diagnose/finding.js';
import type { View } from '../../session/view.js';
import { livenessMark } from '../endpoints.js';
import { timeOfDay } from '../format.js';
import { glyphs } from '../glyphs.js';
import { segment, segmentsWidth, spread, type Row, type Segment } from '../row.js';
import { forming, headline, isTrouble, standing } from '../selection.js';
import { severityCount } from '../severity.js';
import { sinceMark } from '../since.js';
import { truncate, truncateMiddle } from '../text.js';
import { keyHint, type Ui } from '../ui.js';

/** Columns that the name of a site has at least. */
const leastName = 8;
/** So many tell a site from the others: what is wrong is worth more than the rest of its name. */
const enoughName = 16;
/** Columns that the name of what the worst finding is about has at most. */
const mostOfName = 24;

/** The first line: which site, what time it shows, is it live and how old, what it costs, may it change anything. */
export function header(view: View, ui: Ui, columns: number): Row {
  const tight = columns < 70;
  const gap = segment(tight ? ' ' : '  ');
  const replayed = view.replay ? [segment(replayMark(view.replay, tight), 'alert'), gap] : [];
  const time = [segment(timeOfDay(view.at)), gap];
  const live = [
    view.held
      ? segment(
          tight
            ? ' FROZEN '
            : ` FROZEN at ${timeOfDay(view.held.at)}, ${keyHint(ui, 'time.thaw', 'f')} goes on `,
          'alert',
        )
      : livenessMark(view, tight ? 'short' : 'long'),
    gap,
  ];
  const title = segment(' kmon ', 'title');
  const needed = segmentsWidth([title, gap, ...replayed, ...time, ...live]) + leastName;
  const found = counts(view, tight, columns - needed - 1);
  let right = rightOf(found.flat());
  // Whether it is live, how old, and since when changes are counted is worth more than the end of a long name.
  const since = sinceParts(view, gap);
  const room =
    columns -
    segmentsWidth([title, gap, ...replayed, ...time, ...live, ...(tight ? [] : since.flat()), ...right]);
  const worst = worstOf(view, ui);
  const mode = [segment(view.site.mode, view.site.mode === 'read-write' ? 'warning' : 'dim'), gap];
  const spare = (worst === undefined ? [] : [[worst, ...mode], [worst]])
    .map(beside => room - segmentsWidth(beside))
    .find(left => left >= enoughName);
  const name = truncateMiddle(view.site.context, spare ?? Math.max(leastName, room));
  const left: Segment[] = [title, segment(name, 'strong'), gap, ...replayed];
  const optional: (readonly Segment[])[] = [
    time,
    live,
    ...since,
    ...stretched(view, columns < 110).map(part => [part, gap]),
  ];
  const fits = (...parts: readonly Segment[]): boolean =>
    segmentsWidth(left) + segmentsWidth(right) + segmentsWidth(parts) <= columns;
  for (const part of optional) if (fits(...part)) left.push(...part);
  if (worst !== undefined && fits(worst)) {
    const [first = [], ...others] = found;
    right = rightOf([...first, worst, ...others.flat()]);
  }
  if (fits(...mode)) left.push(...mode);
  const cost = segment(`${plural(view.cost.requests, 'request')} ${view.cost.seconds.toFixed(2)}s`, 'dim');
  if (fits(cost)) left.push(cost);
  return { segments: spread(left, right, columns) };
}

function rightOf(found: readonly Segment[]): readonly Segment[] {
  return [...found, segment(' ')];
}

/** Whose the worst finding is, to stand behind its count; nothing where the view begins with it, or nothing is wrong. */
function worstOf(view: View, { at }: Ui): Segment | undefined {
  const worst = headline(view);
  if (worst === undefined || at === 'overview' || at === 'findings') return undefined;
  const others = standing(view).filter(f => f.severity === worst.severity).length - 1;
  const name = truncateMiddle(worst.subject.name, mostOfName);
  return segment(`: ${name}${others > 0 ? ` +${others}` : ''}`, worst.severity);
}

function sinceParts(view: View, gap: Segment): readonly (readonly Segment[])[] {
  const since = sinceMark(view);
  return since === undefined ? [] : [[segment(truncate(since, 28), 'info'), gap]];
}

/** Frames that cost too much are made less often; what is old for that reason must not look broken. */
function stretched({ stretched: every }: View, short: boolean): readonly Segment[] {
  if (every === undefined) return [];
  const seconds = `every ${every / 1000}s`;
  return [segment(short ? seconds : `${seconds}: a frame costs much CPU`, 'warning')];
}

function replayMark({ is, speed }: NonNullable<View['replay']>, tight: boolean): string {
  if (is === 'ended') return tight ? ' REPLAY ended ' : ' REPLAY, at its end ';
  return tight || speed === 1 ? ' REPLAY ' : ` REPLAY at ${speed}x `;
}

/** How much is found, the worst first; where not all of it fits what is least leaves, but the worst never. */
function counts(view: View, tight: boolean, room: number): readonly (readonly Segment[])[] {
  const out: (readonly Segment[])[] = [];
  const all = standing(view);
  for (const severity of ['critical', 'warning', 'info'] satisfies Severity[]) {
    const n = all.filter(finding => finding.severity === severity).length;
    if (n === 0) continue;
    const counted = severityCount(severity, n);
    const short = tight ? segment(counted.text.split(' ').slice(0, 2).join(' '), severity) : counted;
    out.push([segment('  '), short]);
  }
  const pending = forming(view).filter(isTrouble).length;
  if (pending > 0) out.push([segment(`  ${glyphs.unsure} ${pending}${tight ? '' : ' forming'}`, 'dim')]);
  while (out.length > 1 && segmentsWidth(out.flat()) > room) out.pop();
  return out;
}
