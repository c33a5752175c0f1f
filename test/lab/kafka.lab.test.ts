import { openLab } from '../../lab/index.js';
import { readClientProperties } from '../../source/config/client-properties.js';
import type { KafkaEndpoint } from '../../source/wire/kafka/endpoint.js';
import { kafkaContract } from '../contract/kafka.contract.js';

kafkaContract('the lab', () => {
  const lab = openLab(process.env['KMON_LAB'] ?? 'default');
  const as = (user: keyof typeof lab.paths.properties): KafkaEndpoint => ({
    cluster: 'us',
    bootstrap: lab.bootstrap.usSasl,
    security: readClientProperties(lab.paths.properties[user]).security,
    clientId: 'kmon',
    requestTimeout: 10_000,
    connectTimeout: 5_000,
  });
  return Promise.resolve({
    clusterId: lab.clusterIds.us,
    kmon: as('kmon'),
    nobody: as('nobody'),
    wrong: as('wrong'),
    topic: 'eu.orders',
    partitions: 12,
    classic: 'search-indexer',
    consumer: 'audit',
    share: 'fraud-share',
    connect: 'connect-mm2',
    stop: () => Promise.resolve(),
  });
});
