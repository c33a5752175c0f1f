import type { Millis } from '../core/clock.js';
import { isKnown, orNaN, type Known } from '../core/known.js';
import { madeIn } from '../core/made-in.js';
import type { History } from './history.js';
import type { Machine } from './machines.js';
import { Series, type ReadonlySeries } from './series.js';

/** What a machine does over time, in the units of `Machine`; a line without samples where nothing was ever told. */
export type MachineLoad = {
  readonly cpu: ReadonlySeries;
  readonly hostCpu: ReadonlySeries;
  readonly memory: ReadonlySeries;
  readonly heap: ReadonlySeries;
  readonly gc: ReadonlySeries;
  readonly network: ReadonlySeries;
};

type Lines = { readonly [K in keyof MachineLoad]: Series };

const facts: { readonly [K in keyof MachineLoad]: (machine: Machine) => Known<number> } = {
  cpu: machine => machine.processCpu,
  hostCpu: machine => machine.hostCpu,
  memory: machine => machine.hostMemory,
  heap: machine => machine.heap,
  gc: machine => machine.gcShare,
  network: machine => machine.network,
};

const names = Object.keys(facts) as (keyof MachineLoad)[];

/** Of a machine of which nothing was ever told: it takes no memory. */
const nothing = linesOf(() => new Series(0));

/** The load of workers, or of brokers, by an id that is unique among them. */
export class MachineLoads {
  private readonly lines = new Map<string, Lines>();

  constructor(private readonly history: History) {}

  push(id: string, at: Millis, machine: Machine): void {
    const lines = madeIn(this.lines, id, () => linesOf(() => this.history.forWorker()));
    for (const name of names) {
      lines[name].push(at, orNaN(facts[name](machine)));
    }
  }

  /** The same, once anything was told of it. */
  pushTold(id: string, at: Millis, machine: Machine): void {
    if (this.lines.has(id) || names.some(name => isKnown(facts[name](machine)))) this.push(id, at, machine);
  }

  of(id: string): MachineLoad {
    return this.lines.get(id) ?? nothing;
  }

  /** To be written to; undefined before the first push. */
  kept(id: string): Lines | undefined {
    return this.lines.get(id);
  }
}

function linesOf(line: () => Series): Lines {
  return { cpu: line(), hostCpu: line(), memory: line(), heap: line(), gc: line(), network: line() };
}
