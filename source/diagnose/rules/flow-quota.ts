import { sentence } from '../../core/failure.js';
import { isKnown } from '../../core/known.js';
import type { QuotaEntity, QuotaKey, QuotaSeen } from '../../core/observation.js';
import { bytes, count, duration, unknownMark } from '../../core/units.js';
import { quotasFor, type QuotaLevel } from '../../model/quotas.js';
import type { ClientIdentity } from '../../model/snapshot.js';
import { statement } from '../evidence.js';
import type { Evidence } from '../finding.js';
import type { Base } from './flow-facts.js';
import { clusterOf } from './flow-site.js';

/** The quota that holds for the clients of a flow at one of its ends. */
export type QuotaReading = {
  /** `user mm2-user (300 kB/s a broker)`; absent where it is not known which one holds. */
  readonly name?: string;
  readonly entity?: QuotaEntity;
  readonly evidence: Evidence;
  /** The name, or why there is none. */
  readonly text: string;
};

const precedence = 'Kafka’s precedence of quotas (KIP-13, KIP-546)';

export function quotaOf({ flow, snapshot }: Base, way: 'writes' | 'reads'): QuotaReading {
  const end = way === 'writes' ? flow.target : flow.source;
  const what = way === 'writes' ? 'quota of its producers' : 'quota of its consumers';
  const cluster = clusterOf(snapshot, end);
  if (cluster === undefined) return notKnown(what, `no credentials for ${end?.alias ?? `the ${way} end`}`);
  if (!isKnown(cluster.quotas)) return notKnown(what, sentence(cluster.quotas.unknown));
  const quotas = cluster.quotas.value;
  const keys: readonly QuotaKey[] = [
    way === 'writes' ? 'producer_byte_rate' : 'consumer_byte_rate',
    'request_percentage',
  ];
  const found = keys.map(key => levelsFor(quotas, flow.clients[way], key));
  const [first, second] = found.map(levels => levels?.[0]);
  const [key, level] = first !== undefined ? [keys[0], first] : [keys[1], second];
  if (found.includes(undefined) && first === undefined)
    return notKnown(what, `the configuration does not tell as whom ${flow.connector} ${way}`);
  if (level === undefined || key === undefined) {
    const text = `none was set for it ${duration(snapshot.at - cluster.quotas.at)} ago`;
    return { text, evidence: statement(what, 'none', text, precedence, false) };
  }
  const levels = found[keys.indexOf(key)] ?? [];
  const next = levels[1];
  const then =
    next === undefined ? 'no other behind it' : `behind it ${nameOf(next.entity)}, ${limitOf(key, next)}`;
  const shared = level.shared ? `shared by all ${flow.tasks.length} tasks` : 'each task has it to itself';
  const name = `${nameOf(level.entity)} (${limitOf(key, level)})`;
  return {
    name,
    text: name,
    entity: level.entity,
    evidence: statement(
      what,
      limitOf(key, level),
      `${nameOf(level.entity)}, ${shared}; ${then}`,
      precedence,
      true,
    ),
  };
}

/** Undefined where it depends on a user that is not known. */
function levelsFor(
  quotas: readonly QuotaSeen[],
  client: ClientIdentity | undefined,
  key: QuotaKey,
): readonly QuotaLevel[] | undefined {
  const set = quotas.filter(q => q.limits[key] !== undefined);
  if (client?.user === undefined && set.some(q => q.entity.user !== undefined)) return undefined;
  return quotasFor(set, { user: client?.user ?? '', clientId: client?.clientIds[0] ?? '' }, key);
}

function notKnown(what: string, why: string): QuotaReading {
  const text = `not known: ${why}`;
  return {
    text: `which one is ${text}`,
    evidence: statement(what, unknownMark, text, precedence, 'unknown'),
  };
}

/** `user mm2-user`, `default user`, `client mm2 of user etl`. */
function nameOf({ user, clientId }: QuotaEntity): string {
  const part = (kind: string, name: string | null | undefined): string[] =>
    name === undefined ? [] : [name === null ? `default ${kind}` : `${kind} ${name}`];
  return [...part('client', clientId), ...part('user', user)].join(' of ');
}

function limitOf(key: QuotaKey, { limit }: QuotaLevel): string {
  return key === 'request_percentage'
    ? `${count(limit)} % of request time a broker`
    : `${bytes(limit)}/s a broker`;
}
