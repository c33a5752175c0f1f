import type { Millis } from '../../core/clock.js';
import type { BrokerState, SiteState } from './state.js';

/** Until the controller gives a lost broker's partitions to others. */
const electionAfter: Millis = 3_000;
/** Until a broker that is back has caught up, and until the preferred leaders are elected again. */
const inSyncAfter: Millis = 4_000;
const preferredAfter: Millis = 15_000;

export function loseBroker(state: SiteState, id: number): void {
  const broker = state.brokers.find(b => b.id === id);
  if (broker !== undefined) broker.downSince = state.now;
}

export function returnBroker(state: SiteState, id: number): void {
  const broker = state.brokers.find(b => b.id === id);
  if (broker === undefined) return;
  broker.downSince = undefined;
  broker.upSince = state.now;
}

/** Who leads and who is in sync, of every partition of the target. */
export function elect(state: SiteState): void {
  const { now } = state;
  const by = new Map(state.brokers.map(b => [b.id, b]));
  const isAlive = (id: number): boolean => by.get(id)?.downSince === undefined;
  for (const p of state.partitions) {
    p.isr = p.replicas.filter(id => isInSync(by.get(id), now));
    if (p.leader >= 0 && !isAlive(p.leader)) p.leader = -1;
    const [preferred = -1] = p.replicas;
    const isMissed = (by.get(preferred)?.downSince ?? -Infinity) + electionAfter <= now;
    if (p.leader < 0 && isMissed) p.leader = p.isr.find(isAlive) ?? -1;
    if (p.isr.includes(preferred) && now - (by.get(preferred)?.upSince ?? now) >= preferredAfter)
      p.leader = preferred;
  }
}

function isInSync(broker: BrokerState | undefined, now: Millis): boolean {
  return broker !== undefined && broker.downSince === undefined && now - broker.upSince >= inSyncAfter;
}
