import { putConnectors, setConnector } from '../connectors.js';
import type { Fault } from './fault.js';

/** Bytes. With its overhead a record of the load takes some 600: one is in the buffer, and the next one waits for it. */
const buffer = 1_024;

export const smallBuffer: Fault = {
  name: 'small-buffer',
  about: `producers of mm2-source with a buffer of ${buffer} bytes: one record at a time, each waits for its answer`,
  inject: site =>
    setConnector(site, 'mm2-source', {
      'producer.override.buffer.memory': buffer,
      'producer.override.batch.size': buffer / 2,
      'producer.override.linger.ms': 0,
    }),
  heal: putConnectors,
};
