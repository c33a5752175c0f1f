import type { Scenario } from './scenario.js';

export const noPrometheus: Scenario = {
  name: 'no-prometheus',
  happens: 'Prometheus never answers; after 20 s a quota throttles MirrorMaker 2 on us',
  see: 'arrival, write and true lag from offsets alone; poll and buffers are unknown, and say why',
  events: [
    { at: 0, make: ({ prometheus }) => prometheus.setFault('down') },
    { at: 20, make: ({ state }) => void (state.quota = { bytesPerSecond: 150_000, of: 'user' }) },
  ],
};
