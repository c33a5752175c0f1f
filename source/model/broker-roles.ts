import type { TopicFacts } from './topic-facts.js';
import type { TopicPicture } from './topic-offsets.js';

/** What a broker leads. */
export type BrokerRole = {
  leaders: number;
  /** Records/s that arrive in `measured` of them: those whose log ends are read. */
  arrival: number;
  measured: number;
};

export const noRole: Readonly<BrokerRole> = { leaders: 0, arrival: 0, measured: 0 };

/** By broker id. Looks at every partition of the cluster: to be asked for only where it is looked at. */
export function brokerRoles(
  topics: readonly TopicFacts[],
  offsets: (topic: string) => TopicPicture | undefined,
): ReadonlyMap<number, Readonly<BrokerRole>> {
  const roles = new Map<number, BrokerRole>();
  for (const { seen } of topics) {
    const picture = offsets(seen.topic);
    for (let p = 0; p < seen.leader.length; p++) {
      const leader = seen.leader[p] ?? NaN;
      if (!(leader >= 0)) continue;
      let role = roles.get(leader);
      if (role === undefined) roles.set(leader, (role = { ...noRole }));
      role.leaders++;
      const arrival = picture?.arrival(p) ?? NaN;
      if (Number.isNaN(arrival)) continue;
      role.arrival += arrival;
      role.measured++;
    }
  }
  return roles;
}
