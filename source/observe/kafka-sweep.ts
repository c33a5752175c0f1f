import { atMost, nextTurn, type Clock, type Millis } from '../core/clock.js';
import type { Failure } from '../core/failure.js';
import type { ClusterSeen, Observation, OffsetColumn, OffsetsSeen } from '../core/observation.js';
import type { KafkaLink } from '../wire/kafka/link.js';
import { LastAnswer } from '../wire/kafka/reads/last-answer.js';
import { readEpochEnds } from '../wire/kafka/reads/leader-epochs.js';
import { readListOffsets, type WantedPartitions } from '../wire/kafka/reads/list-offsets.js';
import { readMetadata, type LastMetadata } from '../wire/kafka/reads/metadata.js';
import type { Pass } from './beat.js';
import { Consumed } from './kafka-consumed.js';
import { EpochQuestions } from './kafka-epochs.js';
import { GroupAnswers, readGroups, type GroupsRead } from './kafka-groups.js';
import { Leaders, type Led, type OffsetPlan } from './kafka-leaders.js';
import { Pace } from './kafka-pace.js';

/** Leaders and in-sync replicas change seldom; a lost leader shows itself in ListOffsets before that. */
const metadataEvery: Millis = 10_000;

/** Where passes are stretched the cluster has enough to do, and metadata waits until something shows that it is old. */
const metadataEveryWhenStretched: Millis = 60_000;

/** Something says that leaders moved: metadata is read with the next pass, but not more often than so. */
const metadataAtMostEvery: Millis = 1_000;

/**
 * How long end offsets wait for the committed ones: they are to be asked after them (lag is then never negative),
 * but one hung coordinator must not hold up what the other brokers can say.
 */
const patience: Millis = 1_000;

/** The sweep and the flows' positions may both wait for a leader; a third question to one that hangs only queues up. */
const mostOwed = 2;

/**
 * One pass over a cluster in O(brokers) requests: ListGroups to each broker (which names the coordinator), and beside it
 * Metadata now and then; committed offsets and describes to each coordinator; end offsets to each leader, as soon as the
 * committed ones and the metadata are in. A broker that still owes an answer is left out of the next pass.
 */
export class KafkaSweep {
  private brokers: readonly number[] | undefined;
  private controller = -1;
  private metadataAt: Millis = -Infinity;
  private isMetadataOld = false;
  /** Under way. */
  private metadata: Promise<Failure | undefined> | undefined;
  private readonly busy = new Set<number>();
  /** Questions for end offsets that a leader has not answered yet. */
  private readonly owed = new Map<number, number>();
  private spent: ClusterSeen['cost'];
  private cost: ClusterSeen['cost'];
  private readonly answers = new GroupAnswers();
  private readonly lastMetadata: LastMetadata = new LastAnswer();
  private readonly consumed = new Consumed();
  private readonly epochs = new EpochQuestions();
  private readonly leaders: Leaders;
  private readonly pace = new Pace();
  private isStretched = false;

  constructor(
    private readonly cluster: string,
    private readonly link: KafkaLink,
    private readonly clock: Clock,
    private readonly emit: (o: Observation) => void,
  ) {
    this.leaders = new Leaders(cluster, this.consumed.partitionsOf);
  }

  readonly pass: Pass = async ({ signal, asking }) => {
    this.count();
    let failed: Failure | undefined;
    if (this.brokers === undefined) {
      asking('Metadata');
      failed = await this.readMetadata(signal);
    }
    const { brokers } = this;
    if (brokers === undefined) return failed;
    let answered = 0;
    let metadata: Promise<unknown> | undefined;
    const described: Promise<unknown>[] = [];
    const untold: GroupsRead['tell'][] = [];
    let waitsFor = 0;
    let areEndsAsked = false;
    const groupsOf = (ids: readonly number[]): Promise<unknown> =>
      Promise.all(
        ids.map(async broker => {
          if (this.busy.has(broker)) return;
          this.busy.add(broker);
          waitsFor++;
          let rest: Promise<unknown> = Promise.resolve();
          try {
            const read = await this.readGroups(broker, signal).finally(() => waitsFor--);
            rest = read.described;
            if (read.answered) answered++;
            if (waitsFor === 0 && !areEndsAsked) untold.push(read.tell);
            else await read.tell(metadata);
          } finally {
            described.push(rest.finally(() => this.busy.delete(broker)));
          }
          asking(`${answered} of ${brokers.length} brokers answered`);
        }),
      );
    const work = [groupsOf(brokers)];
    if (this.isMetadataDue()) {
      const read = this.readMetadata(signal).then(why => (failed = why));
      metadata = this.atMost(patience, read, signal);
      work.push(metadata.then(() => groupsOf(this.knownBrokers().filter(id => !brokers.includes(id)))));
    }
    await this.atMost(patience, Promise.all(work), signal);
    areEndsAsked = true;
    const told = tellLater(untold, metadata);
    const ends = this.readOffsets('log-end', this.topics(), signal, told);
    await this.atMost(patience, Promise.all([ends, ...described]), signal);
    return answered > 0 ? undefined : (this.link.stranded() ?? failed);
  };

  /** From one pass to the next, where the user asked for `base`: it grows where a pass would take too much of it. */
  interval(base: Millis): Millis {
    const chosen = this.pace.interval(base);
    this.isStretched = chosen > base;
    return chosen;
  }

  /** The cluster's brokers; none before its metadata was read. */
  knownBrokers(): readonly number[] {
    return this.brokers ?? [];
  }

  /** The broker to put a controller's questions to; −1 where the metadata names none. */
  knownController(): number {
    return this.controller;
  }

  /** What the groups read, as far as it was seen. */
  topics(): ReadonlySet<string> {
    return this.consumed.topics();
  }

  /** The partitions of topics that have a leader, as far as the metadata was read. */
  partitionsOf(topics: readonly string[]): Led[] {
    return this.leaders.led(topics);
  }

  /**
   * Asks the leaders of `topics` for their end or start offsets now; the answers go the way of all observations, and none before
   * `before` is over.
   */
  async readOffsets(
    which: OffsetsSeen['which'],
    topics: ReadonlySet<string>,
    signal: AbortSignal,
    before?: Promise<unknown>,
  ): Promise<void> {
    const { byLeader, nobody } = this.leaders.planFor(topics);
    const answers = [...byLeader].map(([broker, wanted]) =>
      this.readOffsetsOf(broker, wanted, { which, before }, signal),
    );
    await before;
    this.tellOf(nobody, which);
    await Promise.all(answers);
  }

  /** Asks where the epochs end of which groups have committed something, of leaders that have changed since: one request each, or none. */
  async readEpochEnds(signal: AbortSignal): Promise<void> {
    const { seen } = this.leaders;
    await Promise.all(
      [...this.epochs.wanted(seen)].map(async ([broker, wanted]) => {
        const told = await readEpochEnds(this.link, broker, wanted, signal);
        this.emit({ kind: 'epoch-ends', cluster: this.cluster, broker, ...told });
        if (!('ok' in told.answer)) return;
        for (const column of told.answer.ok.topics) this.epochs.note(column, seen.get(column.topic));
      }),
    );
  }

  private async readOffsetsOf(
    broker: number,
    wanted: readonly WantedPartitions[],
    {
      which,
      before,
    }: { readonly which: OffsetsSeen['which']; readonly before: Promise<unknown> | undefined },
    signal: AbortSignal,
  ): Promise<void> {
    const { cluster } = this;
    const owed = this.owed.get(broker) ?? 0;
    if (owed >= mostOwed) return;
    this.owed.set(broker, owed + 1);
    const { asked, answered, answer } = await readListOffsets(this.link, broker, wanted, which, signal);
    this.owed.set(broker, (this.owed.get(broker) ?? 1) - 1);
    await before;
    if ('ok' in answer) {
      const { topics, failures } = answer.ok;
      // Named one by one, as wherever thousands of partitions are told of: what the engine compiles for a shape that was spread together
      // dies with it, at every collection of the heap.
      this.emit({ kind: 'offsets', cluster, broker, which, asked, answered, topics, failures });
      if (which === 'log-end') this.pace.took('ListOffsets', broker, answered - asked);
      if (answer.ok.failures.some(isOfMovedLeader)) this.isMetadataOld = true;
      return;
    }
    const topics = wanted.map(w => unknownColumn(w, 1));
    const failures = [answer.failed];
    this.emit({ kind: 'offsets', cluster, broker, which, asked, answered, topics, failures });
    this.isMetadataOld = true;
  }

  /** Partitions that nobody can be asked about are not passed over in silence. */
  private tellOf(nobody: OffsetPlan['nobody'], which: OffsetsSeen['which']): void {
    if (nobody.length === 0) return;
    const now = this.clock.now();
    const failures: Failure[] = [];
    const topics = nobody.map(({ why, ...wanted }) => {
      const known = failures.findIndex(f => f.subject === why.subject && f.detail === why.detail);
      const index = known >= 0 ? known + 1 : failures.length < 255 ? failures.push(why) : 255;
      return unknownColumn(wanted, index);
    });
    const { cluster } = this;
    this.emit({ kind: 'offsets', cluster, broker: -1, which, asked: now, answered: now, topics, failures });
  }

  /** What was spent since the pass before this one began. */
  private count(): void {
    const { requests, bytesReceived, bytesSent } = this.link.counters();
    const spent = { requests, bytes: bytesReceived + bytesSent };
    const { every } = this.pace;
    if (this.spent !== undefined)
      this.cost = {
        requests: spent.requests - this.spent.requests,
        bytes: spent.bytes - this.spent.bytes,
        seconds: this.pace.pass / 1000,
        ...(every !== undefined && { every: every / 1000 }),
      };
    this.spent = spent;
  }

  private isMetadataDue(): boolean {
    const age = this.clock.now() - this.metadataAt;
    if (this.brokers === undefined) return true;
    if (this.isMetadataOld) return age >= metadataAtMostEvery;
    return age >= (this.isStretched ? metadataEveryWhenStretched : metadataEvery);
  }

  /** Asked once, however many passes wait for it. */
  private readMetadata(signal: AbortSignal): Promise<Failure | undefined> {
    return (this.metadata ??= this.askMetadata(signal).finally(() => (this.metadata = undefined)));
  }

  private async askMetadata(signal: AbortSignal): Promise<Failure | undefined> {
    const { asked, answered, answer } = await readMetadata(this.link, signal, this.lastMetadata);
    const { cluster, cost } = this;
    this.emit({ kind: 'cluster', cluster, asked, answered, answer, ...(cost && { cost }) });
    if (!('ok' in answer)) return answer.failed;
    this.metadataAt = this.clock.now();
    this.isMetadataOld = false;
    this.brokers = answer.ok.brokers.map(b => b.id);
    this.controller = answer.ok.controller;
    this.pace.keep(this.brokers);
    this.answers.keep(this.brokers);
    this.leaders.learn(answer.ok.topics);
    return undefined;
  }

  private async readGroups(broker: number, signal: AbortSignal): Promise<GroupsRead> {
    const started = this.clock.now();
    const { answers, consumed, epochs, emit } = this;
    const read = await readGroups(this.link, broker, { answers, consumed, epochs, emit }, signal);
    if (read.answered) this.pace.took('groups', broker, this.clock.now() - started);
    return read;
  }

  private async atMost(ms: Millis, work: Promise<unknown>, signal: AbortSignal): Promise<void> {
    await atMost(this.clock, ms, work, () => undefined, signal);
  }
}

/** Once what was asked in this turn is on its way, so that the brokers work meanwhile. */
async function tellLater(
  untold: readonly GroupsRead['tell'][],
  before: Promise<unknown> | undefined,
): Promise<void> {
  await nextTurn();
  for (const tell of untold) await tell(before);
}

/** Another leader, or no such topic any more; what a user may not see does not change by looking again. */
function isOfMovedLeader({ kind }: Failure): boolean {
  return kind === 'busy' || kind === 'absent';
}

function unknownColumn({ topic, partitions }: WantedPartitions, failure: number): OffsetColumn {
  return {
    topic,
    partition: partitions,
    offset: new Float64Array(partitions.length).fill(NaN),
    failure: new Uint8Array(partitions.length).fill(failure),
  };
}
