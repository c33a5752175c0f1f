import { describe, expect, it } from 'vitest';
import type { ConnectorSeen } from '../../source/core/observation.js';
import { identify } from '../../source/model/flows.js';

const clusters = [
  { name: 'europe', bootstrap: ['eu-1:9092', 'eu-2:9092'] },
  { name: 'us', bootstrap: ['us-1:9092'] },
];

const mirror = {
  'connector.class': 'org.apache.kafka.connect.mirror.MirrorSourceConnector',
  'source.cluster.alias': 'eu',
  'target.cluster.alias': 'us',
  'source.cluster.bootstrap.servers': 'eu-2:9092,eu-3:9092',
  'target.cluster.bootstrap.servers': 'us-internal:9093',
  topics: 'orders, payments.*',
};

function of(config: Record<string, string>, connectCluster?: string) {
  const connector: ConnectorSeen = {
    connector: 'mm2-source',
    type: 'source',
    state: 'RUNNING',
    worker: 'w:8083',
    tasks: [],
    config,
  };
  return identify(connector, clusters, connectCluster);
}

function transform(type: string): Record<string, string> {
  return { transforms: 'own', 'transforms.own.type': type };
}

describe('what a connector’s configuration says of its flow', () => {
  it('finds the clusters by a shared bootstrap address, else by their alias', () => {
    expect(of(mirror)).toMatchObject({
      kind: 'mirror-source',
      source: { alias: 'eu', cluster: 'europe' },
      target: { alias: 'us', cluster: 'us' },
    });
  });

  it('leaves a cluster unnamed for which nothing was given', () => {
    const { source } = of({ ...mirror, 'source.cluster.bootstrap.servers': 'elsewhere:9092' });
    expect(source).toEqual({ alias: 'eu' });
  });

  it('takes localhost and 127.0.0.1 as one address', () => {
    const near = [{ name: 'near', bootstrap: ['127.0.0.1:9092'] }];
    const connector: ConnectorSeen = {
      connector: 'c',
      type: 'source',
      state: 'RUNNING',
      worker: '',
      tasks: [],
      config: { ...mirror, 'source.cluster.bootstrap.servers': 'PLAINTEXT://localhost:9092' },
    };
    expect(identify(connector, near, undefined).source?.cluster).toBe('near');
  });

  it('writes where the workers’ producer writes: to Connect’s own cluster', () => {
    expect(of({ ...mirror, 'target.cluster.alias': 'backup' }, 'europe').target).toEqual({
      alias: 'backup',
      cluster: 'europe',
    });
  });

  it('unless the connector overrides the producer’s address', () => {
    const config = { ...mirror, 'producer.override.bootstrap.servers': 'us-1:9092' };
    expect(of(config, 'europe').target?.cluster).toBe('us');
  });

  it.each([
    [{}, 'eu.orders'],
    [{ 'replication.policy.separator': '_' }, 'eu_orders'],
    [{ 'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy' }, 'orders'],
    [{ 'replication.policy.class': 'com.example.OwnPolicy' }, undefined],
  ])('names the topic on the target as its policy does: %o', (policy, name) => {
    expect(of({ ...mirror, ...policy }).remoteTopic?.('orders')).toBe(name);
  });

  it('knows names from patterns, and what is excluded', () => {
    const identity = of({ ...mirror, 'topics.exclude': 'payments-test.*' });
    expect(identity.literalTopics).toEqual(['orders']);
    const topics = ['orders', 'payments-eu', 'payments-test-1', 'refunds', 'heartbeats'];
    expect(topics.filter(identity.replicates)).toEqual(['orders', 'payments-eu']);
  });

  it('leaves out MirrorMaker’s heartbeats even where every topic is wanted', () => {
    expect(of({ ...mirror, topics: '.*' }).replicates('heartbeats')).toBe(false);
  });

  it('lets everything through a Java pattern that JavaScript cannot read, and excludes nothing by one', () => {
    const identity = of({ ...mirror, topics: '(?i)orders', 'topics.exclude': '(?i)tests' });
    expect(identity.replicates('anything')).toBe(true);
  });

  it.each([
    [{}, 'one-for-one'],
    [{ 'exactly.once.support': 'required' }, 'other'],
    [{ 'replication.policy.class': 'com.example.OwnPolicy' }, 'other'],
    [transform('org.apache.kafka.connect.transforms.InsertHeader'), 'one-for-one'],
    [transform('org.apache.kafka.connect.transforms.MaskField$Value'), 'one-for-one'],
    [transform('org.apache.kafka.connect.transforms.Filter'), 'other'],
    [transform('io.debezium.transforms.Filter'), 'other'],
    [transform('org.apache.kafka.connect.transforms.RegexRouter'), 'other'],
    [transform('com.example.Enrich'), 'unproven'],
  ])('tells whether one record becomes one: %o', (config, copying) => {
    expect(of({ ...mirror, ...config }).copying).toBe(copying);
  });

  it('tells MirrorMaker’s other connectors and ordinary ones apart', () => {
    const kind = (name: string) => of({ 'connector.class': name }).kind;
    expect(kind('org.apache.kafka.connect.mirror.MirrorCheckpointConnector')).toBe('mirror-checkpoint');
    expect(kind('MirrorHeartbeatConnector')).toBe('mirror-heartbeat');
    expect(kind('org.apache.kafka.connect.file.FileStreamSourceConnector')).toBe('source');
  });
});
