import type { Millis } from '../core/clock.js';
import type { TopicSeen } from '../core/observation.js';
import { inSyncOf } from './in-sync.js';

/**
 * A leader that was not in sync when kmon last read who was. `between`: what lies between the two readings of Metadata. While a partition has no
 * leader nobody can come into sync, so that a single election out of that state was unclean for certain; else a replica may
 * have come into sync between the two, and only where none of those that were is left is it an election to think about.
 */
export type UncleanElection = {
  readonly at: Millis;
  readonly partition: number;
  readonly leader: number;
  /** Who led last; −1 where kmon saw no leader. */
  readonly after: number;
  /** Who was in sync when that was read last. */
  readonly inSync: readonly number[];
  readonly between: 'no-leader' | 'not-read';
};

/** Who led before there was none, by partition; −1 where kmon saw nobody. */
type LastLeader = (partition: number) => number;

/**
 * Who was in sync before nobody led and nobody was in sync: with eligible leader replicas (KIP-966) the last one that was leaves those in
 * sync when it is gone. `straight`: its leader was lost in one election, so that nobody else led in between.
 */
type Deserted = { readonly inSync: Int32Array; readonly straight: boolean };

/** By partition, of those that nobody leads now. */
export type DesertedPartitions = ReadonlyMap<number, Deserted>;

/** The partitions that are deserted in the second of two readings, where who was in sync before is known; undefined where there are none. */
export function desertedPartitions(
  was: TopicSeen,
  now: TopicSeen,
  before: DesertedPartitions | undefined,
): DesertedPartitions | undefined {
  if (was.inSyncIds === undefined || now.inSyncIds === undefined) return undefined;
  let found: Map<number, Deserted> | undefined;
  for (let partition = 0; partition < was.leader.length; partition++) {
    if (now.leader[partition] !== -1 || now.inSync[partition] !== 0) continue;
    const inSync = inSyncOf(was, partition);
    const deserted =
      inSync.length === 0
        ? before?.get(partition)
        : { inSync: inSync.slice(), straight: electionsBetween(was, now, partition) === 1 };
    if (deserted) (found ??= new Map()).set(partition, deserted);
  }
  return found;
}

const none: readonly UncleanElection[] = [];

/**
 * Elections of replicas that were not in sync, between two readings of one topic. A partition whose leader is the same costs one
 * comparison. `deserted`: of the first reading. `alive`: the brokers that the second reading names.
 */
export function uncleanElections(
  was: TopicSeen,
  now: TopicSeen,
  { lastLeader, deserted }: { readonly lastLeader: LastLeader; readonly deserted?: DesertedPartitions },
  alive: ReadonlySet<number>,
  at: Millis,
): readonly UncleanElection[] {
  if (was.inSyncIds === undefined || now.inSyncIds === undefined) return none;
  let found: UncleanElection[] | undefined;
  for (let partition = 0; partition < was.leader.length; partition++) {
    const led = was.leader[partition] ?? NaN;
    const leader = now.leader[partition] ?? NaN;
    if (leader === led || Number.isNaN(led) || !(leader >= 0)) continue;
    const elections = electionsBetween(was, now, partition);
    const left = deserted?.get(partition);
    const before = left?.inSync ?? inSyncOf(was, partition);
    // A broker that is behind answers with what was before.
    if (elections < 1 || before.length === 0 || before.includes(leader)) continue;
    const isOneElection = led < 0 && elections === 1 && (left?.straight ?? true);
    if (!isOneElection && !isLost(before, inSyncOf(now, partition), alive)) continue;
    const between = isOneElection ? 'no-leader' : 'not-read';
    const after = led >= 0 ? led : lastLeader(partition);
    (found ??= []).push({ at, partition, leader, after, inSync: [...before], between });
  }
  return found ?? none;
}

/** Each change of the leader makes a new epoch, that to none as well; one where epochs are not told. */
function electionsBetween(was: TopicSeen, now: TopicSeen, partition: number): number {
  const [from, to] = [was.leaderEpoch?.[partition], now.leaderEpoch?.[partition]];
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) return 1;
  return to - from;
}

/** A controller that still has a replica in sync elects it. (Nor is it a move to other brokers: those that were left live on.) */
function isLost(before: Int32Array, now: Int32Array, alive: ReadonlySet<number>): boolean {
  return before.every(id => !now.includes(id) && !alive.has(id));
}
