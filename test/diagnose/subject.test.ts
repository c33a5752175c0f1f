import { expect, test } from 'vitest';
import {
  ofBroker,
  ofCluster,
  ofConnect,
  ofFlow,
  ofGroup,
  ofTopic,
  ofWatch,
  ofWorker,
} from '../../source/diagnose/subject.js';

test('subjects are told apart by kind and id, and named as people call them', () => {
  const all = [
    ofFlow({ id: 'us/mm2-source', connector: 'mm2-source' }),
    ofGroup({ id: 'us/billing', group: 'billing' }),
    ofTopic('us', 'orders'),
    ofCluster('us'),
    ofBroker('us', 3),
    ofWorker({ connect: 'us', id: '10.0.3.11:8083' }),
    ofConnect('us'),
    ofWatch('prometheus'),
  ];
  expect(all.map(({ kind, id, name }) => `${kind} ${id}: ${name}`)).toEqual([
    'flow us/mm2-source: mm2-source',
    'group us/billing: billing',
    'topic us/orders: orders',
    'cluster us: us',
    'broker us/3: broker 3 of us',
    'worker us/10.0.3.11:8083: 10.0.3.11:8083',
    'connect us: connect us',
    'watch prometheus: prometheus',
  ]);
});
