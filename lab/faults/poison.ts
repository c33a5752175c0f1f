import { putConnectors, setConnector } from '../connectors.js';
import type { Fault } from './fault.js';

export const poison: Fault = {
  name: 'poison',
  about: 'mm2-source gets a converter that fails at the first record: its tasks are FAILED, with a trace',
  inject: site =>
    setConnector(site, 'mm2-source', {
      'value.converter': 'org.apache.kafka.connect.converters.LongConverter',
    }),
  heal: putConnectors,
};
