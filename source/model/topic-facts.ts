import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, latest, lost, seen, unknown, type Known } from '../core/known.js';
import type { Timing, TopicConfigsSeen, TopicSeen } from '../core/observation.js';
import type { Leaders } from './group-view.js';
import { same } from './same.js';
import type { Truncation } from './topic-offsets.js';
import type { LogTruncation, PartitionsAdded, TopicConfig } from './topic-view.js';
import {
  desertedPartitions,
  uncleanElections,
  type DesertedPartitions,
  type UncleanElection,
} from './unclean-elections.js';

const keptTruncations = 20;
const keptElections = 20;

/** By partition: how often its leader moved, when last, and from where; and who led before there was none. */
export type LeaderMoves = {
  readonly count: Uint32Array;
  readonly at: Float64Array;
  readonly from: Int32Array;
  readonly last: Int32Array;
};

/** What is known of a topic beside its offsets; it never changes, so that a snapshot may keep it. */
export type TopicFacts = {
  readonly seen: TopicSeen;
  readonly at: Millis;
  readonly since: Millis;
  readonly created?: Millis;
  readonly recreated?: Millis;
  readonly partitionsAdded?: PartitionsAdded;
  readonly moves?: LeaderMoves;
  readonly truncations: readonly LogTruncation[];
  readonly unclean: readonly UncleanElection[];
  readonly deserted?: DesertedPartitions;
  readonly config: Known<TopicConfig>;
};

/** `appeared`: it was not there when kmon looked before. */
export function newTopic(now: TopicSeen, at: Millis, appeared: boolean): TopicFacts {
  const unread = failure('early', `configuration of ${now.topic}`, 'it was not read yet');
  return {
    seen: now,
    at,
    since: at,
    ...(appeared && { created: at }),
    truncations: [],
    unclean: [],
    config: unknown(unread, at),
  };
}

/**
 * The same topic, seen again. A leader has moved where another broker than the last one leads: what lies between, no leader at all,
 * is not counted. (Epochs alone do not tell: some versions raise them when a replica falls out of sync, too.) `alive`: the brokers
 * that there are now.
 */
export function seenAgain(
  before: TopicFacts,
  now: TopicSeen,
  { asked, answered: at }: Timing,
  end: (partition: number) => number,
  alive: ReadonlySet<number>,
): TopicFacts {
  const { deserted: left, ...rest } = before;
  const { seen: was } = rest;
  const [from, to] = [was.leader.length, now.leader.length];
  const moves = movesOf(before, now, at);
  const held = { lastLeader: (p: number) => moves?.last[p] ?? noOne, ...(left && { deserted: left }) };
  const unclean = was === now ? [] : uncleanElections(was, now, held, alive, at);
  const deserted = was === now ? left : desertedPartitions(was, now, left);
  return {
    ...rest,
    seen: now,
    at,
    ...(moves && { moves }),
    ...(deserted && { deserted }),
    ...(from > 0 &&
      to > from && {
        partitionsAdded: { at, from, to, ends: Float64Array.from({ length: from }, (_, p) => end(p)) },
      }),
    truncations: confirmed(before, now, asked),
    ...(unclean.length > 0 && { unclean: [...before.unclean, ...unclean].slice(-keptElections) }),
  };
}

/** Another topic under the same name. */
export function recreated(now: TopicSeen, at: Millis): TopicFacts {
  return { ...newTopic(now, at, false), recreated: at };
}

export function truncated(before: TopicFacts, ends: readonly Truncation[], at: Millis): TopicFacts {
  if (ends.length === 0) return before;
  const more = ends.map(({ partition, from, to }) => ({ at, partition, from, to, sure: false }));
  return { ...before, truncations: [...before.truncations, ...more].slice(-keptTruncations) };
}

/** A configuration that could not be read is what it last was. */
export function configured(
  before: TopicFacts,
  answer: TopicConfigsSeen['topics'][number]['answer'],
  at: Millis,
): TopicFacts {
  if ('failed' in answer) return { ...before, config: lost(before.config, answer.failed, at) };
  const known = latest(before.config)?.value;
  // Hundreds of them are read again and again and hardly ever change: what is kept of the past shares them.
  const config = known !== undefined && same(known, answer.ok) ? known : answer.ok;
  return { ...before, config: seen(config, at) };
}

/** Whether it tells the same as what was known later, but for when that was read. */
export function isOlder(before: TopicFacts, now: TopicFacts): boolean {
  const [was, is] = [before.config, now.config];
  return (
    before === now ||
    (before.seen === now.seen &&
      before.since === now.since &&
      before.recreated === now.recreated &&
      before.partitionsAdded === now.partitionsAdded &&
      before.moves === now.moves &&
      before.truncations === now.truncations &&
      before.unclean === now.unclean &&
      (was === is || (isKnown(was) && isKnown(is) && was.value === is.value)))
  );
}

/** A log end that went back before the metadata could tell that the topic was made anew is sure once they were read again. */
function confirmed({ truncations }: TopicFacts, now: TopicSeen, asked: Millis): readonly LogTruncation[] {
  if (now.topicId === undefined || truncations.every(t => t.sure || t.at > asked)) return truncations;
  return truncations.map(t => (t.at > asked ? t : { ...t, sure: true }));
}

function movesOf({ seen: was, moves }: TopicFacts, now: TopicSeen, at: Millis): LeaderMoves | undefined {
  let made: LeaderMoves | undefined;
  for (let p = 0; p < now.leader.length; p++) {
    const leads = now.leader[p] ?? NaN;
    const led = was.leader[p] ?? NaN;
    if (leads === led || Number.isNaN(led) || Number.isNaN(leads)) continue;
    made ??= wider(moves, now.leader.length);
    if (led >= 0) made.last[p] = led;
    const before = made.last[p] ?? noOne;
    if (leads < 0 || before === noOne || before === leads) continue;
    made.count[p] = (made.count[p] ?? 0) + 1;
    made.at[p] = at;
    made.from[p] = before;
  }
  return made ?? moves;
}

const noOne = -1;

function wider(moves: LeaderMoves | undefined, partitions: number): LeaderMoves {
  const wide = {
    count: new Uint32Array(partitions),
    at: new Float64Array(partitions).fill(NaN),
    from: new Int32Array(partitions).fill(noOne),
    last: new Int32Array(partitions).fill(noOne),
  };
  if (moves === undefined || moves.count.length > partitions) return wide;
  wide.count.set(moves.count);
  wide.at.set(moves.at);
  wide.from.set(moves.from);
  wide.last.set(moves.last);
  return wide;
}

/** Who leads which partition, where that is known. */
export function leadersOf(topics: ReadonlyMap<string, TopicFacts>): Leaders {
  return (topic, partition) => {
    const leader = topics.get(topic)?.seen.leader[partition];
    return leader === undefined || Number.isNaN(leader) ? undefined : leader;
  };
}
