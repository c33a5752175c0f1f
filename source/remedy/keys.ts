import type { FlowView } from '../model/snapshot.js';
import { isSecret } from '../wire/connect/redact.js';

/** The key that tunes the producer that writes the records, of a connector on a Connect cluster (KIP-458). */
export function producerKey(key: string): string {
  return `producer.override.${key}`;
}

/**
 * The key that tunes what reads the records. MirrorMaker 2 has a consumer of its own, which takes `source.consumer.*` before
 * `consumer.*`; `consumer.override.*` works for sinks only.
 */
export function consumerKey(flow: FlowView, key: string): string {
  return flow.kind === 'sink' ? `consumer.override.${key}` : `source.consumer.${key}`;
}

const ofWorkers =
  /^(group\.id|bootstrap\.servers|rest\.|listeners|plugin\.path|offset\.(flush|storage)\.|config\.storage\.|status\.storage\.|scheduled\.rebalance\.|rebalance\.timeout|session\.timeout|heartbeat\.interval|connector\.client\.config\.override\.policy|connect\.protocol|task\.shutdown)/;
const ofClients =
  /^(batch\.size|linger\.ms|buffer\.memory|compression\.type|acks|max\.request\.size|max\.poll\.records|fetch\.|max\.partition\.fetch\.bytes|receive\.buffer\.bytes|send\.buffer\.bytes)/;

/** Why a key, set on this connector, would not do what it says; undefined where it would, as far as kmon knows. */
export function keyProblem(flow: FlowView, key: string, value: string | null): string | undefined {
  if (!/^[\w.$>-]+$/.test(key)) return `"${key}" is no name of a key`;
  if (key === 'name' || key === 'connector.class') return `${key} makes it another connector`;
  if (isSecret(key, value ?? 'x'))
    return `${key} is a secret: kmon neither shows nor takes any; set it by hand`;
  if (ofWorkers.test(key))
    return `${key} is a setting of the workers: it goes into connect-distributed.properties of each, with a rolling restart`;
  const mirror = flow.kind.startsWith('mirror');
  if (ofClients.test(key))
    return `${key} alone is ignored by connectors: ${flow.kind === 'sink' || /poll|fetch|receive/.test(key) ? consumerKey(flow, key) : producerKey(key)} is what works here`;
  const [, side = '', rest = ''] =
    /^((?:source\.|target\.)?producer|consumer\.override)\.(.+)$/.exec(key) ?? [];
  if (side === 'consumer.override' && flow.kind !== 'sink')
    return `${key} is for sinks only: ${consumerKey(flow, rest)} is what works here`;
  if (side.endsWith('producer') && !rest.startsWith('override.'))
    return mirror
      ? `${key} tunes the producer of offset-syncs alone: ${producerKey(rest)} is what works here`
      : `${key} is ignored here: ${producerKey(rest)} is what works`;
  return undefined;
}
