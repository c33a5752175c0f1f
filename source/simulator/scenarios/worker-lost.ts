import type { Scenario } from './scenario.js';

export const workerLost: Scenario = {
  name: 'worker-lost',
  happens: 'after 40 s worker-2 is killed; its tasks move 20 s later; after 3 min it is back',
  see: 'two tasks stand still, then move and write again what was not flushed: counted as repeats',
  events: [
    { at: 40, make: site => site.loseWorker(1) },
    { at: 180, make: site => site.returnWorker(1) },
  ],
};
