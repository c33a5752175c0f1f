import { putConnectors, setConnector } from '../connectors.js';
import { targetTopic } from '../topics.js';
import type { Fault } from './fault.js';

export const filter: Fault = {
  name: 'filter',
  about: 'a transform of mm2-source drops all records of payments, a third of the load',
  inject: site =>
    setConnector(site, 'mm2-source', {
      transforms: 'drop',
      'transforms.drop.type': 'org.apache.kafka.connect.transforms.Filter',
      'transforms.drop.predicate': 'payments',
      predicates: 'payments',
      'predicates.payments.type': 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches',
      'predicates.payments.pattern': targetTopic('payments').replace('.', '\\.'),
    }),
  heal: putConnectors,
};
