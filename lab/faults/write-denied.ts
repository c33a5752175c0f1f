import { connectorState, connectorsRun, restartFailed } from '../connectors.js';
import { allowTargetWrite, denyTargetWrite } from '../topics.js';
import { until } from '../wait.js';
import type { Fault } from './fault.js';

export const writeDenied: Fault = {
  name: 'write-denied',
  about:
    'mm2-user may not write to eu.orders and eu.payments until the tasks of mm2-source are FAILED: the cause has passed, and they stay so',
  inject: async site => {
    await denyTargetWrite(site);
    await until(
      'its tasks to fail',
      async () => (await connectorState(site, 'mm2-source')).tasks.every(task => task.state === 'FAILED'),
      { timeoutMs: 60_000 },
    );
    await allowTargetWrite(site);
  },
  heal: async site => {
    await allowTargetWrite(site);
    await until('failed tasks to be restarted', () => restartFailed(site).then(() => true), {
      timeoutMs: 60_000,
      everyMs: 2_000,
    });
    await connectorsRun(site);
  },
};
