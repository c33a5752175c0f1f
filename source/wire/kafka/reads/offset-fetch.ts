import type { Answer, CommittedSeen, OffsetColumn, Timing } from '../../../core/observation.js';
import type { Body } from '../body.js';
import type { KafkaLink, KafkaRequest } from '../link.js';
import { FailureIndex, failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';
import { epochOf, ifKnown } from './epochs.js';
import { chunksOf, inTurns } from './chunks.js';

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
  const many = await link.version(broker, { ...offsetFetch, versions: [8] }, signal);
  const isOld = 'failed' in many && many.failed.kind === 'unsupported';
  const chunks = isOld ? groups.map(group => [group]) : chunksOf(groups, maxGroups, weightOf, maxEntries);
  return inTurns(chunks, isOld ? 10 : 2, chunk => fetchOne(link, broker, chunk, isOld, signal));
}

async function fetchOne(
  link: KafkaLink,
  broker: number,
  groups: readonly string[],
  isOld: boolean,
  signal: AbortSignal | undefined,
): Promise<Committed> {
  const who = link.nameOf(broker);
  const index = new FailureIndex(`OffsetFetch of ${who}`);
  const request = isOld ? ofOneGroup(groups[0] ?? '', who, index) : ofManyGroups(groups, who, index);
  const { asked, answered, answer } = await link.send(broker, request, signal);
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
      return answer.list(() => {
        const group = answer.name();
        const outcome = offsets(answer, version, group, who, index);
        answer.tags();
        return { group, answer: outcome };
      });
    },
  };
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
      return [{ group, answer: offsets(answer, version, group, who, index) }];
    },
  };
}

function offsets(
  answer: Reader,
  version: number,
  group: string,
  who: string,
  index: FailureIndex,
): Answer<readonly OffsetColumn[]> {
  const columns = answer.list(() => column(answer, version, index));
  const failed = failureOfCode(answer.int16(), `OffsetFetch of group ${group} at ${who}`);
  return failed ? { failed } : { ok: columns.filter(c => c.partition.length > 0) };
}

function column(answer: Reader, version: number, index: FailureIndex): OffsetColumn {
  const topic = answer.name();
  const count = answer.length(4 + 8 + 2);
  const partition = new Int32Array(count);
  const offset = new Float64Array(count);
  const failure = new Uint8Array(count);
  const leaderEpoch = new Float64Array(count).fill(NaN);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const id = answer.int32();
    const committed = answer.int64();
    const epoch = version >= 5 ? epochOf(answer.int32()) : NaN;
    answer.skipText();
    const why = index.of(answer.int16());
    answer.tags();
    if (committed < 0 && why === 0) continue;
    partition[kept] = id;
    offset[kept] = why === 0 ? committed : NaN;
    failure[kept] = why;
    leaderEpoch[kept] = epoch;
    kept++;
  }
  answer.tags();
  const all = kept === count;
  return {
    topic,
    partition: all ? partition : partition.slice(0, kept),
    offset: all ? offset : offset.slice(0, kept),
    failure: all ? failure : failure.slice(0, kept),
    ...ifKnown(all ? leaderEpoch : leaderEpoch.slice(0, kept)),
  };
}
