import { z } from 'zod';
import type { Answer, ConnectorSeen } from '../../../core/observation.js';
import type { ConnectLink } from '../link.js';
import { mapAnswer } from '../map-answer.js';
import { redactConfig } from '../redact.js';
import { configShape, firstLine, statusShape, tasksOf } from './shapes.js';

const shape = z.record(
  z.string(),
  z.object({
    status: statusShape.optional(),
    info: z.object({ config: configShape.default({}), type: z.string().nullish() }).optional(),
  }),
);

// URLSearchParams, since axios writes a repeated key as `expand[]=`, which Connect ignores.
const query = new URLSearchParams([
  ['expand', 'status'],
  ['expand', 'info'],
]).toString();

/** All connectors with state, tasks and redacted configuration, by name (GET /connectors?expand=…, Connect ≥ 2.3). */
export async function readConnectors(
  link: ConnectLink,
  signal?: AbortSignal,
): Promise<Answer<readonly ConnectorSeen[]>> {
  const answer = await link.read({ path: `/connectors?${query}`, shape, signal });
  return mapAnswer(answer, all => ({ ok: connectorsOf(all) }));
}

function connectorsOf(all: z.infer<typeof shape>): readonly ConnectorSeen[] {
  const connectors = Object.entries(all).map(([connector, { status, info }]): ConnectorSeen => ({
    connector,
    type: info?.type ?? status?.type ?? 'unknown',
    state: status?.connector.state ?? 'UNKNOWN',
    worker: status?.connector.worker_id ?? '',
    ...(status?.connector.trace && { trace: firstLine(status.connector.trace) }),
    tasks: status ? tasksOf(status) : [],
    config: redactConfig(info?.config ?? {}),
  }));
  return connectors.sort((a, b) => (a.connector < b.connector ? -1 : 1));
}
