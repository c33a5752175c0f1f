import { putConnectors, setConnector } from '../connectors.js';
import { sourceTopics } from '../topics.js';
import type { Fault } from './fault.js';

const partitions = sourceTopics.orders + sourceTopics.payments;
/** Each record costs 25 ms: 40 records/s a task, 720 with a task for each partition. */
const microsPerRecord = 25_000;

export const overloadAllTasks: Fault = {
  name: 'overload-all-tasks',
  about: `a task for each of the ${partitions} partitions, and more load than they carry: no more tasks would help`,
  inject: site =>
    setConnector(site, 'mm2-source', {
      'tasks.max': partitions,
      'value.converter.micros': microsPerRecord,
    }),
  heal: putConnectors,
};
