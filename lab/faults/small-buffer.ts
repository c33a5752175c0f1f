import { putConnectors, setConnector } from '../connectors.js';
import { currentLoad, healthyRate, setLoad } from '../load.js';
import type { Fault } from './fault.js';

/** Bytes. With its overhead a record of the load takes some 600: one is in the buffer, and the next one waits for it. */
const buffer = 1_024;
/** Records a second: what four tasks carry with ease, as long as they need not wait for each record by itself. */
const rate = 1_400;

export const smallBuffer: Fault = {
  name: 'small-buffer',
  about: `producers of mm2-source with a buffer of ${buffer} bytes, at ${rate} records/s: each record waits for the answer to the one before`,
  inject: site => {
    setLoad(site, { rate });
    return setConnector(site, 'mm2-source', {
      'producer.override.buffer.memory': buffer,
      'producer.override.batch.size': buffer / 2,
      'producer.override.linger.ms': 0,
    });
  },
  heal: async site => {
    if (currentLoad(site)) setLoad(site, { rate: healthyRate });
    await putConnectors(site);
  },
};
