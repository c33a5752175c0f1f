import type { Scenario } from './scenario.js';

/** Health brings each of the three brokers some 560,000. */
const bytesPerSecond = 150_000;

export const targetQuota: Scenario = {
  name: 'target-quota',
  happens: 'after 20 s a produce quota throttles MirrorMaker 2 on us; after 8 min it is lifted',
  see: 'lag grows and the target is named as the limit, also when full buffers have stopped the poll',
  events: [
    { at: 20, make: ({ state }) => void (state.quota = { bytesPerSecond, of: 'user' }) },
    { at: 480, make: ({ state }) => void (state.quota = undefined) },
  ],
};
