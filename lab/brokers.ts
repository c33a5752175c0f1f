/** The brokers of both clusters: one for `eu`, three in combined mode (KRaft controller and broker in one) for `us`. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { javaArgs, runJavaTool } from './java.js';
import { brokerRules } from './monitoring.js';
import type { Part } from './processes.js';
import { toProperties, type Properties } from './properties.js';
import { type ClusterName, type LabSite, address, nodeIds, users } from './site.js';
import { certificatesOf, makeCertificates } from './tls.js';

interface BrokerId {
  readonly cluster: ClusterName;
  readonly node: number;
}

const brokerIds: readonly BrokerId[] = (['eu', 'us'] as const).flatMap(cluster =>
  nodeIds[cluster].map(node => ({ cluster, node })),
);

export interface Brokers {
  /** The cluster whose brokers are meant; both without it. */
  readonly of?: ClusterName;
  readonly heapMegabytes?: number;
}

function brokersOf(cluster: ClusterName | undefined): readonly BrokerId[] {
  return brokerIds.filter(id => cluster === undefined || id.cluster === cluster);
}

export function brokerName({ cluster, node }: BrokerId): string {
  return `${cluster}-${node}`;
}

/** Names of the broker processes of a cluster. */
export function brokerNames(cluster: ClusterName): string[] {
  return nodeIds[cluster].map(node => brokerName({ cluster, node }));
}

export function brokerParts(site: LabSite, java: string, { of, heapMegabytes = 512 }: Brokers = {}): Part[] {
  return brokersOf(of).map(id => ({
    name: brokerName(id),
    address: listeners(site, id)
      .filter(listener => listener.name !== 'CONTROLLER')
      .map(listener => `${listener.name}://${address(listener.port)}`)
      .join(' '),
    command: java,
    args: javaArgs(site, {
      mainClass: 'kafka.Kafka',
      args: [propertiesPath(site, id)],
      heapMegabytes,
      exporter: {
        port: site.ports.brokerMetrics[id.cluster][id.node - 1] ?? 0,
        rules: brokerRules(site),
      },
    }),
  }));
}

function propertiesPath(site: LabSite, id: BrokerId): string {
  return join(site.paths.generated, `${brokerName(id)}.properties`);
}

function dataPath(site: LabSite, id: BrokerId): string {
  return join(site.paths.data, brokerName(id));
}

/** Makes what the brokers lack of certificates, writes their configuration and formats the data folders that are not. */
export async function prepareBrokers(site: LabSite, { of }: Pick<Brokers, 'of'> = {}): Promise<void> {
  const brokers = brokersOf(of);
  await makeCertificates(site);
  for (const id of brokers) writeFileSync(propertiesPath(site, id), toProperties(brokerProperties(site, id)));
  await Promise.all(
    brokers.map(async id => {
      if (existsSync(join(dataPath(site, id), 'meta.properties'))) return;
      // A format that was cut short leaves a folder that the next one refuses.
      rmSync(dataPath(site, id), { recursive: true, force: true });
      const scram = users.flatMap(user => [
        '--add-scram',
        `SCRAM-SHA-512=[name=${user},password=${site.passwords[user]}]`,
      ]);
      await runJavaTool(site, 'kafka.tools.StorageTool', [
        'format',
        '-t',
        site.clusterIds[id.cluster],
        '-c',
        propertiesPath(site, id),
        ...scram,
      ]);
    }),
  );
}

interface Listener {
  readonly name: 'CONTROLLER' | 'PLAIN' | 'SASL' | 'TLS';
  readonly port: number;
}

function listeners({ ports }: LabSite, { cluster, node }: BrokerId): Listener[] {
  const at = (from: readonly number[]): number => from[node - 1] ?? 0;
  const byTls = ports.tls[cluster][node - 1];
  return [
    { name: 'PLAIN', port: at(ports.plain[cluster]) },
    { name: 'CONTROLLER', port: at(ports.controller[cluster]) },
    { name: 'SASL', port: at(ports.sasl[cluster]) },
    ...(byTls === undefined ? [] : [{ name: 'TLS' as const, port: byTls }]),
  ];
}

function brokerProperties(site: LabSite, id: BrokerId): Properties {
  const nodes = nodeIds[id.cluster];
  const replicas = nodes.length;
  const inSync = Math.min(2, replicas);
  const every = listeners(site, id);
  return {
    'process.roles': 'broker,controller',
    'node.id': id.node,
    'controller.quorum.voters': nodes
      .map(node => `${node}@${address(site.ports.controller[id.cluster][node - 1] ?? 0)}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAIN',
    listeners: every.map(listener => `${listener.name}://${address(listener.port)}`).join(','),
    'advertised.listeners': every
      .filter(listener => listener.name !== 'CONTROLLER')
      .map(listener => `${listener.name}://${address(listener.port)}`)
      .join(','),
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAIN:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SASL_SSL',
    'log.dirs': dataPath(site, id),
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 12,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 3,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 3,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': false,
    // Leaders stay where a fault or a test put them: else the controller gives them back within five minutes, at a time nobody knows.
    'auto.leader.rebalance.enable': false,
    // A lab may run for days: half an hour of records is what a fault may hold up and what a disk can bear.
    'log.retention.ms': 30 * 60_000,
    'log.roll.ms': 5 * 60_000,
    'log.segment.bytes': 64 << 20,
    // Five minutes by default, and as long would a fault of retention have to be waited for.
    'log.retention.check.interval.ms': 1_000,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.cleaner.dedupe.buffer.size': 8 << 20,
    ...security,
    ...(every.some(({ name }) => name === 'TLS') && tlsOf(site)),
  };
}

/** A client may show a certificate of its own: then it must be one that the CA of the lab signed. Who it is, SCRAM says. */
function tlsOf(site: LabSite): Properties {
  const { broker, ca, password } = certificatesOf(site);
  return {
    'listener.name.tls.scram-sha-512.sasl.jaas.config': scramModule,
    'listener.name.tls.ssl.keystore.type': 'PKCS12',
    'listener.name.tls.ssl.keystore.location': broker,
    'listener.name.tls.ssl.keystore.password': password,
    'listener.name.tls.ssl.key.password': password,
    'listener.name.tls.ssl.truststore.type': 'PEM',
    'listener.name.tls.ssl.truststore.location': ca,
    'listener.name.tls.ssl.client.auth': 'requested',
  };
}

const scramModule = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';

/** Users log in by SCRAM and are held to ACLs; the plain listener, for the lab's own administration, is a super user. */
const security: Properties = {
  'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
  'listener.name.sasl.scram-sha-512.sasl.jaas.config': scramModule,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
};
