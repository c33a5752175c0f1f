import { explain } from '../../../core/failure.js';
import { isKnown } from '../../../core/known.js';
import { count, duration, plural } from '../../../core/units.js';
import type { View } from '../../../session/view.js';
import { problemsOf, staleNotes } from '../../endpoints.js';
import { fact } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import type { MachineItem } from '../../machines.js';
import { activePane } from '../../panes.js';
import { foundRows } from '../../parts/found-rows.js';
import { cursorIn, type Pane } from '../../parts/pane.js';
import { blank, row, segment, type Row } from '../../row.js';
import { currentMachine } from '../../selection.js';
import { machineSinceRows } from '../../since.js';
import type { Size, Ui } from '../../ui.js';
import { gaugeRows } from './gauges.js';
import { machinePanes } from './panes.js';
import { paneRows } from './pane-rows.js';

/** One worker or broker: what is found about it, its load against the limits, and what it does. */
export function presentMachine(view: View, ui: Ui, size: Size): readonly Row[] {
  const item = currentMachine(view, ui);
  if (!item) {
    return [
      row(segment(' no machine is known', 'dim')),
      ...problemsOf(view, 'kafka'),
      ...problemsOf(view, 'connect'),
    ];
  }
  const { columns, rows } = size;
  const head = [
    ...title(item, view),
    ...machineSinceRows(view, item),
    ...foundRows(view, item.subject, columns),
    ...systemNotes(item, view),
    ...problemsOf(view, 'prometheus'),
  ];
  const gauges = gaugeRows(item, view, columns);
  const panes = machinePanes(item, view).filter(pane => pane.kind === 'rows');
  const active = activePane(view, ui);
  const airy = rows >= head.length + gauges.length + 8;
  const gap = airy ? [blank] : [];
  const least = panes.length === 0 ? 0 : Math.min(4, Math.max(2, Math.floor(rows / 4)));
  const shown = gauges.slice(0, Math.max(1, rows - head.length - least));
  const room = rows - head.length - shown.length - gap.length * (1 + panes.length);
  return [
    ...head,
    ...gap,
    ...shown,
    ...allotted(panes, room).flatMap(({ pane, lines }) => [
      ...gap,
      ...paneRows(pane, item, view, { columns, room: lines, cursor: cursorIn(pane, active, ui) }),
    ]),
  ].slice(0, rows);
}

/** Why what it does may be what it did. */
function systemNotes({ role }: MachineItem, view: View): readonly Row[] {
  const kind = role.is === 'worker' ? 'connect' : 'kafka';
  return [...problemsOf(view, kind), ...staleNotes(view, kind)].slice(0, 2);
}

/** Half of the room to each of two; what one does not need the other has. */
function allotted(
  panes: readonly Pane[],
  room: number,
): readonly { readonly pane: Pane; readonly lines: number }[] {
  const [first, second] = panes;
  if (first === undefined) return [];
  if (second === undefined) return [{ pane: first, lines: room }];
  const half = Math.ceil(room / 2);
  const lower = Math.min(second.length + 1, Math.max(room - half, room - first.length - 1));
  return [
    { pane: first, lines: room - lower },
    { pane: second, lines: lower },
  ];
}

function title(item: MachineItem, view: View): readonly Row[] {
  const { role } = item;
  if (role.is === 'worker') {
    const { worker } = role;
    return [
      row(
        segment(` ${item.name}`, 'title'),
        segment(`  worker of ${item.of}  `, 'dim'),
        segment(plural(worker.tasks, 'task')),
        segment(`, ${plural(worker.connectors, 'connector')}`),
        segment('  rebalances completed ', 'dim'),
        fact(worker.rebalances, count),
      ),
    ];
  }
  const { broker } = role;
  const { answers } = broker;
  return [
    row(
      segment(` ${item.name}`, 'title'),
      segment(`  ${broker.address}`, 'dim'),
      segment(broker.rack === undefined ? '' : `  rack ${broker.rack}`, 'dim'),
      segment(broker.controller ? '  controller' : ''),
      segment(`  leads ${plural(broker.leaders, 'partition')}`),
      segment(
        broker.arrival.partitions > 0
          ? `, ${count(broker.arrival.perSecond)}/s arrive in ${broker.arrival.partitions} of them`
          : '',
      ),
    ),
    isKnown(answers)
      ? row(segment(` ${glyphs.holds} answered ${duration(view.at - answers.at)} ago`, 'ok'))
      : row(
          segment(
            ` ${glyphs.fails} ${answers.unknown.kind} for ${duration(view.at - answers.since)}`,
            'critical',
          ),
          segment(`: ${explain(answers.unknown).meaning}`),
          segment(answers.unknown.detail === '' ? '' : ` (${answers.unknown.detail})`, 'dim'),
        ),
  ];
}
