import type { Answer, TaskSeen } from '../../../core/observation.js';
import type { ConnectLink } from '../link.js';
import { mapAnswer } from '../map-answer.js';
import { connectorPath, statusShape, tasksOf } from './shapes.js';

export type ConnectorStatus = {
  readonly state: string;
  readonly worker: string;
  readonly tasks: readonly TaskSeen[];
};

/**
 * State of one connector (GET /connectors/{n}/status). Eventually consistent: after a change of configuration it lists
 * the old tasks for seconds.
 */
export async function readStatus(
  link: ConnectLink,
  connector: string,
  signal?: AbortSignal,
): Promise<Answer<ConnectorStatus>> {
  const path = connectorPath(connector, '/status');
  return mapAnswer(await link.read({ path, shape: statusShape, signal }), status => ({
    ok: { state: status.connector.state, worker: status.connector.worker_id, tasks: tasksOf(status) },
  }));
}
