import { groupsOf, openLab } from '../../lab/index.js';
import { readClientProperties } from '../../source/config/client-properties.js';
import type { KafkaEndpoint } from '../../source/wire/kafka/endpoint.js';
import { kafkaContract, type KafkaSite } from '../contract/kafka.contract.js';

const lab = openLab(process.env['KMON_LAB'] ?? 'default');
const kinds = new Set(groupsOf(lab).map(({ kind }) => kind));
const without = [
  ...(kinds.has('consumer') ? [] : ['KIP-848 groups' as const]),
  ...(kinds.has('share') ? [] : ['share groups' as const]),
];

const start = async (): Promise<KafkaSite> => {
  const as = (user: keyof typeof lab.paths.properties): KafkaEndpoint => ({
    cluster: 'us',
    bootstrap: lab.bootstrap.usSasl,
    security: readClientProperties(lab.paths.properties[user]).security,
    clientId: 'kmon',
    requestTimeout: 10_000,
    connectTimeout: 5_000,
  });
  return {
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
  };
};

kafkaContract(`the lab with Kafka ${lab.kafkaVersion}`, start, without);
