import type { Limits } from './limits.js';

/** From where on the rules speak of a full machine, for bars that mark it; shares 0…1. */
export type MachineLimits = Readonly<Record<'worker' | 'broker', MachineLimit>>;

export type MachineLimit = { readonly cpu: number; readonly memory: number; readonly heap: number };

/** The rules compare memory and heap of workers alone; of a broker the same is marked. */
export function machineLimits(limits: Limits): MachineLimits {
  const memory = limits.value('worker-memory');
  const heap = limits.value('worker-heap');
  return {
    worker: { cpu: limits.value('worker-cpu'), memory, heap },
    broker: { cpu: limits.value('broker-cpu'), memory, heap },
  };
}
