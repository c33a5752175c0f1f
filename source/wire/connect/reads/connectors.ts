import * as z from 'zod';
import type { Answer, ConnectorSeen } from '../../../core/observation.js';
import type { ConnectLink } from '../link.js';
import { mapAnswer } from '../map-answer.js';
import { principalsOf } from '../principals.js';
import { redactConfig } from '../redact.js';
import { readOneByOne, type Expanded } from './one-by-one.js';
import { configShape, firstLine, statusShape, tasksOf } from './shapes.js';

const expanded = z.record(
  z.string(),
  z.object({
    status: statusShape.optional(),
    info: z.object({ config: configShape.default({}), type: z.string().nullish() }).optional(),
  }),
);

/** A Connect before 2.3 passes over `expand` and lists the names. */
const shape = z.union([z.array(z.string()), expanded]);

// URLSearchParams, since axios writes a repeated key as `expand[]=`, which Connect ignores.
const query = new URLSearchParams([
  ['expand', 'status'],
  ['expand', 'info'],
]).toString();

/**
 * All connectors with state, tasks and redacted configuration, by name (GET /connectors?expand=…); of a Connect before
 * 2.3 by two requests a connector.
 */
export async function readConnectors(
  link: ConnectLink,
  signal?: AbortSignal,
): Promise<Answer<readonly ConnectorSeen[]>> {
  const answer = await link.read({ path: `/connectors?${query}`, shape, signal });
  if ('failed' in answer) return answer;
  const all = Array.isArray(answer.ok) ? await readOneByOne(link, answer.ok, signal) : { ok: answer.ok };
  return mapAnswer(all, found => ({ ok: connectorsOf(found) }));
}

function connectorsOf(all: Readonly<Record<string, Expanded>>): readonly ConnectorSeen[] {
  const connectors = Object.entries(all).map(([connector, { status, info }]): ConnectorSeen => {
    const principals = principalsOf(info?.config ?? {});
    return {
      connector,
      type: info?.type ?? status?.type ?? 'unknown',
      state: status?.connector.state ?? 'UNKNOWN',
      worker: status?.connector.worker_id ?? '',
      ...(status?.connector.trace && { trace: firstLine(status.connector.trace) }),
      tasks: status ? tasksOf(status) : [],
      config: redactConfig(info?.config ?? {}),
      ...(principals && { principals }),
    };
  });
  return connectors.sort((a, b) => (a.connector < b.connector ? -1 : 1));
}
