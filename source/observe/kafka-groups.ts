import { failure } from '../core/failure.js';
import { madeIn } from '../core/made-in.js';
import type { GroupsListed, GroupType, Observation } from '../core/observation.js';
import type { KafkaLink } from '../wire/kafka/link.js';
import { readConsumerGroups } from '../wire/kafka/reads/consumer-group-describe.js';
import { readClassicGroups } from '../wire/kafka/reads/describe-groups.js';
import type { LastDescribed } from '../wire/kafka/reads/described.js';
import { LastAnswer } from '../wire/kafka/reads/last-answer.js';
import { readListGroups, type LastListed } from '../wire/kafka/reads/list-groups.js';
import { readOffsetFetch } from '../wire/kafka/reads/offset-fetch.js';
import { readShareGroups } from '../wire/kafka/reads/share-group-describe.js';
import { readShareGroupOffsets } from '../wire/kafka/reads/share-group-offsets.js';
import { readStreamsGroups } from '../wire/kafka/reads/streams-group-describe.js';
import type { Consumed } from './kafka-consumed.js';
import type { EpochQuestions } from './kafka-epochs.js';

type Listed = Extract<GroupsListed['answer'], { ok: unknown }>['ok'];

/** Each kind of group has a describe of its own; the others call it dead, or not there. */
const describes = [
  ['classic', readClassicGroups],
  ['consumer', readConsumerGroups],
  ['share', readShareGroups],
  ['streams', readStreamsGroups],
] as const satisfies readonly (readonly [GroupType, typeof readClassicGroups])[];

/** What coordinators answered last: most groups are at rest, and what is told of them is the same at every sweep. */
export class GroupAnswers {
  private readonly listed = new Map<number, LastListed>();
  private readonly described = new Map<number, ReadonlyMap<GroupType, LastDescribed>>();

  list(broker: number): LastListed {
    return madeIn(this.listed, broker, () => new LastAnswer());
  }

  describe(broker: number, type: GroupType): LastDescribed | undefined {
    const ofBroker = (): ReadonlyMap<GroupType, LastDescribed> =>
      new Map(describes.map(([each]) => [each, new LastAnswer()]));
    return madeIn(this.described, broker, ofBroker).get(type);
  }

  /** Brokers that are gone take their answers with them. */
  keep(brokers: readonly number[]): void {
    for (const known of [this.listed, this.described])
      for (const broker of known.keys()) if (!brokers.includes(broker)) known.delete(broker);
  }
}

/** What came of reading a coordinator. */
export type GroupsRead = {
  readonly answered: boolean;
  /**
   * Tells the committed offsets, which are in, when `before` is over: the topics that they speak of are known then. That takes
   * longer than to ask for log ends, which wait for the answer alone: who comes last is told of while the brokers look for them.
   */
  readonly tell: (before: Promise<unknown> | undefined) => Promise<void>;
  /** When its groups are described as well. */
  readonly described: Promise<unknown>;
};

/**
 * The groups of one coordinator: listed, how far they have come, and described each by its own protocol. A connection is
 * answered in order, and log ends wait for committed offsets alone: so those are asked first, and when they are in this is over,
 * whether or not the descriptions are.
 */
export async function readGroups(
  link: KafkaLink,
  broker: number,
  { answers, consumed, epochs, emit }: GroupsTold,
  signal: AbortSignal,
): Promise<GroupsRead> {
  const { cluster } = link;
  const listed = await readListGroups(link, broker, signal, answers.list(broker));
  emit({ kind: 'groups', cluster, broker, ...listed });
  if (!('ok' in listed.answer))
    return { answered: false, tell: () => Promise.resolve(), described: Promise.resolve() };
  const groups = listed.answer.ok;
  const names = new Set(groups.map(g => g.group));
  consumed.keep(broker, names);
  epochs.keep(broker, names);
  tellOfUnknown(groups, link, broker, emit);

  const readCommitted = async (ids: readonly string[]): Promise<readonly Observation[]> => {
    if (ids.length === 0) return [];
    const budget = { entriesOf: consumed.entriesOf };
    const fetched = await readOffsetFetch(link, broker, ids, signal, budget);
    for (const { groups } of fetched)
      for (const { group, answer } of groups) {
        consumed.learn(broker, group, answer);
        epochs.learn(broker, group, answer);
      }
    return fetched.map(({ asked, answered, groups: all, failures }) => ({
      kind: 'committed',
      cluster,
      broker,
      asked,
      answered,
      groups: all,
      failures,
    }));
  };
  const readShared = async (ids: readonly string[]): Promise<readonly Observation[]> => {
    if (ids.length === 0) return [];
    const seen = await readShareGroupOffsets(link, broker, ids, signal);
    for (const { group, answer } of seen.groups) consumed.learn(broker, group, answer);
    return [{ kind: 'share-offsets', cluster, broker, ...seen }];
  };
  const progress = Promise.all([
    readCommitted(groups.filter(commits).map(g => g.group)),
    readShared(groups.filter(g => g.type === 'share').map(g => g.group)),
  ]);
  const described = Promise.all(
    describes.map(async ([type, describe]) => {
      const ids = groups.filter(g => g.type === type).map(g => g.group);
      if (ids.length === 0) return;
      const last = answers.describe(broker, type);
      const { asked, answered, groups: all } = await describe(link, broker, ids, signal, last);
      emit({ kind: 'described', cluster, broker, asked, answered, groups: all });
    }),
  );
  const offsets = (await progress).flat();
  const tell: GroupsRead['tell'] = async before => {
    await before;
    for (const seen of offsets) emit(seen);
  };
  return { answered: true, tell, described };
}

type GroupsTold = {
  readonly answers: GroupAnswers;
  readonly consumed: Consumed;
  readonly epochs: EpochQuestions;
  readonly emit: (o: Observation) => void;
};

/** Classic groups of a protocol other than `consumer` (Connect's workers) commit nothing. */
function commits({ type, protocolType }: Listed[number]): boolean {
  if (type === 'classic') return protocolType === 'consumer' || protocolType === '';
  return type === 'consumer' || type === 'streams';
}

/** A kind of group from after this kmon: it is there, and what is missing to look into it is named. */
function tellOfUnknown(
  groups: Listed,
  link: KafkaLink,
  broker: number,
  emit: (o: Observation) => void,
): void {
  const unknown = groups.filter(g => g.type === 'unknown');
  if (unknown.length === 0) return;
  const now = link.now();
  emit({
    kind: 'described',
    cluster: link.cluster,
    broker,
    asked: now,
    answered: now,
    groups: unknown.map(({ group, protocolType }) => {
      const subject = `group ${group} at ${link.nameOf(broker)}`;
      const detail = `this kmon has no describe for its type (protocol “${protocolType}”)`;
      return { group, answer: { failed: failure('unsupported', subject, detail) } };
    }),
  });
}
