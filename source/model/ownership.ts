import type { GroupDescription } from '../core/observation.js';
import type { Assignment } from './snapshot.js';

/** Who owns what by the description of a group; made once, since most descriptions are that of before. */
export class Ownership {
  static readonly none = new Ownership([]);

  #owners: Owners | undefined;
  #assignment: Assignment | 'not told' | undefined;

  constructor(private readonly members: GroupDescription['members']) {}

  /** `client@host`; undefined where nobody owns it, or does not tell. */
  owner(topic: string, partition: number): string | undefined {
    this.#owners ??= ownersOf(this.members);
    return this.#owners.get(topic)?.[partition];
  }

  /** In numbers; undefined where not all members tell what they own. */
  get assignment(): Assignment | undefined {
    this.#assignment ??= assignmentOf(this.members) ?? 'not told';
    return this.#assignment === 'not told' ? undefined : this.#assignment;
  }
}

/**
 * Of each topic by partition. One text a member and none a partition: as a map of names, the owners of 25,000 partitions were a
 * tenth of all that lives.
 */
type Owners = ReadonlyMap<string, readonly (string | undefined)[]>;

function ownersOf(members: GroupDescription['members']): Owners {
  const owners = new Map<string, (string | undefined)[]>();
  for (const { clientId, host, assignment } of members) {
    const owner = `${clientId}@${host.replace(/^\//, '')}`;
    for (const { topic, partitions } of assignment ?? []) {
      const ofTopic = owners.get(topic) ?? [];
      owners.set(topic, ofTopic);
      partitions.forEach(p => (ofTopic[p] = owner));
    }
  }
  return owners;
}

function assignmentOf(members: GroupDescription['members']): Assignment | undefined {
  let [idle, fixed, partitions, least, most] = [0, 0, 0, Infinity, 0];
  for (const { assignment, instance } of members) {
    if (assignment === undefined) return undefined;
    const owned = assignment.reduce((sum, topic) => sum + topic.partitions.length, 0);
    if (owned === 0) idle++;
    if (instance !== undefined) fixed++;
    partitions += owned;
    least = Math.min(least, owned);
    most = Math.max(most, owned);
  }
  if (members.length === 0) least = 0;
  return { members: members.length, idle, static: fixed, partitions, least, most };
}
