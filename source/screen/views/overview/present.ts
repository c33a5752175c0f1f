import type { LiveFinding } from '../../../diagnose/finding.js';
import type { View } from '../../../session/view.js';
import { evidenceRows } from '../../parts/evidence.js';
import type { Panel } from '../../parts/panel.js';
import { windowAround } from '../../parts/window.js';
import { previewRows } from '../../preview.js';
import { blank, row, segment, type Row } from '../../row.js';
import { headline, orderedFlows, orderedGroups, selection } from '../../selection.js';
import type { Selection, Size, Ui } from '../../ui.js';
import { glyphs } from '../../glyphs.js';
import { clusterPanel } from './clusters.js';
import { findingLines } from './findings.js';
import { flowPanel } from './flows.js';
import { groupPanel } from './groups.js';
import { workerPanel } from './workers.js';

/**
 * What is wrong, then the flows, the groups and the workers; `size.rows` rows in all. Where they do not all fit,
 * workers give way first, then groups without lag; the findings and the selected row always stay.
 */
export function presentOverview(view: View, ui: Ui, size: Size): readonly Row[] {
  const { columns, rows } = size;
  const airy = rows >= 20;
  const findings = findingLines(view, ui, size, Math.max(rows < 12 ? 2 : 3, Math.floor(rows / 5)));
  const flows = flowPanel(view, orderedFlows(view), columns);
  const groups = groupPanel(view, orderedGroups(view), columns);
  const workers = workerPanel(view, view.snapshot.workers, columns);
  const chosen = selection(view, ui);

  const panels: Sized[] = [
    {
      panel: flows,
      kind: 'flow',
      wanted: flows.rows.length,
      least: Math.min(flows.rows.length, rows < 16 ? 2 : 3),
    },
    { panel: groups, kind: 'group', wanted: groups.rows.length, least: Math.min(groups.rows.length, 2) },
    sidePanel(workers, 'worker', chosen),
    sidePanel(clusterPanel(view, columns), 'cluster', chosen),
  ];
  const room = rows - findings.length - (airy ? 1 : 0);
  const allotted = allot(panels, room, airy);

  const out: Row[] = [...findings, ...(airy ? [blank] : [])];
  for (const [i, one] of allotted.entries()) {
    if (i > 0 && one.gap) out.push(blank);
    out.push(...panelRows(one, chosen));
  }
  const spare = rows - out.length;
  const because = headline(view);
  if (because && spare >= 4) out.push(blank, ...becauseRows(because, columns).slice(0, spare - 1));
  out.push(...previewRows(view, ui, chosen, { columns, rows: rows - out.length }));
  return out.slice(0, rows);
}

/** Where there is room to spare: what the headline rests on. */
function becauseRows(finding: LiveFinding, columns: number): readonly Row[] {
  return [
    row(
      segment(' BECAUSE ', 'title'),
      segment(`${finding.subject.name}: ${finding.verdict}, ${finding.confidence} confidence`, 'dim'),
    ),
    ...evidenceRows(finding.evidence, columns).map(one => row(segment('  '), ...one.segments)),
    ...finding.unchecked.map(line => row(segment(`   ${glyphs.unsure} not checked: ${line}`, 'dim'))),
  ];
}

type Sized = {
  readonly panel: Panel;
  readonly kind: Selection['kind'];
  readonly wanted: number;
  readonly least: number;
  /** Gives way first. */
  readonly optional?: boolean;
};

/** Workers and clusters give way, unless one of them is selected. */
function sidePanel(panel: Panel, kind: Selection['kind'], chosen: Selection | undefined): Sized {
  const optional = chosen?.kind !== kind;
  return { panel, kind, wanted: panel.rows.length, least: optional ? 0 : 1, optional };
}

type Allotted = {
  readonly panel: Panel;
  readonly kind: Selection['kind'];
  readonly lines: number;
  readonly notes: number;
  readonly gap: boolean;
};

/** Titles and notes first, then the least of each panel, then what is left from the top down. */
function allot(panels: readonly Sized[], room: number, airy: boolean): readonly Allotted[] {
  let left = room;
  const out: {
    panel: Panel;
    kind: Sized['kind'];
    lines: number;
    notes: number;
    gap: boolean;
    wanted: number;
    side: boolean;
  }[] = [];
  for (const { panel, kind, wanted, least, optional = false } of panels) {
    const side = kind === 'worker' || kind === 'cluster';
    const notes = Math.min(panel.notes.length, room < 16 ? 1 : 4);
    const needed = 1 + notes + least;
    if (left < needed || (optional && (left < 8 || wanted + notes === 0))) {
      const fewer = Math.min(left, 1 + notes);
      if (!optional && fewer > 1 && notes > 0) {
        out.push({ panel, kind, lines: 0, notes: fewer - 1, gap: false, wanted, side });
        left -= fewer;
      }
      continue;
    }
    out.push({ panel, kind, lines: least, notes, gap: false, wanted, side });
    left -= needed;
  }
  for (const one of out) {
    if (!one.side) continue;
    const given = Math.min(one.wanted - one.lines, Math.floor(left / 3));
    one.lines += given;
    left -= given;
  }
  for (const one of out) {
    const given = Math.max(0, Math.min(one.wanted - one.lines, left));
    one.lines += given;
    left -= given;
  }
  if (airy) {
    for (const [i, one] of out.entries()) {
      if (i === 0 || left <= 0) continue;
      one.gap = true;
      left--;
    }
  }
  return out;
}

/** The rows of a panel, the selected one among them. */
function panelRows({ panel, kind, lines, notes }: Allotted, chosen: Selection | undefined): readonly Row[] {
  const index = kind === chosen?.kind ? panel.rows.findIndex(one => one.id === chosen.id) : 0;
  const { items } = windowAround(panel.rows, lines, Math.max(0, index));
  const isChosen = (id: string): boolean => chosen?.kind === kind && chosen.id === id;
  return [
    panel.title(items.length),
    ...items.map(one => one.row(isChosen(one.id))),
    ...panel.notes.slice(0, notes),
  ];
}
