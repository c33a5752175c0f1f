import { createHash } from 'node:crypto';
import type { KafkaState } from './state.js';

/** The sixteen bytes of a topic's id. Stable for a name where the state gives none; real ones are random. */
export function topicIdOf(state: KafkaState, topic: string): Buffer {
  const id = state.topics[topic]?.id;
  return id === undefined ? createHash('md5').update(topic).digest() : Buffer.from(id, 'base64url');
}
