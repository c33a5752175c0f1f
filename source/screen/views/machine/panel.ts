import { isKnown, latest, type Known } from '../../../core/known.js';
import { bytes, latency, percent, unknownMark } from '../../../core/units.js';
import type { MachineLimit } from '../../../diagnose/machine-limits.js';
import { busiest, type Machine } from '../../../model/machines.js';
import type { View } from '../../../session/view.js';
import { problemsOf, staleNotes } from '../../endpoints.js';
import { fact } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { loadToken } from '../../load-token.js';
import type { MachineItem } from '../../machines.js';
import { bar } from '../../parts/bar.js';
import { pinned } from '../../pins.js';
import type { Panel } from '../../parts/panel.js';
import { layOut, tableRow, tableTitle, type Column } from '../../parts/table.js';
import { row, segment, type Row, type Segment } from '../../row.js';
import { machineSinceColumns } from '../../since.js';
import { truncateMiddle } from '../../text.js';

/** Workers and brokers in one table, so that one of them is seen beside the other. */
export function machinePanel(view: View, machines: readonly MachineItem[], columns: number): Panel {
  const laid = layOut(machineColumns(view, columns < 50), columns);
  return {
    title: shown =>
      tableTitle(laid, columns, () =>
        shown < machines.length ? `MACHINES ${shown}/${machines.length}` : `MACHINES ${machines.length}`,
      ),
    rows: machines.map(machine => ({
      id: machine.id,
      row: selected => tableRow(laid, machine, columns, { selected }),
    })),
    notes: [
      ...problemsOf(view, 'kafka'),
      ...problemsOf(view, 'connect'),
      ...problemsOf(view, 'prometheus'),
      ...staleNotes(view, 'connect'),
      ...reasonRows(machines),
    ],
  };
}

/** In less a bar says nothing. */
const leastGauge = 10;

function gauge(
  { limits }: View,
  kind: keyof MachineLimit,
  of: (machine: Machine) => Known<number>,
): Column<MachineItem>['cell'] {
  return ({ machine, role }, width) => {
    const share = of(machine);
    const limit = limits[role.is][kind];
    const text = fact(share, percent, loadToken(share, limit));
    const last = latest(share);
    if (!last || width < leastGauge) return [segment(' '.repeat(Math.max(0, 4 - text.text.length))), text];
    return [
      segment(' '.repeat(Math.max(0, 4 - text.text.length))),
      text,
      segment(' '),
      ...bar(last.value, limit, width - 5),
    ];
  };
}

/** `cpu  │=85%`; `cpu │=80/85%` where workers and brokers have another one. */
function gaugeTitle({ limits: { worker, broker } }: View, name: string, kind: keyof MachineLimit): string {
  const [ofWorkers, ofBrokers] = [percent(worker[kind]), percent(broker[kind])];
  return ofWorkers === ofBrokers
    ? `${name.padEnd(4)} │=${ofWorkers}`
    : `${name} │=${ofWorkers.slice(0, -1)}/${ofBrokers}`;
}

/** Where it is narrow CPU is a number without its bar. */
const machineColumns = (view: View, narrow: boolean): readonly Column<MachineItem>[] => [
  {
    id: 'machine',
    title: 'MACHINES',
    width: 17,
    grow: 15,
    leaves: 0,
    cell: (machine, width) => [
      segment(truncateMiddle(pinned(view, machine.subject, machine.name), width), 'strong'),
    ],
  },
  {
    id: 'of',
    title: 'of',
    width: 6,
    grow: 6,
    leaves: 35,
    cell: (machine, width) => [segment(truncateMiddle(machine.of, width), 'dim')],
  },
  { id: 'role', title: 'does', width: 12, grow: 14, leaves: 0, cell: machine => [roleCell(machine)] },
  {
    id: 'cpu',
    title: narrow ? 'cpu' : gaugeTitle(view, 'cpu', 'cpu'),
    width: narrow ? 4 : 12,
    grow: 7,
    leaves: 1,
    cell: gauge(view, 'cpu', busiest),
  },
  {
    id: 'heap',
    title: gaugeTitle(view, 'heap', 'heap'),
    width: 12,
    grow: 7,
    leaves: 3,
    cell: gauge(view, 'heap', machine => machine.heap),
  },
  ...machineSinceColumns(view),
  {
    id: 'memory',
    title: gaugeTitle(view, 'mem', 'memory'),
    width: 12,
    grow: 7,
    leaves: 20,
    cell: gauge(view, 'memory', machine => machine.hostMemory),
  },
  {
    id: 'gc',
    title: 'gc',
    width: 4,
    align: 'right',
    leaves: 30,
    cell: ({ machine }) => [fact(machine.gcShare, percent)],
  },
  {
    id: 'network',
    title: 'net/s',
    width: 9,
    align: 'right',
    leaves: 25,
    cell: ({ machine }) => [fact(machine.network, bytes)],
  },
  {
    id: 'throttle',
    title: 'throttle',
    width: 8,
    align: 'right',
    leaves: 40,
    cell: ({ throttle }) => [fact(throttle, latency)],
  },
  {
    id: 'latency',
    title: 'request',
    width: 7,
    align: 'right',
    leaves: 45,
    cell: machine => [fact(machine.latency, latency)],
  },
  { id: 'disk', title: 'disk', width: 9, align: 'right', leaves: 50, cell: machine => [diskCell(machine)] },
];

/** What it does, or that it does not answer. */
export function roleCell({ role }: MachineItem): Segment {
  if (role.is === 'worker') {
    const failed = role.tasks.filter(({ task }) => task.state === 'FAILED').length;
    return failed > 0
      ? segment(`${glyphs.critical} ${failed} of ${role.tasks.length} failed`, 'critical')
      : segment(`${role.worker.tasks} tasks`);
  }
  const { broker } = role;
  if (!isKnown(broker.answers)) return segment(`${glyphs.fails} ${broker.answers.unknown.kind}`, 'critical');
  return segment(`leads ${broker.leaders}`);
}

function diskCell({ role }: MachineItem): Segment {
  return role.is === 'broker' ? fact(role.broker.bytes, bytes) : segment(unknownMark, 'dim');
}

/** Why there are dashes: one line a reason, of what is missing most. */
function reasonRows(machines: readonly MachineItem[]): readonly Row[] {
  const reasons = new Map<string, { readonly names: Set<string>; readonly who: Set<string> }>();
  for (const { name, machine } of machines)
    for (const [what, known] of [
      ['cpu', busiest(machine)],
      ['heap', machine.heap],
      ['memory', machine.hostMemory],
      ['network', machine.network],
    ] as const) {
      // What was known stands there, and whoever told it says below how old it is.
      if (isKnown(known) || known.last !== undefined) continue;
      const { kind, detail } = known.unknown;
      const why = detail === '' ? kind : detail;
      const found = reasons.get(why) ?? { names: new Set(), who: new Set() };
      found.names.add(what);
      found.who.add(name);
      reasons.set(why, found);
    }
  return [...reasons]
    .sort((a, b) => b[1].who.size - a[1].who.size)
    .slice(0, 3)
    .map(([why, { names, who }]) => {
      const [first = ''] = who;
      const whose = who.size === 1 ? first : `${who.size} machines`;
      return row(segment(`   ${[...names].join(', ')} of ${whose} not known: ${why}`, 'dim'));
    });
}
