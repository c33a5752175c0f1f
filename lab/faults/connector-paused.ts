import { connectorsRun, pauseConnector, resumeConnector } from '../connectors.js';
import type { Fault } from './fault.js';

export const connectorPaused: Fault = {
  name: 'connector-paused',
  about: 'mm2-source is paused: its tasks stay, and do nothing',
  inject: site => pauseConnector(site, 'mm2-source'),
  heal: async site => {
    await resumeConnector(site, 'mm2-source');
    await connectorsRun(site);
  },
};
