import { follow, type Clock, type Millis } from '../core/clock.js';
import { failure, type Failure } from '../core/failure.js';
import type { ClusterSeen, GroupsListed, Observation, OffsetColumn, TopicSeen } from '../core/observation.js';
import type { KafkaLink } from '../wire/kafka/link.js';
import { readConsumerGroups } from '../wire/kafka/reads/consumer-group-describe.js';
import { readClassicGroups } from '../wire/kafka/reads/describe-groups.js';
import { readListGroups } from '../wire/kafka/reads/list-groups.js';
import { readListOffsets } from '../wire/kafka/reads/list-offsets.js';
import { readMetadata } from '../wire/kafka/reads/metadata.js';
import { readOffsetFetch } from '../wire/kafka/reads/offset-fetch.js';
import { readShareGroups } from '../wire/kafka/reads/share-group-describe.js';
import type { Pass } from './beat.js';

/** Leaders and in-sync replicas change seldom; a lost leader shows itself in ListOffsets before that. */
const metadataEvery: Millis = 10_000;

/**
 * How long end offsets wait for the committed ones: they are to be asked after them (lag is then never negative),
 * but one hung coordinator must not hold up what the other brokers can say.
 */
const patience: Millis = 1_000;

/** The sweep and the flows' positions may both wait for a leader; a third question to one that hangs only queues up. */
const mostOwed = 2;

type Listed = Extract<GroupsListed['answer'], { ok: unknown }>['ok'];
type Wanted = { readonly topic: string; readonly partitions: Int32Array };

/**
 * One pass over a cluster in O(brokers) requests: Metadata now and then, ListGroups to each broker (which names the
 * coordinator), describes and committed offsets to each coordinator, end offsets to each leader. A broker that still
 * owes an answer is left out of the next pass.
 */
export class KafkaSweep {
  private metadata:
    | { readonly at: Millis; readonly brokers: readonly number[]; readonly topics: readonly TopicSeen[] }
    | undefined;
  private readonly busy = new Set<number>();
  /** Questions for end offsets that a leader has not answered yet. */
  private readonly owed = new Map<number, number>();
  private spent: ClusterSeen['cost'];
  private cost: ClusterSeen['cost'];
  /** Topics with committed offsets, by broker that told so. */
  private readonly consumed = new Map<number, ReadonlySet<string>>();

  constructor(
    private readonly cluster: string,
    private readonly link: KafkaLink,
    private readonly clock: Clock,
    private readonly emit: (o: Observation) => void,
  ) {}

  readonly pass: Pass = async ({ signal, asking }) => {
    const now = this.clock.now();
    this.count();
    let failed: Failure | undefined;
    if (this.metadata === undefined || now - this.metadata.at >= metadataEvery) {
      asking('Metadata');
      failed = await this.readMetadata(signal);
    }
    if (this.metadata === undefined) return failed;
    const brokers = this.metadata.brokers;
    let answered = 0;
    const work = Promise.all(
      brokers.map(async broker => {
        if (this.busy.has(broker)) return;
        this.busy.add(broker);
        try {
          if (await this.readGroups(broker, signal)) answered++;
        } finally {
          this.busy.delete(broker);
        }
        asking(`${answered} of ${brokers.length} brokers answered`);
      }),
    );
    await this.atMost(patience, work, signal);
    await this.atMost(patience, this.readOffsets('log-end', this.topicsOfInterest(), signal), signal);
    return answered > 0 ? undefined : (this.link.stranded() ?? failed);
  };

  /** Asks the leaders of `topics` for their end or start offsets now; the answers go the way of all observations. */
  async readOffsets(
    which: 'log-end' | 'log-start',
    topics: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<void> {
    const { byLeader, leaderless } = this.leaders(topics);
    const asked = this.clock.now();
    if (leaderless.length > 0)
      this.emit({
        kind: 'offsets',
        cluster: this.cluster,
        broker: -1,
        which,
        asked,
        answered: asked,
        topics: leaderless.map(({ topic, partitions }) => unknownColumn(topic, partitions)),
        failures: [
          failure('absent', `leader of partitions on ${this.cluster}`, 'the partition has no leader'),
        ],
      });
    await Promise.all(
      [...byLeader].map(async ([broker, wanted]) => {
        const owed = this.owed.get(broker) ?? 0;
        if (owed >= mostOwed) return;
        this.owed.set(broker, owed + 1);
        const { asked, answered, answer } = await readListOffsets(this.link, broker, wanted, which, signal);
        this.owed.set(broker, (this.owed.get(broker) ?? 1) - 1);
        const columns =
          'ok' in answer
            ? answer.ok
            : {
                topics: wanted.map(w => unknownColumn(w.topic, w.partitions)),
                failures: [answer.failed],
              };
        this.emit({
          kind: 'offsets',
          cluster: this.cluster,
          broker,
          which,
          asked,
          answered,
          ...columns,
        });
        if (!('ok' in answer) || columns.failures.length > 0) this.expireMetadata();
      }),
    );
  }

  /** What was spent since the pass before this one began. */
  private count(): void {
    const { requests, bytesReceived, bytesSent } = this.link.counters();
    const spent = { requests, bytes: bytesReceived + bytesSent };
    if (this.spent !== undefined)
      this.cost = { requests: spent.requests - this.spent.requests, bytes: spent.bytes - this.spent.bytes };
    this.spent = spent;
  }

  private async readMetadata(signal: AbortSignal): Promise<Failure | undefined> {
    const { asked, answered, answer } = await readMetadata(this.link, signal);
    const seen: ClusterSeen = {
      kind: 'cluster',
      cluster: this.cluster,
      asked,
      answered,
      answer,
      ...(this.cost && { cost: this.cost }),
    };
    this.emit(seen);
    if (!('ok' in answer)) return answer.failed;
    this.metadata = {
      at: this.clock.now(),
      brokers: answer.ok.brokers.map(b => b.id),
      topics: answer.ok.topics,
    };
    return undefined;
  }

  /** Groups of one coordinator: listed, described, and what they committed. True when the broker answered. */
  private async readGroups(broker: number, signal: AbortSignal): Promise<boolean> {
    const { cluster, link } = this;
    const listed = await readListGroups(link, broker, signal);
    this.emit({ kind: 'groups', cluster, broker, ...listed });
    if (!('ok' in listed.answer)) return false;
    const groups = listed.answer.ok;
    const describe = async (ids: string[], read: typeof readClassicGroups): Promise<void> => {
      if (ids.length === 0) return;
      const seen = await read(link, broker, ids, signal);
      this.emit({ kind: 'described', cluster, broker, ...seen });
    };
    await Promise.all([
      describe(idsOf(groups, 'classic'), readClassicGroups),
      describe(idsOf(groups, 'consumer'), readConsumerGroups),
      describe(idsOf(groups, 'share'), readShareGroups),
      this.readCommitted(
        broker,
        [...idsOf(groups, 'classic', 'consumer'), ...idsOf(groups, 'consumer')],
        signal,
      ),
    ]);
    return true;
  }

  private async readCommitted(broker: number, ids: string[], signal: AbortSignal): Promise<void> {
    if (ids.length === 0) return;
    const topics = new Set<string>();
    for (const seen of await readOffsetFetch(this.link, broker, ids, signal)) {
      this.emit({ kind: 'committed', cluster: this.cluster, broker, ...seen });
      for (const group of seen.groups)
        if ('ok' in group.answer) for (const column of group.answer.ok) topics.add(column.topic);
    }
    this.consumed.set(broker, topics);
  }

  private topicsOfInterest(): ReadonlySet<string> {
    const topics = new Set<string>();
    for (const some of this.consumed.values()) for (const topic of some) topics.add(topic);
    return topics;
  }

  private leaders(topics: ReadonlySet<string>): {
    readonly byLeader: ReadonlyMap<number, readonly Wanted[]>;
    readonly leaderless: readonly Wanted[];
  } {
    const byLeader = new Map<number, { topic: string; partitions: number[] }[]>();
    for (const seen of this.metadata?.topics ?? []) {
      if (!topics.has(seen.topic)) continue;
      const local = new Map<number, number[]>();
      seen.leader.forEach((leader, partition) => {
        const key = Number.isNaN(leader) ? -1 : leader;
        const list = local.get(key);
        if (list) list.push(partition);
        else local.set(key, [partition]);
      });
      for (const [leader, partitions] of local) {
        const list = byLeader.get(leader) ?? [];
        list.push({ topic: seen.topic, partitions });
        byLeader.set(leader, list);
      }
    }
    const typed = (list: readonly { topic: string; partitions: number[] }[] = []): Wanted[] =>
      list.map(({ topic, partitions }) => ({ topic, partitions: Int32Array.from(partitions) }));
    const leaderless = typed(byLeader.get(-1));
    byLeader.delete(-1);
    return { byLeader: new Map([...byLeader].map(([leader, list]) => [leader, typed(list)])), leaderless };
  }

  /** Something says that leaders moved: the next pass asks again, but not more often than every second. */
  private expireMetadata(): void {
    if (this.metadata) this.metadata = { ...this.metadata, at: this.metadata.at - metadataEvery + 1_000 };
  }

  private async atMost(ms: Millis, work: Promise<unknown>, signal: AbortSignal): Promise<void> {
    const done = follow(signal);
    await Promise.race([work.finally(() => done.abort()), this.clock.sleep(ms, done.signal)]);
    done.release();
  }
}

/** Group ids of a type; classic groups of a protocol other than `consumer` (Connect's workers) commit nothing. */
function idsOf(groups: Listed, type: 'classic' | 'consumer' | 'share', protocolType?: string): string[] {
  return groups
    .filter(g => g.type === type)
    .filter(g => protocolType === undefined || g.protocolType === protocolType || g.protocolType === '')
    .map(g => g.group);
}

function unknownColumn(topic: string, partition: Int32Array): OffsetColumn {
  return {
    topic,
    partition,
    offset: new Float64Array(partition.length).fill(NaN),
    failure: new Uint8Array(partition.length).fill(1),
  };
}
