import type { Millis } from '../core/clock.js';
import { failure, type Failure } from '../core/failure.js';
import { isKnown, latest, lost, mapKnown, seen, unknown, type Known } from '../core/known.js';
import type {
  AclsSeen,
  BrokerApisSeen,
  BrokerConfigsSeen,
  ClusterSeen,
  CommittedSeen,
  EpochEndsSeen,
  GroupsDescribed,
  GroupsListed,
  LogDirsSeen,
  OffsetsSeen,
  QuotasSeen,
  ReassignmentsSeen,
  RecordsSampled,
  ShareOffsetsSeen,
  TopicConfigsSeen,
  TopicSeen,
} from '../core/observation.js';
import { BrokerRoles } from './broker-roles.js';
import type { AroundBroker, MachineOf } from './broker-views.js';
import { Brokers } from './brokers.js';
import { byTopic } from './by-topic.js';
import { ClusterGroups, type ConnectGroupChange } from './cluster-groups.js';
import { DepartedTopics } from './departed-topics.js';
import { Disks } from './disks.js';
import { folded } from './folded.js';
import type { Leaders } from './group-view.js';
import type { Look } from './groups.js';
import type { History } from './history.js';
import { LagBatch } from './lag-batch.js';
import type { MachineLoad } from './machine-loads.js';
import { hostOf } from './machines.js';
import { once } from './once.js';
import type { ClusterKept } from './past-cluster.js';
import { Holder } from './pressed.js';
import { same } from './same.js';
import type { ClusterView, GroupView } from './snapshot.js';
import {
  configured,
  isOlder,
  leadersOf,
  newTopic,
  recreated,
  seenAgain,
  truncated,
  type TopicFacts,
} from './topic-facts.js';
import { TopicOffsets, type TopicPicture } from './topic-offsets.js';
import type { PartitionSampled, TopicView } from './topic-view.js';
import { SeenTopic, type TopicUse } from './topic-views.js';
import { brokerChanges, topicChanges, troubleIn } from './topology-changes.js';

type Metadata = Extract<ClusterSeen['answer'], { readonly ok: unknown }>['ok'];

/** For one column of log ends at a time. */
const batch = new LagBatch();

/** One Kafka cluster as it was observed: metadata, brokers, log ends, groups. */
export class Cluster {
  private metadata: Known<Metadata>;
  private topics = new Map<string, TopicFacts>();
  private keptTopics: ReadonlyMap<string, TopicFacts> = new Map();
  private readonly held = new Holder<ReadonlyMap<string, TopicFacts>>();
  private shownOffsets: ReadonlyMap<string, TopicPicture> | undefined;
  private readonly departed = new DepartedTopics();
  private disks = Disks.none;
  private readonly offsets = new Map<string, TopicOffsets>();
  private readonly brokers: Brokers;
  private readonly groups: ClusterGroups;
  private quotas: ClusterView['quotas'];
  private acls: ClusterView['acls'];
  private reassignments: ClusterView['reassignments'];
  private cost: ClusterView['cost'];
  /** Samples of records by topic; an array that was shown is not changed. */
  private readonly samples = new Map<string, readonly PartitionSampled[]>();

  constructor(
    readonly name: string,
    private readonly history: History,
    at: Millis,
  ) {
    this.brokers = new Brokers(name, history.log);
    this.groups = new ClusterGroups(name, history, topic => this.offsets.get(topic));
    this.metadata = unknown(failure('early', `cluster ${name}`, 'not asked yet'), at);
    this.quotas = unknown(failure('early', `quotas of ${name}`, 'not asked yet'), at);
    this.acls = unknown(failure('early', `ACLs of ${name}`, 'not asked yet'), at);
    this.reassignments = unknown(failure('early', `reassignments of ${name}`, 'not asked yet'), at);
  }

  get clusterId(): Known<string> {
    return mapKnown(this.metadata, m => m.clusterId);
  }

  /**
   * Returns which topics are still the ones that they were, so that what is gone can be dropped; undefined where they could not be
   * read. Another topic id under the same name is another topic: offsets of the old one say nothing of it.
   */
  observeMetadata(o: ClusterSeen): ((topic: string) => boolean) | undefined {
    if (o.cost !== undefined) this.cost = o.cost;
    const { log } = this.history;
    log.note(...troubleIn(this.name, 'metadata', this.metadata, o.answer, o.answered));
    if ('failed' in o.answer) {
      this.metadata = lost(this.metadata, o.answer.failed, o.answered);
      return undefined;
    }
    const read = latest(this.metadata)?.value;
    const { leaderless, underReplicated } = partitionCounts(o.answer.ok.topics);
    const missed = underReplicated + leaderless > 0;
    this.brokers.noteGone(read?.brokers ?? [], o.answer.ok.brokers, missed, o.answered);
    const before = this.topics;
    const answer = {
      ...o.answer.ok,
      topics: o.answer.ok.topics.map(t => unlessSame(before.get(t.topic)?.seen, t)),
    };
    this.metadata = seen(answer, o.answered);
    const alive = new Set(answer.brokers.map(b => b.id));
    this.topics = new Map(
      answer.topics.map(t => [t.topic, this.factsOf(before.get(t.topic), t, o, alive, read !== undefined)]),
    );
    const gone = [...before.values()].map(t => t.seen).filter(t => !this.topics.has(t.topic));
    this.departed.note(gone, o.answered);
    if (read !== undefined) {
      log.note(...brokerChanges(this.name, read.brokers, answer.brokers, o.answered));
      log.note(...topicChanges(this.name, before, this.topics, gone, o.answered));
    }
    const remains = (topic: string): boolean => isSame(before.get(topic)?.seen, this.topics.get(topic)?.seen);
    this.groups.settle();
    const ids = new Set(o.answer.ok.brokers.map(b => b.id));
    this.brokers.keep(ids);
    this.groups.keepBrokers(ids);
    this.disks = this.disks.without(id => !ids.has(id));
    for (const topic of this.offsets.keys()) if (!remains(topic)) this.offsets.delete(topic);
    this.shownOffsets = undefined;
    this.groups.retain(remains);
    return remains;
  }

  readonly partitionsOf = (topic: string): number => this.topics.get(topic)?.seen.leader.length ?? 0;

  /** Who leads which partition, by the metadata of now. */
  leaders(): Leaders {
    return leadersOf(this.topics);
  }

  observeOffsets(o: OffsetsSeen): void {
    this.brokers.observeOffsets(o);
    this.shownOffsets = undefined;
    const readersOf = this.groups.readers;
    for (const column of o.topics) {
      const offsets = this.offsetsOf(column.topic);
      if (o.which === 'log-start') {
        offsets.foldStarts(column, o.failures, o.answered);
        for (const group of readersOf.get(column.topic) ?? []) group.observeStarts(column.topic, o.answered);
        continue;
      }
      const fell = offsets.foldEnds(column, o.failures, o.asked, o.answered);
      if (fell.length > 0) this.amend(column.topic, facts => truncated(facts, fell, o.answered));
      const readers = readersOf.get(column.topic);
      if (readers === undefined) continue;
      offsets.tell(column.partition, batch);
      for (const group of readers) group.observeEnds(batch, offsets, column.topic, o.answered);
    }
  }

  observeLogDirs(o: LogDirsSeen): void {
    this.disks = this.disks.with(o);
  }

  /** A topic whose configuration could not be read is what it was. */
  observeConfigs(o: TopicConfigsSeen): void {
    for (const { topic, answer } of o.topics) {
      this.amend(topic, facts => configured(facts, answer, o.answered));
      if ('failed' in answer) continue;
      const policy = answer.ok.values['cleanup.policy'];
      if (policy === undefined) continue;
      this.shownOffsets = undefined;
      this.offsetsOf(topic).compacted = policy.split(',').every(way => way.trim() === 'compact');
      for (const group of this.groups.readers.get(topic) ?? []) group.observeCleaning();
    }
  }

  observeBrokerConfigs(o: BrokerConfigsSeen): void {
    this.brokers.observeConfigs(o);
  }

  /** Where epochs of former leaders end: a group may have committed beyond. */
  observeEpochEnds({ answer, answered }: EpochEndsSeen): void {
    if ('failed' in answer) return;
    for (const column of answer.ok.topics)
      for (const group of this.groups.readers.get(column.topic) ?? [])
        group.observeEpochEnds(column, answered);
  }

  observeBrokerApis(o: BrokerApisSeen): void {
    this.brokers.observeApis(o);
  }

  observeQuotas(o: QuotasSeen): void {
    this.quotas = folded(this.quotas, o);
  }

  observeAcls(o: AclsSeen): void {
    this.acls = folded(this.acls, o);
  }

  observeReassignments(o: ReassignmentsSeen): void {
    this.reassignments = folded(this.reassignments, o);
  }

  observeRecords({ topic, partition, ...o }: RecordsSampled): void {
    const others = this.samples.get(topic) ?? [];
    const before = others.find(other => other.partition === partition);
    const now = { partition, sample: folded(before?.sample, o) };
    const all = [...others.filter(other => other !== before), now];
    this.samples.set(
      topic,
      all.sort((a, b) => a.partition - b.partition),
    );
  }

  observeListing(o: GroupsListed): void {
    const failed = 'failed' in o.answer ? o.answer.failed : undefined;
    this.brokers.noteAnswer(o.broker, failed, o.answered);
    this.groups.observeListing(o);
  }

  /** Returns what changed in the groups of Connect workers. */
  observeDescribed(o: GroupsDescribed): ConnectGroupChange[] {
    return this.groups.observeDescribed(o);
  }

  observeCommitted(o: CommittedSeen | ShareOffsetsSeen): void {
    this.groups.observeCommitted(o);
  }

  /** `machine`: what metrics tell of the process of a broker on that host; `load`: what they told of it until now. */
  view(machine: MachineOf, load: (cluster: string, broker: number) => MachineLoad): ClusterView {
    const blind = this.blind();
    const around: AroundBroker = {
      at: this.since,
      roles: this.rolesLater(),
      disks: this.disks,
      machine,
      load: broker => load(this.name, broker),
    };
    return {
      name: this.name,
      clusterId: this.clusterId,
      brokers: mapKnown(this.metadata, m => this.brokers.views(m.brokers, m.controller, around)),
      retired: this.brokers.retiredIds(),
      // Whoever may see nothing counts no partitions: none is then not a number of partitions.
      partitions: blind
        ? lost(undefined, blind, this.since)
        : mapKnown(this.metadata, m => partitionCounts(m.topics)),
      groupListing: this.groups.listing(this.since),
      quotas: this.quotas,
      acls: this.acls,
      reassignments: this.reassignments,
      ...(blind && { blind }),
      ...(this.cost && { cost: this.cost }),
    };
  }

  groupViews(at: Millis, look: Look): GroupView[] {
    return this.groups.views(at, this.leaders(), look);
  }

  /** What a later past needs besides the views of the same time. */
  kept(at: Millis): ClusterKept {
    return {
      topics: this.held.of(this.topicsToKeep()),
      at: latest(this.metadata)?.at ?? this.since,
      groups: this.groups.kept(at),
    };
  }

  /** Facts of before where only their times are others, and the same map where that is so of all. */
  private topicsToKeep(): ReadonlyMap<string, TopicFacts> {
    const before = this.keptTopics;
    const now = new Map(
      [...this.topics].map(([topic, facts]) => {
        const was = before.get(topic);
        return [topic, was !== undefined && isOlder(was, facts) ? was : facts];
      }),
    );
    const isOther =
      now.size !== before.size || [...now].some(([topic, facts]) => before.get(topic) !== facts);
    return (this.keptTopics = isOther ? now : before);
  }

  /** Its brokers with their hosts. */
  brokerHosts(): readonly { readonly id: number; readonly host: string }[] {
    return (latest(this.metadata)?.value.brokers ?? []).map(({ id, host }) => ({ id, host: hostOf(host) }));
  }

  /** Topics as they are now, made when they are asked for; `flows` are those that read or write topics of this cluster. */
  topicsLater(flows: Pick<TopicUse, 'readingFlows' | 'writingFlows'>): () => readonly TopicView[] {
    const facts = [...this.topics.values()];
    const pictures = this.pictures();
    const { name: cluster, disks } = this;
    const samples = new Map(this.samples);
    const groups = this.groups.topics();
    const use: TopicUse = { ...flows, groups: once(() => byTopic(groups)) };
    return once(() =>
      facts.map(f => {
        const { topic } = f.seen;
        const sampled = samples.get(topic);
        const offsets = pictures.get(topic);
        return new SeenTopic({ cluster, facts: f, offsets, disks, use, ...(sampled && { sampled }) });
      }),
    );
  }

  /** What each broker leads and holds, by what is known now. */
  private rolesLater(): AroundBroker['roles'] {
    const topics = [...this.topics.values()];
    const pictures = this.pictures();
    return once(() => new BrokerRoles(topics, topic => pictures.get(topic)));
  }

  /** One map for all who look before offsets are read again. */
  private pictures(): ReadonlyMap<string, TopicPicture> {
    return (this.shownOffsets ??= new Map(
      [...this.offsets].map(([topic, offsets]) => [topic, offsets.picture()]),
    ));
  }

  private factsOf(
    before: TopicFacts | undefined,
    now: TopicSeen,
    timing: ClusterSeen,
    alive: ReadonlySet<number>,
    appeared: boolean,
  ): TopicFacts {
    if (before === undefined)
      return this.departed.knewAnother(now)
        ? recreated(now, timing.answered)
        : newTopic(now, timing.answered, appeared);
    if (!isSame(before.seen, now)) return recreated(now, timing.answered);
    const offsets = this.offsets.get(now.topic);
    return seenAgain(before, now, timing, p => offsets?.end(p) ?? NaN, alive);
  }

  private amend(topic: string, how: (facts: TopicFacts) => TopicFacts): void {
    const facts = this.topics.get(topic);
    if (facts !== undefined) this.topics.set(topic, how(facts));
  }

  private get since(): Millis {
    return isKnown(this.metadata) ? this.metadata.at : this.metadata.since;
  }

  /** Kafka answers a user without any ACL with an empty cluster rather than an error. */
  private blind(): Failure | undefined {
    if (!isKnown(this.metadata) || this.metadata.value.topics.length > 0 || !this.groups.none)
      return undefined;
    return failure(
      'unauthorised',
      `cluster ${this.name}`,
      'no topic and no group is visible, without an error: this user may see nothing, or the cluster is empty',
    );
  }

  private offsetsOf(topic: string): TopicOffsets {
    let offsets = this.offsets.get(topic);
    if (offsets === undefined) this.offsets.set(topic, (offsets = new TopicOffsets()));
    return offsets;
  }
}

/** The one of before where nothing changed, so that most of one metadata is shared with the last. */
function unlessSame(before: TopicSeen | undefined, now: TopicSeen): TopicSeen {
  return before !== undefined && same(before, now) ? before : now;
}

/** Whether a topic is there and is the one of before; where an id is not known, the name decides. */
function isSame(before: TopicSeen | undefined, now: TopicSeen | undefined): boolean {
  if (now === undefined) return false;
  return before?.topicId === undefined || now.topicId === undefined || before.topicId === now.topicId;
}

function partitionCounts(topics: readonly TopicSeen[]): {
  total: number;
  leaderless: number;
  underReplicated: number;
  unknown: number;
} {
  const counts = { total: 0, leaderless: 0, underReplicated: 0, unknown: 0 };
  for (const { leader, replicas, inSync } of topics)
    for (let p = 0; p < leader.length; p++) {
      const led = leader[p] ?? NaN;
      counts.total++;
      if (Number.isNaN(led)) counts.unknown++;
      else if (led === -1) counts.leaderless++;
      if ((inSync[p] ?? NaN) < (replicas[p] ?? NaN)) counts.underReplicated++;
    }
  return counts;
}
