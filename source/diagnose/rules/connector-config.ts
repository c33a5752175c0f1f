import { latest } from '../../core/known.js';
import type { FlowView } from '../../model/snapshot.js';

/** A value of a connector's configuration as it was last read; undefined where it is not set there. */
export function settingOf({ config }: FlowView, ...keys: readonly string[]): string | undefined {
  const values = latest(config)?.value ?? {};
  return keys.map(key => values[key]).find(value => value !== undefined);
}

/** Whether its producer is idempotent, by its own configuration: Connect turns that off unless it is asked for. */
export function isIdempotent(flow: FlowView): boolean {
  return (
    settingOf(flow, 'producer.override.enable.idempotence') === 'true' ||
    settingOf(flow, 'producer.override.transactional.id') !== undefined ||
    isExactlyOnce(flow)
  );
}

export function isExactlyOnce(flow: FlowView): boolean {
  return settingOf(flow, 'exactly.once.support') === 'required';
}

/** Connectors that write to Kafka: they have a producer of their own. */
export function produces({ kind }: FlowView): boolean {
  return kind === 'mirror-source' || kind === 'source';
}

/** What a connector's configuration does not show. */
export const workersOwn = 'the worker’s own producer.* settings: Connect’s REST API does not show them';
