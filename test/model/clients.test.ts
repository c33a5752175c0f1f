import { expect, test } from 'vitest';
import type { ConnectorSeen } from '../../source/core/observation.js';
import { clientsOf } from '../../source/model/clients.js';

const connector = (config: Record<string, string>): ConnectorSeen => ({
  connector: 'mm2-source',
  type: 'source',
  state: 'RUNNING',
  worker: 'w:8083',
  tasks: [0, 1].map(task => ({ task, state: 'RUNNING', worker: 'w:8083' })),
  config: { 'source.cluster.alias': 'eu', 'target.cluster.alias': 'us', ...config },
  principals: { source: 'reader', producer: 'mm2-user' },
});

test('the clients of MirrorMaker 2, a consumer and a producer a task', () => {
  expect(clientsOf(connector({}), 'mirror-source')).toEqual({
    reads: {
      user: 'reader',
      clientIds: ['eu->us|mm2-source-0|replication-consumer', 'eu->us|mm2-source-1|replication-consumer'],
    },
    writes: {
      user: 'mm2-user',
      clientIds: ['connector-producer-mm2-source-0', 'connector-producer-mm2-source-1'],
    },
  });
});

test('client ids that the configuration gives', () => {
  const given = { 'producer.override.client.id': 'mirror', 'source.cluster.client.id': 'dc1' };
  const { reads, writes } = clientsOf(connector(given), 'mirror-source');
  expect(writes?.clientIds).toEqual(['mirror']);
  expect(reads?.clientIds[0]).toBe('dc1|eu->us|mm2-source-0|replication-consumer');
});

test('a sink only reads; its user stands in the configuration of the workers', () => {
  expect(clientsOf(connector({}), 'sink')).toEqual({
    reads: { clientIds: ['connector-consumer-mm2-source-0', 'connector-consumer-mm2-source-1'] },
  });
});
