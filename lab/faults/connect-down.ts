import { signal } from '../processes.js';
import type { Fault } from './fault.js';
import { killWorker } from './kill-worker.js';
import { workerNames } from '../workers.js';

export const connectDown: Fault = {
  name: 'connect-down',
  about: 'kill -9 of both Connect workers: no replication, no REST API',
  inject: site => void signal(site, 'SIGKILL', workerNames),
  heal: site => killWorker.heal(site),
};
