import type { Check, GuideView } from '../../../remedy/guide.js';
import { timeOfDay } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { row, segment, type Row } from '../../row.js';
import type { Token } from '../../theme.js';
import { wrap } from '../../text.js';
import type { Dialog } from './layout.js';

const marks: Readonly<Record<Check['is'], readonly [string, Token]>> = {
  done: [glyphs.holds, 'ok'],
  open: [glyphs.dead, 'text'],
  unknown: [glyphs.unsure, 'dim'],
};

/** What is to be done, and what is so of it now; where that is too long the checks stay and the instructions are scrolled. */
export function guideRows(guide: GuideView, columns: number): Pick<Dialog, 'body' | 'tight'> {
  const why = guide.why.flatMap(line => wrap(line, columns)).map(line => row(segment(line)));
  const parts = guide.parts.flatMap(({ where, lines, why: because }) => [
    row(''),
    ...wrap(where, columns).map(line => row(segment(line, 'title'))),
    ...lines.flatMap(line => wrap(line, columns - 2).map(part => row(segment(`  ${part}`, 'strong')))),
    ...wrap(because, columns).map(line => row(segment(line, 'dim'))),
  ]);
  const done = guide.checks.filter(check => check.is === 'done').length;
  const head = `since ${timeOfDay(guide.since)}: ${done} of ${guide.checks.length} are so`;
  const checks = [row(segment(head, 'title')), ...guide.checks.flatMap(check => checkRows(check, columns))];
  return {
    body: [...why, ...parts, row(''), ...checks],
    tight: room => ({
      stays: [
        ...checks.slice(0, Math.max(1, Math.floor(room / 2))),
        row(segment('─'.repeat(columns), 'dim')),
      ],
      scrolls: [...why, ...parts, ...checks.slice(Math.max(1, Math.floor(room / 2)))],
    }),
  };
}

function checkRows({ what, is, now }: Check, columns: number): readonly Row[] {
  const [mark, as] = marks[is];
  return wrap(`${what}  (${now})`, columns - 2).map((line, i) =>
    row(segment(i === 0 ? `${mark} ` : '  ', as), segment(line, is === 'done' ? 'text' : 'strong')),
  );
}
