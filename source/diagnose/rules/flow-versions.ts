import { latest } from '../../core/known.js';
import { plural } from '../../core/units.js';
import { alike, keysThatDiffer, versionsOf, type Alike } from '../../model/broker-apis.js';
import { statement } from '../evidence.js';
import type { Reply } from '../tree.js';
import type { Base } from './flow-facts.js';
import { clusterOf } from './flow-site.js';
import { reply } from './flow-verdict.js';

const [produce, fetch] = [0, 1];

/** Whether the brokers that a flow writes to speak different versions of the protocol: a rolling upgrade that is under way, or was left half-way. */
export function versionsOfTarget({ flow, snapshot }: Base): Reply {
  const cluster = clusterOf(snapshot, flow.target);
  const brokers = cluster && latest(cluster.brokers)?.value;
  if (brokers === undefined) return reply('unknown', 'brokers of the target are not known');
  const sets = alike(brokers);
  const told = sets.reduce((sum, set) => sum + set.brokers.length, 0);
  if (told === 0) return reply('unknown', 'what its brokers speak was not read yet');
  const isMixed = sets.length > 1;
  const answer = isMixed ? true : told === brokers.length ? false : 'unknown';
  return reply(answer, isMixed ? mixed(sets) : `${told} of ${brokers.length} brokers: ${spoken(sets[0])}`, [
    statement(
      'API versions of the target’s brokers',
      isMixed
        ? `${sets.length} sets: ${sets.map(set => `${named(set)} ${spoken(set)}`).join('; ')}`
        : spoken(sets[0]),
      'more than one set',
      'ApiVersions of each broker (KIP-35)',
      answer,
      { measured: sets.length, limit: 1, unit: 'count' },
    ),
  ]);
}

function mixed(sets: readonly Alike[]): string {
  const others = keysThatDiffer(sets).filter(key => key !== produce && key !== fetch).length;
  const rest = others === 0 ? '' : `; they differ in ${plural(others, 'other request')}`;
  return sets.map(set => `${named(set)}: ${spoken(set)}`).join('; ') + rest;
}

function named({ brokers }: Alike): string {
  return `${brokers.length === 1 ? 'broker' : 'brokers'} ${brokers.join(', ')}`;
}

/** `Produce 0–13, Fetch 4–18` */
function spoken(set: Alike | undefined): string {
  const range = (name: string, key: number): string => {
    const found = set && versionsOf(set.apis, key);
    return found === undefined ? `no ${name}` : `${name} ${found.oldest}–${found.newest}`;
  };
  return `${range('Produce', produce)}, ${range('Fetch', fetch)}`;
}
