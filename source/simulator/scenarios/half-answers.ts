import type { Scenario } from './scenario.js';

/** The beginning of an answer of 1,000 bytes, of which no more come. */
const half = Buffer.concat([Buffer.from([0, 0, 3, 232]), Buffer.alloc(12)]);

export const halfAnswers: Scenario = {
  name: 'half-answers',
  happens:
    'after 20 s broker 3 of us and Connect break off in the middle of every answer; after 2 min they are well',
  see: 'both are named; the other brokers and Prometheus go on',
  events: [
    {
      at: 20,
      make: async ({ us, connect }) => {
        await us.afflict(3, { garbage: half });
        await connect.setFault('reset');
      },
    },
    {
      at: 140,
      make: async ({ us, connect }) => {
        us.hangUp(3);
        await us.afflict(3, 'none');
        await connect.setFault(undefined);
      },
    },
  ],
};
