import type { Change } from './plan.js';
import { connectorShows, type ConnectorWorld } from './worlds/connector.js';
import { groupDiffers, groupShows, type GroupWorld } from './worlds/group.js';
import { leadershipShows } from './worlds/kafka.js';
import type { LeadersWorld } from './worlds/leaders.js';
import { quotaDiffers, quotaShows, type QuotaWorld } from './worlds/quota.js';
import { topicDiffers, topicShows, type TopicWorld } from './worlds/topic.js';

/** A thing as it is now, read fresh, by the kind of its target. */
export type World = ConnectorWorld | KafkaWorld;

export type KafkaWorld = TopicWorld | QuotaWorld | GroupWorld | LeadersWorld;

/** The value under a key of a diff, as it may be shown; undefined where there is none. */
export function shown(world: World, key: string): string | undefined {
  switch (world.kind) {
    case 'connector':
      return connectorShows(world, key);
    case 'topic':
      return topicShows(world, key);
    case 'quota':
      return quotaShows(world, key);
    case 'group':
      return groupShows(world, key);
    case 'cluster':
      return leadershipShows(world.partitions, key);
  }
}

/** What differs between two readings of a thing, whoever made the difference: names of keys, sorted. */
export function differences(before: World, now: World): readonly string[] {
  if (before.kind === 'connector' && now.kind === 'connector') return now.config.differences(before.config);
  if (before.kind === 'topic' && now.kind === 'topic') return topicDiffers(before, now);
  if (before.kind === 'quota' && now.kind === 'quota') return quotaDiffers(before, now);
  if (before.kind === 'group' && now.kind === 'group') return groupDiffers(before, now);
  // Leaders change by themselves: those that a plan speaks of are compared by its diff.
  return [];
}

/** Which of the diff's lines are no longer what the diff starts from. */
export function movedOn(changes: readonly Change[], now: World): readonly string[] {
  return changes.filter(change => shown(now, change.key) !== change.from).map(change => change.key);
}

/** Whether a change is in the world, not in it, or something else is; `unseen` where it leaves no trace to see. */
export function standing(
  changes: readonly Change[],
  now: World,
): 'applied' | 'as before' | 'neither' | 'unseen' {
  const telling = changes.filter(change => change.from !== change.to);
  if (telling.length === 0) return 'unseen';
  if (telling.every(change => shown(now, change.key) === change.to)) return 'applied';
  return telling.every(change => shown(now, change.key) === change.from) ? 'as before' : 'neither';
}
