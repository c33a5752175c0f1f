import { valueOf } from '../../core/known.js';
import { busiest } from '../../model/machines.js';
import { pinOf } from '../../session/memory.js';
import { alphabetical, descending, list } from '../list.js';
import { machinesOf, type MachineItem } from '../machines.js';
import { openMachine } from '../navigate.js';
import { machinePanel } from '../views/machine/panel.js';

const cpuOf = ({ machine }: MachineItem): number | undefined => valueOf(busiest(machine));
const heapOf = ({ machine }: MachineItem): number | undefined => valueOf(machine.heap);
const isDown = ({ role }: MachineItem): boolean => role.is === 'broker' && !('value' in role.broker.answers);

export const machines = list<MachineItem>({
  name: 'machines',
  items: machinesOf,
  id: machine => machine.id,
  pin: ({ subject }) => pinOf(subject),
  fields: [
    'kind',
    'of',
    'cpu',
    'heap',
    'memory',
    'network',
    'gc',
    'tasks',
    'leaders',
    'disk',
    'throttle',
    'rack',
  ],
  facts: machine => ({
    name: machine.name,
    kind: machine.role.is,
    of: machine.of,
    cpu: cpuOf(machine),
    heap: heapOf(machine),
    memory: valueOf(machine.machine.hostMemory),
    network: valueOf(machine.machine.network),
    gc: valueOf(machine.machine.gcShare),
    throttle: valueOf(machine.throttle),
    ...(machine.role.is === 'worker'
      ? { tasks: machine.role.worker.tasks }
      : {
          leaders: machine.role.broker.leaders,
          disk: valueOf(machine.role.broker.bytes),
          rack: machine.role.broker.rack,
        }),
  }),
  sorts: [
    {
      by: 'kind',
      compare: (a, b) =>
        Number(isDown(b)) - Number(isDown(a)) ||
        Number(a.role.is === 'broker') - Number(b.role.is === 'broker') ||
        a.of.localeCompare(b.of),
    },
    { by: 'cpu', compare: descending(cpuOf) },
    { by: 'heap', compare: descending(heapOf) },
    { by: 'memory', compare: descending(({ machine }) => valueOf(machine.hostMemory)) },
    { by: 'network', compare: descending(({ machine }) => valueOf(machine.network)) },
    { by: 'name', compare: alphabetical(machine => machine.name) },
  ],
  panel: machinePanel,
  open: openMachine,
});
