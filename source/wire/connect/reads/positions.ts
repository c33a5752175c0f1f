import * as z from 'zod';
import { failure } from '../../../core/failure.js';
import type { Answer, OffsetColumn, PositionsSeen } from '../../../core/observation.js';
import type { ConnectLink } from '../link.js';
import { mapAnswer } from '../map-answer.js';
import { connectorPath } from './shapes.js';

const entry = z.object({
  partition: z.record(z.string(), z.unknown()).nullable(),
  offset: z.record(z.string(), z.unknown()).nullable(),
});
type Entry = z.infer<typeof entry>;

const shape = z.object({ offsets: z.array(entry).nullable() });

const place = z.object({ cluster: z.string(), topic: z.string(), partition: z.number() });
const position = z.object({ offset: z.number() });

type Row = { readonly partition: number; readonly offset: number };
type Positions = Extract<PositionsSeen['answer'], { ok: unknown }>['ok'];

/**
 * What MirrorMaker 2's source connector has flushed, by source alias and topic (GET /connectors/{n}/offsets, Connect ≥ 3.5):
 * the last replicated offset N of each partition. A connector that keeps its position in another form is `unsupported`.
 * The worker starts an offset store for each such question: ask seldom, one at a time.
 */
export async function readPositions(
  link: ConnectLink,
  connector: string,
  signal?: AbortSignal,
): Promise<Answer<Positions>> {
  const path = connectorPath(connector, '/offsets');
  const answer = await link.read({ path, shape, signal });
  return mapAnswer(answer, ({ offsets }) => positionsOf(offsets ?? [], path));
}

function positionsOf(entries: readonly Entry[], path: string): Answer<Positions> {
  const aliases = new Map<string, Map<string, Row[]>>();
  let understood = 0;
  for (const { partition, offset: value } of entries) {
    const at = place.safeParse(partition);
    if (!at.success) continue;
    understood++;
    const offset = position.safeParse(value);
    const topics = ensure(aliases, at.data.cluster, () => new Map<string, Row[]>());
    ensure(topics, at.data.topic, () => []).push({
      partition: at.data.partition,
      offset: offset.success && offset.data.offset >= 0 ? offset.data.offset : NaN,
    });
  }
  if (entries.length > 0 && understood === 0) {
    return { failed: failure('unsupported', `GET ${path}`, 'its positions are not those of MirrorMaker 2') };
  }
  return {
    ok: [...aliases].map(([sourceAlias, topics]) => ({
      sourceAlias,
      topics: [...topics].map(([topic, rows]) => column(topic, rows)),
    })),
  };
}

function column(topic: string, rows: Row[]): OffsetColumn {
  rows.sort((a, b) => a.partition - b.partition);
  return {
    topic,
    partition: Int32Array.from(rows, row => row.partition),
    offset: Float64Array.from(rows, row => row.offset),
    failure: new Uint8Array(rows.length),
  };
}

function ensure<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
