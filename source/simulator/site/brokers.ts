import type { Millis } from '../../core/clock.js';
import type { BrokerState, MirroredPartition, SiteState } from './state.js';

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
    const inSync = p.replicas.filter(id => isInSync(by.get(id), now) || (id === p.leader && isAlive(id)));
    // The controller keeps the last one that was in sync, dead as it is: nobody else has all records.
    p.isr = inSync.length > 0 ? inSync : p.isr.slice(-1);
    if (p.leader >= 0 && !isAlive(p.leader)) lead(p, -1);
    const [preferred = -1] = p.replicas;
    const isMissed = (by.get(preferred)?.downSince ?? -Infinity) + electionAfter <= now;
    if (p.leader < 0 && isMissed) lead(p, p.isr.find(isAlive) ?? -1);
    if (p.leader < 0 && isMissed && p.unclean) forceLeader(p, p.replicas.find(isAlive));
    if (p.isr.includes(preferred) && now - (by.get(preferred)?.upSince ?? now) >= preferredAfter)
      lead(p, preferred);
  }
}

/** Elects a leader, or none. */
export function lead(p: MirroredPartition, leader: number): void {
  if (p.leader === leader) return;
  p.leader = leader;
  p.epoch++;
}

/** Whoever is there leads, and is the only one in sync with itself. */
function forceLeader(p: MirroredPartition, anyone: number | undefined): void {
  if (anyone === undefined) return;
  lead(p, anyone);
  p.isr = [anyone];
}

function isInSync(broker: BrokerState | undefined, now: Millis): boolean {
  if (broker === undefined || broker.downSince !== undefined || broker.isStuck) return false;
  return now - broker.upSince >= inSyncAfter;
}
