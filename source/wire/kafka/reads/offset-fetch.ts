import type { Answer, CommittedSeen, OffsetColumn, Timing } from '../../../core/observation.js';
import type { Body } from '../body.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { FailureIndex, failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';
import { chunksOf, inTurns } from './chunks.js';
import { epochOf } from './epochs.js';
import { OffsetColumns } from './offset-columns.js';

/** One answer: every group that was asked for in it, each with its own outcome. */
export type Committed = Timing & Pick<CommittedSeen, 'groups' | 'failures'>;

export type FetchBudget = {
  readonly maxGroups: number;
  /** At most so many committed offsets a request, as far as `entriesOf` can tell. */
  readonly maxEntries: number;
  /** How many committed offsets the group had when last seen; undefined where that is not known. */
  readonly entriesOf: (group: string) => number | undefined;
};

const usual: FetchBudget = { maxGroups: 2_000, maxEntries: 50_000, entriesOf: () => undefined };

/** What a group is taken to have until its first answer: 200 such groups fill a request. */
const expectedEntries = 250;

/**
 * OffsetFetch (9): all committed offsets of groups, asked of their coordinator. From Kafka 3.0 (v8) many groups share
 * a request; before that each has its own, a few at a time in the pipe. Works for classic and KIP-848 groups; a share
 * group commits nothing. A partition without a committed offset (−1) is left out. One element an answer.
 */
export async function readOffsetFetch(
  link: KafkaLink,
  broker: number,
  groups: readonly string[],
  signal?: AbortSignal,
  budget: Partial<FetchBudget> = {},
): Promise<readonly Committed[]> {
  if (groups.length === 0) return [];
  const { maxGroups, maxEntries, entriesOf } = { ...usual, ...budget };
  const weightOf = (group: string): number => entriesOf(group) ?? expectedEntries;
  const chunks = chunksOf(groups, maxGroups, weightOf, maxEntries);
  const answers = await inTurns(chunks, 2, chunk => fetchMany(link, broker, chunk, signal));
  return answers.flat();
}

/** Whether the broker knows the request of many groups is known without asking it, as soon as there is a connection. */
async function fetchMany(
  link: KafkaLink,
  broker: number,
  groups: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly Committed[]> {
  const index = indexOf(link, broker);
  const seen = await link.send(broker, ofManyGroups(groups, link.nameOf(broker), index), signal);
  if ('failed' in seen.answer && seen.answer.failed.kind === 'unsupported')
    return inTurns(groups, 5, group => fetchOne(link, broker, group, signal));
  return [committed(groups, seen, index)];
}

async function fetchOne(
  link: KafkaLink,
  broker: number,
  group: string,
  signal: AbortSignal | undefined,
): Promise<Committed> {
  const index = indexOf(link, broker);
  const seen = await link.send(broker, ofOneGroup(group, link.nameOf(broker), index), signal);
  return committed([group], seen, index);
}

function indexOf(link: KafkaLink, broker: number): FailureIndex {
  return new FailureIndex(`OffsetFetch of ${link.nameOf(broker)}`);
}

function committed(
  groups: readonly string[],
  { asked, answered, answer }: Timed<Answer<Fetched>>,
  index: FailureIndex,
): Committed {
  if ('ok' in answer) return { asked, answered, groups: answer.ok, failures: index.failures };
  const failed: Answer<never> = { failed: answer.failed };
  return { asked, answered, groups: groups.map(group => ({ group, answer: failed })), failures: [] };
}

type Fetched = CommittedSeen['groups'];

const offsetFetch = { key: 9, name: 'OffsetFetch', flexibleFrom: 6 } as const;

/** Offsets of open transactions would be errors instead of the last stable ones. */
const requireStable = false;

function ofManyGroups(groups: readonly string[], who: string, index: FailureIndex): KafkaRequest<Fetched> {
  return {
    ...offsetFetch,
    versions: [8],
    encode: body => {
      body.list(groups, group => body.text(group).all().tags());
      body.flag(requireStable).tags();
    },
    decode: (answer, version) => {
      answer.throttle();
      return readGroups(answer, version, who, index);
    },
  };
}

/** Loops, here and in `offsets`: an arrow is made anew with each answer, and what the engine compiles of it goes with it. */
function readGroups(answer: Reader, version: number, who: string, index: FailureIndex): Fetched {
  const columns = new OffsetColumns();
  const groups: Fetched[number][] = [];
  for (let left = answer.length(); left > 0; left--) {
    const group = answer.name();
    groups.push({ group, answer: offsets(answer, version, group, who, index, columns) });
    answer.tags();
  }
  return groups;
}

function ofOneGroup(group: string, who: string, index: FailureIndex): KafkaRequest<Fetched> {
  return {
    ...offsetFetch,
    versions: [3, 4, 5],
    encode: (body: Body) => {
      body.text(group).all();
    },
    decode: (answer, version) => {
      answer.throttle();
      return [{ group, answer: offsets(answer, version, group, who, index, new OffsetColumns()) }];
    },
  };
}

function offsets(
  answer: Reader,
  version: number,
  group: string,
  who: string,
  index: FailureIndex,
  columns: OffsetColumns,
): Answer<readonly OffsetColumn[]> {
  const topics: OffsetColumn[] = [];
  for (let left = answer.length(); left > 0; left--) {
    const one = column(answer, version, index, columns);
    if (one.partition.length > 0) topics.push(one);
  }
  const code = answer.int16();
  // Words for each of a thousand groups, nearly none of which failed, are not put together in vain.
  const failed = code === 0 ? undefined : failureOfCode(code, `OffsetFetch of group ${group} at ${who}`);
  return failed ? { failed } : { ok: topics };
}

/** What a partition takes in an answer at least. */
const leastBytes = 4 + 8 + 2;

/** What it takes in nearly every answer: with the epoch, the length of no metadata, and no tags. */
const usualBytes = 20;

function column(answer: Reader, version: number, index: FailureIndex, columns: OffsetColumns): OffsetColumn {
  const topic = answer.name();
  const count = answer.length(leastBytes);
  columns.begin(count, Math.ceil(answer.left / usualBytes));
  for (let i = 0; i < count; i++) {
    const partition = answer.partition();
    const committed = answer.int64();
    const epoch = version >= 5 ? epochOf(answer.int32()) : NaN;
    answer.skipText();
    const why = index.of(answer.int16());
    answer.tags();
    if (committed < 0 && why === 0) continue;
    columns.add(partition, why === 0 ? committed : NaN, why, epoch);
  }
  answer.tags();
  return columns.finish(topic);
}
