import { connectorState, putConnectors, workersAreReady } from '../connectors.js';
import { startParts } from '../parts.js';
import { signal } from '../processes.js';
import type { LabSite } from '../site.js';
import { until } from '../wait.js';
import { workerNames } from '../workers.js';
import type { Fault } from './fault.js';

/** The worker that has the most tasks of mm2-source, so that killing it hurts. */
async function busiestWorker(site: LabSite): Promise<(typeof workerNames)[number]> {
  const { tasks } = await connectorState(site, 'mm2-source');
  const load = workerNames.map((name, index) => ({
    name,
    tasks: tasks.filter(task => site.workerUrls[index]?.endsWith(task.worker_id)).length,
  }));
  return load.reduce((most, each) => (each.tasks > most.tasks ? each : most)).name;
}

export const killWorker: Fault = {
  name: 'kill-worker',
  about:
    'kill -9 of the worker with the most tasks: they move after 10 s, and some records are written twice',
  inject: async (site, say) => {
    const worker = await busiestWorker(site);
    signal(site, 'SIGKILL', [worker]);
    say(`${worker} was killed`);
  },
  heal: async site => {
    startParts(site, workerNames);
    await until('the workers', () => workersAreReady(site), { timeoutMs: 60_000 });
    await putConnectors(site);
  },
};
