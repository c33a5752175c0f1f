import { withAdmin } from '../../lab/clients.js';
import { groupsOf, hasStreams, openLab, startStreams, stopStreams, streams } from '../../lab/index.js';
import { createTopic, deleteTopic } from '../../lab/topics.js';
import { writeRecords } from '../../lab/write.js';
import { readClientProperties } from '../../source/config/client-properties.js';
import type { KafkaEndpoint } from '../../source/wire/kafka/endpoint.js';
import { kafkaWritesContract } from '../contract/kafka-writes.contract.js';
import { kafkaContract, type KafkaSite } from '../contract/kafka.contract.js';

const lab = openLab(process.env['KMON_LAB'] ?? 'default');
const kinds = new Set(groupsOf(lab).map(({ kind }) => kind));
const without = [
  ...(kinds.has('consumer') ? [] : ['KIP-848 groups' as const]),
  ...(kinds.has('share') ? [] : ['share groups' as const]),
  ...(hasStreams(lab) ? [] : ['streams groups' as const]),
];

const plain: KafkaEndpoint = {
  cluster: 'us',
  bootstrap: lab.bootstrap.us,
  security: {},
  clientId: 'kmon',
  requestTimeout: 10_000,
  connectTimeout: 5_000,
};

/** The brokers pack again, with their own libraries, what they are sent: 80 kB unpacked, and so more than one block. */
const packed = ['snappy', 'lz4', 'gzip'].map(codec => ({
  codec,
  topic: `kmon-packed-${codec}`,
  records: 4_000,
}));

const start = async (): Promise<KafkaSite> => {
  const as = (user: keyof typeof lab.paths.properties): KafkaEndpoint => ({
    cluster: 'us',
    bootstrap: lab.bootstrap.usSasl,
    security: readClientProperties(lab.paths.properties[user]).security,
    clientId: 'kmon',
    requestTimeout: 10_000,
    connectTimeout: 5_000,
  });
  for (const { codec, topic, records } of packed) {
    await createTopic(lab, 'us', { topic, partitions: 1, config: { 'compression.type': codec } });
    await writeRecords(lab, 'us', { topic, partitions: 1, each: records });
  }
  if (hasStreams(lab)) await startStreams(lab);
  return {
    clusterId: lab.clusterIds.us,
    kmon: as('kmon'),
    nobody: as('nobody'),
    wrong: as('wrong'),
    reader: plain,
    topic: 'eu.orders',
    partitions: 12,
    classic: 'search-indexer',
    packed,
    consumer: 'audit',
    share: 'fraud-share',
    streams,
    connect: 'connect-mm2',
    stop: async () => {
      if (hasStreams(lab)) await stopStreams(lab);
      for (const { topic } of packed) await deleteTopic(lab, 'us', topic);
    },
  };
};

kafkaContract(`the lab with Kafka ${lab.kafkaVersion}`, start, without);

kafkaWritesContract(`the lab with Kafka ${lab.kafkaVersion}`, async () => {
  const scratch = 'kmon-scratch';
  await createTopic(lab, 'us', { topic: scratch, partitions: 3 });
  const { security } = readClientProperties(lab.paths.properties.kmon);
  return {
    admin: plain,
    kmon: { ...plain, bootstrap: lab.bootstrap.usSasl, security },
    scratch,
    live: 'search-indexer',
    read: 'eu.orders',
    stop: () => withAdmin(lab, 'us', admin => admin.deleteTopics({ topics: [scratch] })),
  };
});
