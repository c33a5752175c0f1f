import type { Scenario } from './scenario.js';

const page = Buffer.from('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');

export const garbage: Scenario = {
  name: 'garbage',
  happens:
    'after 20 s broker 3 of us speaks HTTP, and a login page stands before Prometheus; after 2 min both are well',
  see: 'what answers is not what was expected, and kmon says so',
  events: [
    {
      at: 20,
      make: async ({ us, prometheus }) => {
        await us.afflict(3, { garbage: page });
        await prometheus.setFault('html');
      },
    },
    {
      at: 140,
      make: async ({ us, prometheus }) => {
        us.hangUp(3);
        await us.afflict(3, 'none');
        await prometheus.setFault(undefined);
      },
    },
  ],
};
