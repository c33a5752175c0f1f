import type { ConnectorSeen } from '../core/observation.js';
import type { ClientIdentity, FlowClients, FlowKind } from './snapshot.js';

/**
 * As whom the tasks of a connector read and write. Connect names the clients that it makes itself after connector and task;
 * MirrorMaker 2's consumer is named after its flow (since Kafka 3.5; before that a broker knows it as `consumer-null-N`).
 */
export function clientsOf(
  { connector, config, tasks, principals }: ConnectorSeen,
  kind: FlowKind,
): FlowClients {
  const ofTasks = (given: string | undefined, name: (task: number) => string): readonly string[] =>
    given === undefined ? tasks.map(({ task }) => name(task)) : [given];
  const writes = identity(
    principals?.producer,
    ofTasks(config['producer.override.client.id'], task => `connector-producer-${connector}-${task}`),
  );
  if (kind === 'sink') {
    const given = config['consumer.override.client.id'];
    return {
      reads: identity(
        undefined,
        ofTasks(given, task => `connector-consumer-${connector}-${task}`),
      ),
    };
  }
  if (kind !== 'mirror-source') return { writes };
  const flow = `${config['source.cluster.alias'] ?? ''}->${config['target.cluster.alias'] ?? ''}`;
  const given = ['source.consumer.', 'consumer.', 'source.cluster.']
    .map(prefix => config[`${prefix}client.id`])
    .find(id => id !== undefined);
  const before = given === undefined ? '' : `${given}|`;
  const readers = tasks.map(({ task }) => `${before}${flow}|${connector}-${task}|replication-consumer`);
  return { reads: identity(principals?.source, readers), writes };
}

function identity(user: string | undefined, clientIds: readonly string[]): ClientIdentity {
  return { clientIds, ...(user !== undefined && { user }) };
}
