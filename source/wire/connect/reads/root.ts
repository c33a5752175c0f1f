import * as z from 'zod';
import type { ConnectLink } from '../link.js';
import type { Answer } from '../../../core/observation.js';
import { mapAnswer } from '../map-answer.js';

const shape = z.object({ version: z.string(), kafka_cluster_id: z.string() });

export type Root = {
  /** As Connect prints it: `4.3.1`, `7.8.0-ccs`. */
  readonly version: string;
  /** The Kafka cluster that this Connect keeps its own topics in, and its source connectors write to. */
  readonly clusterId: string;
  /** The worker that answered. */
  readonly url: string;
};

/** Version and Kafka cluster (GET /). */
export async function readRoot(link: ConnectLink, signal?: AbortSignal): Promise<Answer<Root>> {
  return mapAnswer(await link.read({ path: '/', shape, signal }), root => ({
    ok: { version: root.version, clusterId: root.kafka_cluster_id, url: link.url() },
  }));
}
