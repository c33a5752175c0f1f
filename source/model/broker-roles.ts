import { keepShape } from '../core/keep-shape.js';
import { madeIn } from '../core/made-in.js';
import type { TopicSeen } from '../core/observation.js';
import type { PreferredRole } from './snapshot.js';
import type { TopicFacts } from './topic-facts.js';
import type { TopicPicture } from './topic-offsets.js';

/** What a broker leads. */
export type BrokerRole = {
  leaders: number;
  /** What the order of replicas gives it to lead: of the partitions for which that, and who is in sync, was told. */
  preferred: { -readonly [K in keyof PreferredRole]: PreferredRole[K] };
  /** Records/s that arrive in `measured` of them: those whose log ends are read. */
  arrival: number;
  measured: number;
};

/** By broker id. */
export class BrokerRoles {
  /** Whether the order of replicas was told of all partitions. */
  ordered = true;
  private readonly roles = new Map<number, BrokerRole>();

  /** Looks at every partition of the cluster: to be made only where it is looked at. */
  constructor(topics: readonly TopicFacts[], offsets: (topic: string) => TopicPicture | undefined) {
    for (const { seen } of topics) {
      this.countPreferred(seen);
      this.countLed(seen, offsets(seen.topic));
    }
  }

  of(broker: number): Readonly<BrokerRole> {
    return this.roles.get(broker) ?? noRole();
  }

  private countLed(seen: TopicSeen, picture: TopicPicture | undefined): void {
    for (let p = 0; p < seen.leader.length; p++) {
      const leader = seen.leader[p] ?? NaN;
      if (!(leader >= 0)) continue;
      const role = this.roleOf(leader);
      role.leaders++;
      const arrival = picture?.arrival(p) ?? NaN;
      if (Number.isNaN(arrival)) continue;
      role.arrival += arrival;
      role.measured++;
    }
  }

  private countPreferred({ leader, preferred, inSync, inSyncIds }: TopicSeen): void {
    if (preferred === undefined || inSyncIds === undefined) {
      this.ordered = false;
      return;
    }
    let from = 0;
    for (let p = 0; p < leader.length; p++) {
      const first = preferred[p] ?? NaN;
      const now = leader[p] ?? NaN;
      const count = inSync[p] ?? NaN;
      // Bounded by what there is: a count that cannot be (of a broken recording) must not be counted up to.
      const to = Math.min(inSyncIds.length, from + (count >= 0 ? count : 0));
      // In a loop of its own: a part of the array would be an object for each partition of the cluster, at every tick.
      let isReady = false;
      for (; from < to; from++) if (inSyncIds[from] === first) isReady = true;
      if (!(first >= 0)) continue;
      const own = this.roleOf(first).preferred;
      own.partitions++;
      if (now !== first) own[isReady ? 'away' : 'behind']++;
      const then = isReady ? first : now;
      if (then >= 0) this.roleOf(then).preferred.elected++;
    }
  }

  private roleOf(broker: number): BrokerRole {
    return madeIn(this.roles, broker, noRole);
  }
}

function noRole(): BrokerRole {
  const preferred = { partitions: 0, away: 0, behind: 0, elected: 0 };
  return { leaders: 0, preferred, arrival: 0, measured: 0 };
}

keepShape(new BrokerRoles([], () => undefined));
