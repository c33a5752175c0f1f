import { startKafka } from '../../../source/simulator/kafka/start.js';
import { memberOf, partitionOf, type SimulatedTopic } from '../../../source/simulator/kafka/state.js';
import type { KafkaEndpoint } from '../../../source/wire/kafka/endpoint.js';
import { kafkaWritesContract } from '../../contract/kafka-writes.contract.js';
import { kafkaContract } from '../../contract/kafka.contract.js';
import { batchesOf } from './records/fixtures/recorded.js';

/** Kafka's default partitioner puts these into partitions 0 to 11 of 12; as kafkajs’s own says. */
const keys: readonly string[] = [
  'customer-18',
  'customer-4',
  'customer-2',
  'customer-10',
  'customer-14',
  'customer-26',
  'customer-5',
  'customer-0',
  'customer-8',
  'customer-1',
  'customer-3',
  'customer-9',
];
function keyIn(partition: number): string {
  return keys[partition] ?? '';
}

/** Not zstd, which Node before 22.15 does not have. */
const packed = ['snappy', 'lz4', 'gzip'] as const;

/** What the Java client wrote with a codec. */
function packedTopic(codec: (typeof packed)[number], ids: readonly number[]): Partial<SimulatedTopic> {
  const log = Buffer.concat(batchesOf(codec));
  return {
    configs: { 'compression.type': codec },
    partitions: [partitionOf({ logStart: 1_000, logEnd: 1_223, log }, ids)],
  };
}

/** Four partitions, of 100 to 103 records, all of which a group has committed. */
function readToTheEnd(ids: readonly number[]): Partial<SimulatedTopic> {
  return { partitions: [0, 1, 2, 3].map(i => partitionOf({ logEnd: 100 + i }, ids, i)) };
}

kafkaContract('the simulator', async () => {
  const ids = [1, 2, 3];
  const partitions = 12;
  const clusterId = 'Hk9Qi12hTx6Gu2OCvpi0_g';
  const kafka = await startKafka({
    clusterId,
    topics: {
      'eu.orders': {
        partitions: Array.from({ length: partitions }, (_, i) =>
          partitionOf(
            {
              logStart: i,
              logEnd: 1_000 + i,
              records: offset => ({
                key: keyIn(i),
                value: `${offset}`,
                timestamp: 1_700_000_000_000 + offset,
              }),
              times: [
                { offset: i, timestamp: 1_700_000_000_000 },
                { offset: 999, timestamp: 1_700_000_500_000 },
              ],
            },
            ids,
            i,
          ),
        ),
      },
      ...Object.fromEntries(packed.map(codec => [`packed-${codec}`, packedTopic(codec, ids)])),
      sales: readToTheEnd(ids),
      'sales-totals-by-digit-repartition': readToTheEnd(ids),
      __consumer_offsets: { internal: true, partitions: [partitionOf({}, ids)] },
    },
    groups: {
      'search-indexer': {
        members: [
          memberOf({ id: 's-1', assignment: { 'eu.orders': [0, 1, 2, 3, 4, 5] } }),
          memberOf({ id: 's-2', assignment: { 'eu.orders': [6, 7, 8, 9, 10, 11] } }),
        ],
        committed: {
          'eu.orders': Object.fromEntries(Array.from({ length: partitions }, (_, i) => [i, 990 + i])),
        },
      },
      audit: {
        type: 'consumer',
        assignor: 'uniform',
        members: [memberOf({ id: 'a-1', assignment: { 'eu.orders': [0] } })],
        committed: { 'eu.orders': { 0: 1_000 } },
      },
      'fraud-share': {
        type: 'share',
        shareStarts: { 'eu.orders': { 0: 990, 1: 1_001 } },
        members: [memberOf({ id: 'f-1', assignment: { 'eu.orders': [0] } })],
      },
      'sales-totals': {
        type: 'streams',
        subtopologies: {
          '0': { sources: ['sales'], sinks: ['sales-totals-by-digit-repartition'] },
          '1': {
            sources: [],
            repartitions: ['sales-totals-by-digit-repartition'],
            changelogs: ['sales-totals-totals-changelog'],
          },
        },
        members: [
          memberOf({ id: 't-1', assignment: { '0': [0, 2], '1': [0, 2] } }),
          memberOf({ id: 't-2', assignment: { '0': [1, 3], '1': [1, 3] } }),
        ],
        committed: {
          sales: { 0: 100, 1: 101, 2: 102, 3: 103 },
          'sales-totals-by-digit-repartition': { 0: 100, 1: 101, 2: 102, 3: 103 },
        },
      },
      'connect-mm2': {
        protocolType: 'connect',
        members: [memberOf({ id: 'w-1', url: 'http://127.0.0.1:8083/' })],
      },
    },
    acls: [8, 10].map(operation => ({
      resourceType: 4,
      name: 'kafka-cluster',
      pattern: 3,
      principal: 'User:kmon',
      host: '*',
      operation,
      permission: 3,
    })),
    quotas: [{ entity: { user: 'mm2-user' }, values: { producer_byte_rate: 300_000 } }],
    users: {
      kmon: { password: 'right', sees: 'all' },
      reader: { password: 'right', sees: 'all', changes: 'all' },
      nobody: { password: 'right', sees: 'none' },
    },
  });
  const as = (username: string, password: string): KafkaEndpoint => ({
    cluster: 'us',
    bootstrap: kafka.bootstrap,
    security: { sasl: { mechanism: 'scram-sha-512', username, password } },
    clientId: 'kmon',
    requestTimeout: 5_000,
    connectTimeout: 3_000,
  });
  return {
    clusterId,
    kmon: as('kmon', 'right'),
    nobody: as('nobody', 'right'),
    wrong: as('kmon', 'wrong'),
    reader: as('reader', 'right'),
    topic: 'eu.orders',
    partitions,
    classic: 'search-indexer',
    packed: packed.map(codec => ({ codec, topic: `packed-${codec}`, records: 223 })),
    consumer: 'audit',
    share: 'fraud-share',
    streams: {
      group: 'sales-totals',
      topic: 'sales',
      repartition: 'sales-totals-by-digit-repartition',
      partitions: 4,
    },
    connect: 'connect-mm2',
    stop: () => kafka.stop(),
  };
});

kafkaWritesContract('the simulator', async () => {
  const kafka = await startKafka({
    topics: { 'kmon-scratch': 3, 'eu.orders': 2 },
    groups: {
      'search-indexer': { members: [memberOf({ id: 's-1', assignment: { 'eu.orders': [0, 1] } })] },
    },
    users: {
      admin: { password: 'right', sees: 'all', changes: 'all' },
      kmon: { password: 'right', sees: 'all' },
    },
  });
  const as = (username: string): KafkaEndpoint => ({
    cluster: 'us',
    bootstrap: kafka.bootstrap,
    security: { sasl: { mechanism: 'plain', username, password: 'right' } },
    clientId: 'kmon',
    requestTimeout: 5_000,
    connectTimeout: 3_000,
  });
  return {
    admin: as('admin'),
    kmon: as('kmon'),
    scratch: 'kmon-scratch',
    live: 'search-indexer',
    read: 'eu.orders',
    stop: () => kafka.stop(),
  };
});
