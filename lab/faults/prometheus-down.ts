import { monitoringIsReady } from '../monitoring.js';
import { startParts } from '../parts.js';
import { signal } from '../processes.js';
import { until } from '../wait.js';
import type { Fault } from './fault.js';

export const prometheusDown: Fault = {
  name: 'prometheus-down',
  about: 'kill -9 of Prometheus: no metrics, all else goes on',
  inject: site => void signal(site, 'SIGKILL', ['prometheus']),
  heal: async site => {
    startParts(site, ['prometheus']);
    await until('Prometheus', () => monitoringIsReady(site), { timeoutMs: 30_000 });
  },
};
