import { connectorsRun } from '../connectors.js';
import { recreateTopic } from '../topics.js';
import type { Fault } from './fault.js';

export const topicRecreated: Fault = {
  name: 'topic-recreated',
  about: 'payments is deleted at the source and made anew: offsets begin at 0, positions point past the end',
  inject: site => recreateTopic(site, 'payments'),
  heal: connectorsRun,
};
