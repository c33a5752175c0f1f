import type { Subject } from '../diagnose/finding.js';
import type { View } from '../session/view.js';
import { machineId } from './machines.js';
import { blank, segmentsWidth, type Row } from './row.js';
import type { Size, Ui } from './ui.js';
import { flowTop } from './views/flow/present.js';
import { presentGroup } from './views/group/present.js';
import { presentMachine } from './views/machine/present.js';
import { presentTopic } from './views/topic/present.js';

/** Below so much there is nothing to be read in it, of a flow not both of its charts; with the line that sets it apart. */
const least: Size = { columns: 60, rows: 11 };
const leastOfFlow = 15;
/** With the blank row before it. */
const leastOfSection = 3;

/**
 * What Enter would open, in room that would be empty: its view without a cursor, as much of it as fits. A frame costs no more by it than
 * one of that view.
 */
export function previewRows(
  view: View,
  ui: Ui,
  subject: Pick<Subject, 'kind' | 'id'> | undefined,
  { columns, rows }: Size,
): readonly Row[] {
  if (subject === undefined || columns < least.columns || rows < leastRows(subject)) return [];
  const shown = opened(view, ui, subject, { columns, rows: rows - 1 });
  return shown.length === 0 ? [] : [blank, ...cut(shown, rows - 1)];
}

/** As much as fits, without the mere beginning of a section: a title of which nothing follows says nothing. */
function cut(all: readonly Row[], room: number): readonly Row[] {
  const shown = all.slice(0, room);
  const begun = shown.findLastIndex(isBlank);
  return shown.length === all.length || begun < 0 || shown.length - begun > leastOfSection
    ? shown
    : shown.slice(0, begun);
}

function isBlank(one: Row): boolean {
  return segmentsWidth(one.segments) === 0;
}

function leastRows({ kind }: Pick<Subject, 'kind'>): number {
  return kind === 'flow' ? leastOfFlow : least.rows;
}

/** No pane of it has the keys, for it is not where the user is. */
function opened(view: View, ui: Ui, { kind, id }: Pick<Subject, 'kind' | 'id'>, size: Size): readonly Row[] {
  const still: Ui = { ...ui, at: 'overview', scroll: 0, cell: { back: 0 }, pane: undefined, picked: {} };
  const { flows, groups, topics } = view.snapshot;
  switch (kind) {
    case 'flow': {
      const flow = flows.find(one => one.id === id);
      return flow ? flowTop(flow, view, still, size) : [];
    }
    case 'group':
      return groups.some(one => one.id === id) ? presentGroup(view, { ...still, group: id }, size) : [];
    case 'topic':
      return topics.some(one => one.id === id) ? presentTopic(view, { ...still, topic: id }, size) : [];
    case 'worker':
    case 'broker':
      return presentMachine(view, { ...still, machine: machineId(kind, id) }, size);
    default:
      return [];
  }
}
