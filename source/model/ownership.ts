import type { GroupDescription } from '../core/observation.js';
import type { Assignment } from './snapshot.js';

/** Who owns what by the description of a group; made once, since most descriptions are that of before. */
export class Ownership {
  static readonly none = new Ownership([]);

  #owners: ReadonlyMap<string, string> | undefined;
  #assignment: Assignment | 'not told' | undefined;

  constructor(private readonly members: GroupDescription['members']) {}

  /** By `topic/partition`. */
  get owners(): ReadonlyMap<string, string> {
    return (this.#owners ??= ownersOf(this.members));
  }

  /** In numbers; undefined where not all members tell what they own. */
  get assignment(): Assignment | undefined {
    this.#assignment ??= assignmentOf(this.members) ?? 'not told';
    return this.#assignment === 'not told' ? undefined : this.#assignment;
  }
}

function ownersOf(members: GroupDescription['members']): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { clientId, host, assignment } of members)
    for (const { topic, partitions } of assignment ?? [])
      for (const p of partitions) owners.set(`${topic}/${p}`, `${clientId}@${host.replace(/^\//, '')}`);
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
