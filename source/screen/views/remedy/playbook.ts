import type { PlaybookView, PlayStepView } from '../../../session/view.js';
import { glyphs } from '../../glyphs.js';
import { row, segment, type Row } from '../../row.js';
import type { Token } from '../../theme.js';
import { width, wrap } from '../../text.js';
import type { Dialog } from './layout.js';

const looks: Readonly<Record<PlayStepView['is'], readonly [string, Token]>> = {
  open: [glyphs.info, 'dim'],
  skipped: ['-', 'dim'],
  due: [glyphs.cursor, 'key'],
  running: [glyphs.live, 'warning'],
  watching: [glyphs.partly, 'warning'],
  done: [glyphs.holds, 'ok'],
};

/** The steps in their order, each with what became of it; where they do not fit, the one that is next is seen. */
export function playbookRows(
  playbook: PlaybookView,
  columns: number,
): Pick<Dialog, 'body' | 'cursor' | 'foot'> {
  const head = [...wrap(playbook.now, columns).map(line => row(segment(line, 'strong'))), row('')];
  const rows = playbook.steps.map((step, i) => stepRows(step, playbook.steps[i - 1]?.stage, columns));
  const at = playbook.steps.findIndex(({ is }) => is === 'due' || is === 'running' || is === 'watching');
  const before = rows.slice(0, Math.max(0, at)).flat().length;
  return {
    body: [...head, ...rows.flat()],
    cursor: at < 0 ? head.length : head.length + before,
    foot: footRows(playbook, columns),
  };
}

function stepRows(
  { stage, title, is, text }: PlayStepView,
  above: string | undefined,
  columns: number,
): readonly Row[] {
  const [mark, as] = looks[is];
  const label = (stage === above ? '' : stage).padEnd(4);
  const named = [
    segment(label, 'title'),
    segment(`${mark} `, as),
    segment(title, is === 'open' || is === 'skipped' ? 'dim' : 'strong'),
  ];
  const told = is === 'skipped' ? `skipped: ${text}` : text;
  const used = label.length + 2 + width(title) + 2;
  if (told === '') return [row(...named)];
  if (used + width(told) <= columns) return [row(...named, segment(`  ${told}`, 'dim'))];
  return [row(...named), ...wrap(told, columns - 8).map(line => row(segment(`        ${line}`, 'dim')))];
}

/** What comes next, or how it ended. */
function footRows({ next, waits, over, undo }: PlaybookView, columns: number): readonly Row[] {
  const text = over ?? waits ?? `next: ${next ?? ''}`;
  return [
    ...wrap(text, columns).map(line => row(segment(line, over === undefined ? 'strong' : 'title'))),
    row(
      ...(next === undefined ? [] : [segment('Enter', 'key'), segment(' plans it   ', 'dim')]),
      ...(undo === undefined
        ? []
        : [segment('u', 'key'), segment(' plans the undo of the last change   ', 'dim')]),
      segment('Esc', 'key'),
      segment(' leaves it; x goes on with it', 'dim'),
    ),
  ];
}
