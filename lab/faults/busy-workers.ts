import { putConnectors, setConnector } from '../connectors.js';
import type { Fault } from './fault.js';

/** Microseconds of CPU for each record: at 1,000 records/s three cores' worth, and the machine needs some for itself. */
const micros = 3_000;

export const busyWorkers: Fault = {
  name: 'busy-workers',
  about: `the converter of mm2-source computes for ${micros / 1_000} ms of CPU a record: the workers take all the CPU that there is`,
  inject: site =>
    setConnector(site, 'mm2-source', {
      'value.converter': 'kmon.lab.BusyConverter',
      'value.converter.micros': micros,
    }),
  heal: putConnectors,
};
