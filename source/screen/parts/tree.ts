import type { Severity } from '../../diagnose/finding.js';
import type { Step, Tree } from '../../diagnose/tree.js';
import { glyphs } from '../glyphs.js';
import { row, segment, type Row, type Segment } from '../row.js';
import { truncate, width, wrap } from '../text.js';

/** How much of a tree is drawn: everything; below the way only; the reasons of the way and of what is open only. */
const details = ['all', 'way', 'reasons of the way'] as const;
type Detail = (typeof details)[number];

/**
 * A decision tree with the branch taken: each question with its answer and the numbers behind it. The way is marked with the cursor and in
 * the finding's severity, so that it is told from the rest without colour as well. As much as fits into `room` rows; at the least the
 * questions of the first levels.
 */
export function treeRows(tree: Tree, severity: Severity, columns: number, room: number): readonly Row[] {
  const drawn = details.map(detail => stepRows(tree.steps, { severity, columns, detail }, 0));
  return drawn.find(rows => rows.length <= room) ?? drawn[drawn.length - 1] ?? [];
}

/** `does it fall behind › are its writes held back › by a quota of the target` on one line. */
export function wayRow(tree: Tree, severity: Severity, columns: number): Row {
  const names = onWay(tree.steps).map(({ question }) => question.replace(/\?$/, ''));
  const between = ` ${glyphs.cursor} `;
  // Where it leads to is the cause: what is cut is its beginning.
  let text = names.join(between);
  for (let from = 1; from < names.length && width(text) > columns - 2; from++)
    text = `…${between}${names.slice(from).join(between)}`;
  return row(segment(` ${truncate(text, columns - 2)}`, severity));
}

function onWay(steps: readonly Step[]): readonly Step[] {
  const on = steps.find(step => step.taken);
  return on === undefined ? [] : [on, ...onWay(on.steps)];
}

/** A reason that is cut to less says nothing. */
const leastReason = 14;

type How = { readonly severity: Severity; readonly columns: number; readonly detail: Detail };

function stepRows(steps: readonly Step[], how: How, depth: number): readonly Row[] {
  return steps.flatMap(step => [
    ...oneStep(step, how, depth),
    ...(step.taken || how.detail === 'all' ? stepRows(step.steps, how, depth + 1) : []),
  ]);
}

function oneStep(step: Step, { severity, columns, detail }: How, depth: number): readonly Row[] {
  const { taken, answer, question, because } = step;
  const indent = '  '.repeat(depth);
  const head = [
    segment(indent),
    segment(taken ? glyphs.cursor : ' ', severity),
    mark(step, severity),
    segment(` ${question}`, taken ? 'strong' : answer === 'no' ? 'dim' : 'text'),
  ];
  const used = width(indent) + 3 + width(question);
  const as = taken ? 'text' : 'dim';
  if (used + 2 + width(because) <= columns) return [row(...head, segment(`  ${because}`, as))];
  if (taken) {
    const room = Math.max(8, columns - width(indent) - 5);
    return [row(...head), ...wrap(because, room).map(line => row(segment(`${indent}     ${line}`, as)))];
  }
  if (detail === 'reasons of the way' && answer !== 'yes') {
    const room = columns - used - 2;
    return [row(...head, segment(room < leastReason ? '' : `  ${truncate(because, room)}`, 'dim'))];
  }
  return [
    row(...head),
    row(segment(`${indent}     ${truncate(because, columns - width(indent) - 5)}`, 'dim')),
  ];
}

function mark({ answer, taken }: Step, severity: Severity): Segment {
  if (answer === 'unknown') return segment(glyphs.unsure, 'info');
  if (answer === 'no') return segment(glyphs.fails, 'dim');
  return segment(glyphs.holds, taken ? severity : 'warning');
}
