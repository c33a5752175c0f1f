import type { ChangeView, View } from '../../../session/view.js';
import { timeOfDay } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { lastScrollOf, scrolledRows } from '../../parts/scroll.js';
import { stepRows } from '../../parts/steps.js';
import { windowAround } from '../../parts/window.js';
import { blank, row, segment, type Row } from '../../row.js';
import { currentChange } from '../../selection.js';
import { wrap } from '../../text.js';
import { keyHint, type Size, type Ui } from '../../ui.js';
import { happenedRows } from './happened.js';
import { diffRows } from '../remedy/diff.js';

/** Every plan that was confirmed, newest first, and the selected one with its steps; where there is room, what else happened. */
export function presentChanges(view: View, ui: Ui, size: Size): readonly Row[] {
  const rows = changeRows(view, ui, size);
  return [...rows, ...happenedRows(view, { ...size, rows: size.rows - rows.length })];
}

function changeRows(view: View, ui: Ui, size: Size): readonly Row[] {
  const change = currentChange(view, ui);
  const earlier = earlierRows(view, size.columns);
  if (!change) {
    return [
      row(segment(' CHANGES ', 'title'), segment('none were made from here', 'dim')),
      ...earlier,
      blank,
      row(
        segment(
          `   ${keyHint(ui, 'act.remedy', 'x')} on a flow or a group plans one; this kmon is ${view.site.mode}`,
          'dim',
        ),
      ),
    ];
  }
  const shown = windowAround(view.changes, listRoom(view, size), view.changes.indexOf(change));
  return [
    row(segment(' CHANGES ', 'title'), segment(`${view.changes.length}, newest first`, 'dim')),
    ...shown.items.map(one => listRow(one, one === change, ui)),
    ...earlier,
    blank,
    ...scrolledRows(
      detail(change, size.columns),
      size.rows - shown.items.length - earlier.length - 2,
      ui.scroll,
    ),
  ];
}

export function lastScroll(view: View, ui: Ui, size: Size): number {
  const change = currentChange(view, ui);
  if (!change) return 0;
  const body = { ...size, rows: size.rows - 2 };
  return lastScrollOf(
    detail(change, size.columns),
    body.rows - listRoom(view, body) - earlierRows(view, size.columns).length - 2,
  );
}

/** What an earlier run left unfinished, with what is known of it. */
function earlierRows({ earlier }: View, columns: number): readonly Row[] {
  return earlier.flatMap(({ step }) =>
    wrap(`left unfinished: ${step.text}`, columns - 4).map((line, i) =>
      row(segment(i === 0 ? ` ${glyphs.warning} ` : '   ', 'warning'), segment(line, 'warning')),
    ),
  );
}

function listRoom(view: View, size: Size): number {
  return Math.max(1, Math.min(view.changes.length, Math.floor(size.rows / 3)));
}

function listRow(change: ChangeView, selected: boolean, ui: Ui): Row {
  const last = change.steps.at(-1);
  const segments = [
    segment(selected ? glyphs.cursor : ' ', 'key'),
    segment(`${timeOfDay(change.plan.madeAt)}  `, 'dim'),
    segment(change.plan.title, 'strong'),
    segment(
      `  ${last?.state ?? 'confirmed'}`,
      last?.state === 'failed' || last?.state === 'unknown' ? 'critical' : 'text',
    ),
    segment(change.undoable ? `  ${keyHint(ui, 'changes.undo', 'u')} plans the undo` : '', 'dim'),
  ];
  return selected ? { segments, selected: true } : { segments };
}

function detail({ plan, steps }: ChangeView, columns: number): readonly Row[] {
  return [
    row(segment(` ${plan.title}`, 'title'), segment(plan.undoes === undefined ? '' : '  (an undo)', 'dim')),
    ...diffRows(plan.changes, columns - 3).map(one => row('   ', ...one.segments)),
    row(segment(`   ${plan.where}`, 'dim')),
    ...(plan.playbook === undefined ? [] : wrap(`playbook: ${plan.playbook}`, columns - 6)).map(line =>
      row(segment(`   ${line}`, 'dim')),
    ),
    ...stepRows(steps, columns - 3).map(one => row('   ', ...one.segments)),
  ];
}
