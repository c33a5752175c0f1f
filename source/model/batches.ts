import { valueOf } from '../core/known.js';
import type { FlowView } from './snapshot.js';

/** `max.poll.records` of the source consumer: MirrorMaker 2 reads it under these prefixes, 500 by default. */
export function maxPollRecords(flow: FlowView): number {
  const config = valueOf(flow.config) ?? {};
  const set = config['source.consumer.max.poll.records'] ?? config['consumer.max.poll.records'];
  return Number(set) || 500;
}

/**
 * Records in flight of each task over one full batch: about 1 for a task that works without a pause, near 0 for one that
 * waits for its source. Tasks of which it is not known are left out.
 */
export function batchesHeld(flow: FlowView): readonly number[] {
  const batch = maxPollRecords(flow);
  return flow.tasks.flatMap(task => valueOf(task.inFlight) ?? []).map(records => records / batch);
}
