import type { Change } from './plan.js';
import { connectorShows, type ConnectorWorld } from './worlds/connector.js';

/** A thing as it is now, read fresh, by the kind of its target. */
export type World = ConnectorWorld;

/** The value under a key of a diff, as it may be shown; undefined where there is none. */
export function shown(world: World, key: string): string | undefined {
  return connectorShows(world, key);
}

/** What differs between two readings of a thing, whoever made the difference: names of keys, sorted. */
export function differences(before: World, now: World): readonly string[] {
  return now.config.differences(before.config);
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
