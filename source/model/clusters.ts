import type { Millis } from '../core/clock.js';
import { failure, type Failure, type FailureKind } from '../core/failure.js';
import { isKnown, latest, lost, mapKnown, seen, unknown, type Known } from '../core/known.js';
import type {
  AclsSeen,
  Answer,
  BrokerApisSeen,
  BrokerConfigsSeen,
  BrokerSeen,
  ClusterSeen,
  CommittedSeen,
  EpochEndsSeen,
  GroupDescription,
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
import { brokerRoles, type BrokerRoles } from './broker-roles.js';
import { Disks } from './disks.js';
import type { Leaders } from './group-view.js';
import { Group, pastGroup, type GroupKept, type Look } from './groups.js';
import type { History } from './history.js';
import { LagBatch } from './lag-batch.js';
import type { MachineLoad } from './machine-loads.js';
import { hostOf, type Machine } from './machines.js';
import { unkept } from './not-kept.js';
import { once } from './once.js';
import { Holder, type Held } from './pressed.js';
import type { Signs } from './rebalance-signs.js';
import { same } from './same.js';
import type { BrokerView, ClusterView, GroupView, PreferredRole } from './snapshot.js';
import {
  configured,
  isOlder,
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

/** Failures of the whole broker rather than of an item that it was asked about. */
const brokerFailures: ReadonlySet<FailureKind> = new Set([
  'refused',
  'unreachable',
  'timeout',
  'tls',
  'unauthenticated',
]);

/** One Kafka cluster as it was observed: metadata, brokers, log ends, groups. */
export class Cluster {
  readonly groups = new Map<string, Group>();
  private metadata: Known<Metadata>;
  private topics = new Map<string, TopicFacts>();
  private keptTopics: ReadonlyMap<string, TopicFacts> = new Map();
  private readonly held = new Holder<ReadonlyMap<string, TopicFacts>>();
  private shownOffsets: ReadonlyMap<string, TopicPicture> | undefined;
  private disks = Disks.none;
  private readonly offsets = new Map<string, TopicOffsets>();
  private readonly answers = new Map<number, Known<true>>();
  /** Brokers that the metadata once named and no longer does. */
  private readonly gone = new Map<number, { readonly broker: BrokerSeen; readonly since: Millis }>();
  /** Those that nothing misses any more. */
  private readonly retired = new Set<number>();
  private readonly listings = new Map<number, Known<ReadonlySet<string>>>();
  private readonly readers = new Map<string, Set<Group>>();
  private readonly configs = new Map<number, BrokerView['config']>();
  private readonly apis = new Map<number, BrokerView['apis']>();
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
    this.noteGone(o.answer.ok, o.answered);
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
    if (read !== undefined) {
      log.note(...brokerChanges(this.name, read.brokers, answer.brokers, o.answered));
      log.note(...topicChanges(this.name, before, this.topics, o.answered));
    }
    const remains = (topic: string): boolean => isSame(before.get(topic)?.seen, this.topics.get(topic)?.seen);
    for (const group of this.groups.values()) group.settle();
    const ids = new Set(o.answer.ok.brokers.map(b => b.id));
    for (const id of this.answers.keys()) if (!ids.has(id)) this.answers.delete(id);
    for (const id of this.listings.keys()) if (!ids.has(id)) this.listings.delete(id);
    for (const id of this.configs.keys()) if (!ids.has(id)) this.configs.delete(id);
    for (const id of this.apis.keys()) if (!ids.has(id)) this.apis.delete(id);
    this.disks = this.disks.without(id => !ids.has(id));
    for (const topic of this.offsets.keys()) if (!remains(topic)) this.offsets.delete(topic);
    this.shownOffsets = undefined;
    for (const group of this.groups.values()) group.retain(remains);
    for (const topic of this.readers.keys()) if (!remains(topic)) this.readers.delete(topic);
    return remains;
  }

  readonly partitionsOf = (topic: string): number => this.topics.get(topic)?.seen.leader.length ?? 0;

  /** Who leads which partition, by the metadata of now. */
  leaders(): Leaders {
    return leadersOf(this.topics);
  }

  observeOffsets(o: OffsetsSeen): void {
    this.noteAnswer(o.broker, wholeFailure(o), o.answered);
    this.shownOffsets = undefined;
    for (const column of o.topics) {
      const offsets = this.offsetsOf(column.topic);
      if (o.which === 'log-start') {
        offsets.foldStarts(column, o.failures, o.answered);
        for (const group of this.readers.get(column.topic) ?? [])
          group.observeStarts(column.topic, o.answered);
        continue;
      }
      const fell = offsets.foldEnds(column, o.failures, o.asked, o.answered);
      if (fell.length > 0) this.amend(column.topic, facts => truncated(facts, fell, o.answered));
      const readers = this.readers.get(column.topic);
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
      for (const group of this.readers.get(topic) ?? []) group.observeCleaning();
    }
  }

  observeBrokerConfigs(o: BrokerConfigsSeen): void {
    this.configs.set(o.broker, folded(this.configs.get(o.broker), o));
  }

  /** Where epochs of former leaders end: a group may have committed beyond. */
  observeEpochEnds({ answer, answered }: EpochEndsSeen): void {
    if ('failed' in answer) return;
    for (const column of answer.ok.topics)
      for (const group of this.readers.get(column.topic) ?? []) group.observeEpochEnds(column, answered);
  }

  observeBrokerApis({ broker, ...o }: BrokerApisSeen): void {
    const before = this.apis.get(broker);
    const known = before && latest(before)?.value;
    // A broker speaks the same until it is exchanged: what is kept of the past shares it.
    const isOld = known !== undefined && 'ok' in o.answer && same(known, o.answer.ok);
    this.apis.set(broker, folded(before, isOld ? { ...o, answer: { ok: known } } : o));
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
    this.noteAnswer(o.broker, failed, o.answered);
    if ('failed' in o.answer) {
      this.listings.set(o.broker, lost(this.listings.get(o.broker), o.answer.failed, o.answered));
      for (const group of this.groups.values())
        if (group.coordinator === o.broker) group.coordinatorLost(o.answer.failed, o.answered);
      return;
    }
    const names = new Set(o.answer.ok.map(g => g.group));
    const listedBefore = this.listings.get(o.broker);
    this.listings.set(o.broker, seen(names, o.answered));
    for (const listed of o.answer.ok) {
      const isNew = listedBefore !== undefined && !this.groups.has(listed.group);
      const group = this.group(listed.group, o.answered);
      group.observeListing(listed, o.broker, o.answered);
      if (isNew) this.noteGroup(group, o.answered, { is: 'listed' });
    }
    for (const group of this.groups.values()) {
      if (group.coordinator === o.broker && !names.has(group.group)) group.unlisted(o.answered);
      if (group.unlistedSince !== undefined && this.allListedSince(group.unlistedSince)) {
        this.drop(group);
        this.noteGroup(group, o.answered, { was: 'listed' });
      }
    }
  }

  /** Returns what changed in the groups of Connect workers. */
  observeDescribed(o: GroupsDescribed): ConnectGroupChange[] {
    const changes: ConnectGroupChange[] = [];
    for (const { group: name, answer } of o.groups) {
      const group = this.groups.get(name);
      if (group === undefined) continue;
      if ('failed' in answer) group.descriptionLost(answer.failed, o.answered);
      else {
        const change = group.observeDescription(answer.ok, o.answered);
        // While they rebalance, workers do not tell their addresses, by which Connect knows its own.
        if (group.protocolType === 'connect') changes.push(change);
      }
    }
    return changes;
  }

  observeCommitted(o: CommittedSeen | ShareOffsetsSeen): void {
    for (const { group: name, answer } of o.groups) {
      const group = this.groups.get(name);
      if (group === undefined) continue;
      if (o.kind === 'committed') group.observeCommitted(answer, o.failures, o.asked, o.answered);
      else group.observeShare(answer, o.failures, o.asked, o.answered);
      for (const topic of group.topicNames()) {
        const readers = this.readers.get(topic);
        if (readers === undefined) this.readers.set(topic, new Set([group]));
        else readers.add(group);
      }
    }
  }

  /** `machine`: what metrics tell of the process of a broker on that host; `load`: what they told of it until now. */
  view(machine: MachineOf, load: (cluster: string, broker: number) => MachineLoad): ClusterView {
    const blind = this.blind();
    const around: AroundBroker = {
      at: isKnown(this.metadata) ? this.metadata.at : this.metadata.since,
      roles: this.rolesLater(),
      disks: this.disks,
      machine,
      load: broker => load(this.name, broker),
    };
    return {
      name: this.name,
      clusterId: this.clusterId,
      brokers: mapKnown(this.metadata, m => [
        ...m.brokers.map(b => this.brokerView(b, m.controller, around)),
        ...[...this.gone.values()].map(({ broker, since }) => this.goneView(broker, since, around)),
      ]),
      retired: [...this.retired],
      // Whoever may see nothing counts no partitions: none is then not a number of partitions.
      partitions: blind
        ? lost(undefined, blind, this.since)
        : mapKnown(this.metadata, m => partitionCounts(m.topics)),
      groupListing: this.groupListing(),
      quotas: this.quotas,
      acls: this.acls,
      reassignments: this.reassignments,
      ...(blind && { blind }),
      ...(this.cost && { cost: this.cost }),
    };
  }

  groupViews(at: Millis, look: Look): GroupView[] {
    const leaders = this.leaders();
    return this.sortedGroups().map(group => group.view(at, leaders, look));
  }

  private sortedGroups(): Group[] {
    return [...this.groups.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
  }

  /** What a later past needs besides the views of the same time. */
  kept(at: Millis): ClusterKept {
    return {
      topics: this.held.of(this.topicsToKeep()),
      at: latest(this.metadata)?.at ?? this.since,
      groups: this.sortedGroups().map(group => group.kept(at)),
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
    const groups = [...this.groups.values()].map(g => ({ id: g.id, topics: g.topicSet() }));
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

  /**
   * A fenced or dead broker vanishes from the metadata. It stays in view for as long as partitions miss a replica or
   * a leader: until then it is a loss, afterwards it was taken out of service.
   */
  private noteGone(now: Metadata, at: Millis): void {
    const counts = partitionCounts(now.topics);
    if (counts.underReplicated + counts.leaderless === 0) {
      for (const id of this.gone.keys()) this.retired.add(id);
      this.gone.clear();
    }
    for (const broker of latest(this.metadata)?.value.brokers ?? [])
      if (!now.brokers.some(b => b.id === broker.id) && !this.gone.has(broker.id))
        this.gone.set(broker.id, { broker, since: at });
    for (const { id } of now.brokers) {
      this.gone.delete(id);
      this.retired.delete(id);
    }
  }

  private goneView(broker: BrokerSeen, since: Millis, around: AroundBroker): BrokerView {
    const left = failure(
      'absent',
      `broker ${broker.id}`,
      'the cluster no longer counts it among its brokers',
    );
    return brokerViewOf(
      broker,
      false,
      { answers: unknown(left, since), config: unknown(left, since), apis: unknown(left, since) },
      around,
    );
  }

  private brokerView(broker: BrokerSeen, controller: number, around: AroundBroker): BrokerView {
    const early = failure('early', `broker ${broker.id}`, 'not asked yet');
    const told = {
      answers: this.answers.get(broker.id) ?? unknown<true>(early, this.since),
      config: this.configs.get(broker.id) ?? unknown(early, this.since),
      apis: this.apis.get(broker.id) ?? unknown(early, this.since),
    };
    return brokerViewOf(broker, broker.id === controller, told, around);
  }

  /** What each broker leads and holds, by what is known now. */
  private rolesLater(): AroundBroker['roles'] {
    const topics = [...this.topics.values()];
    const pictures = this.pictures();
    return once(() => brokerRoles(topics, topic => pictures.get(topic)));
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
    if (before === undefined) return newTopic(now, timing.answered, appeared);
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

  private groupListing(): Known<number> {
    const subject = `groups of ${this.name}`;
    const listings = [...this.listings.values()];
    const failed = listings.filter(l => !isKnown(l));
    const count = this.groups.size;
    const first = failed[0];
    const newest = Math.max(...listings.map(l => (isKnown(l) ? l.at : l.since)));
    if (listings.length === 0) return unknown(failure('early', subject, 'not asked yet'), this.since);
    if (first === undefined || isKnown(first)) return seen(count, newest);
    if (failed.length === listings.length)
      return unknown(first.unknown, first.since, seen(count, first.since));
    const detail = `${failed.length} of ${listings.length} brokers did not list theirs: ${first.unknown.detail}`;
    return unknown(failure('partial', subject, detail), first.since, seen(count, first.since));
  }

  /** Kafka answers a user without any ACL with an empty cluster rather than an error. */
  private blind(): Failure | undefined {
    if (!isKnown(this.metadata) || this.metadata.value.topics.length > 0 || this.groups.size > 0)
      return undefined;
    const listings = [...this.listings.values()];
    if (listings.length === 0 || !listings.every(isKnown)) return undefined;
    return failure(
      'unauthorised',
      `cluster ${this.name}`,
      'no topic and no group is visible, without an error: this user may see nothing, or the cluster is empty',
    );
  }

  /** A group may be listed by its next coordinator only after the last one ceased to: it is gone when all have said so. */
  private allListedSince(at: Millis): boolean {
    return [...this.listings.values()].every(l => isKnown(l) && l.at >= at);
  }

  private noteGroup(
    { id }: Group,
    at: Millis,
    change: { readonly was: string } | { readonly is: string },
  ): void {
    this.history.log.note({ at, kind: 'group', subject: id, what: 'group', ...change });
  }

  private noteAnswer(broker: number, failed: Failure | undefined, at: Millis): void {
    const before = this.answers.get(broker);
    const answer = failed === undefined ? { ok: true } : { failed };
    this.history.log.note(...troubleIn(this.name, `broker ${broker}`, before, answer, at));
    this.answers.set(broker, failed === undefined ? seen(true, at) : lost(before, failed, at));
  }

  private group(name: string, at: Millis): Group {
    let group = this.groups.get(name);
    if (group === undefined) {
      group = new Group(this.name, name, this.history, topic => this.offsets.get(topic), at);
      this.groups.set(name, group);
    }
    return group;
  }

  private offsetsOf(topic: string): TopicOffsets {
    let offsets = this.offsets.get(topic);
    if (offsets === undefined) this.offsets.set(topic, (offsets = new TopicOffsets()));
    return offsets;
  }

  private drop(group: Group): void {
    this.groups.delete(group.group);
    group.dispose();
    for (const readers of this.readers.values()) readers.delete(group);
  }
}

/** Of one moment, beside the views: by reference what is too much to be kept again and again. */
export type ClusterKept = {
  readonly topics: Held<ReadonlyMap<string, TopicFacts>>;
  /** When the metadata was read. */
  readonly at: Millis;
  /** In the order of the views. */
  readonly groups: readonly GroupKept[];
};

/** A cluster at a past moment: of its view, from which what is made on demand was left out. */
export function pastCluster(view: ClusterView, { topics, at }: ClusterKept): ClusterView {
  const roles = once(() => brokerRoles([...topics.value.values()], () => undefined));
  const past = (broker: BrokerView): BrokerView => {
    const role = once(() => roles().of(broker.id));
    return {
      ...broker,
      get leaders() {
        return role().leaders;
      },
      get preferred() {
        return preferredOf(roles(), broker.id, at);
      },
      arrival: { perSecond: 0, partitions: 0 },
      replicas: unkept(`replicas of broker ${broker.id}`, at),
      bytes: unkept(`bytes of broker ${broker.id}`, at),
    };
  };
  return { ...view, brokers: mapKnown(view.brokers, brokers => brokers.map(past)) };
}

/** Its groups; `views` are those of this cluster. */
export function pastGroups(views: readonly GroupView[], kept: ClusterKept, at: Millis): GroupView[] {
  const leaders = leadersOf(kept.topics.value);
  return views.map((view, i) => {
    const own = kept.groups[i];
    return own === undefined ? view : pastGroup(view, own, leaders, at);
  });
}

/** Its topics, made when they are asked for; of their offsets and disks nothing is kept. */
export function pastTopics(
  cluster: string,
  { topics, at, groups }: ClusterKept,
  views: readonly GroupView[],
  flows: Pick<TopicUse, 'readingFlows' | 'writingFlows'>,
): TopicView[] {
  const read = views.map(({ id }, i) => ({ id, topics: groups[i]?.topics.value.map(t => t.topic) ?? [] }));
  const use: TopicUse = { ...flows, groups: once(() => byTopic(read)) };
  return [...topics.value.values()].map(
    facts =>
      new SeenTopic({
        cluster,
        facts: { ...facts, at },
        offsets: undefined,
        disks: Disks.none,
        use,
        past: true,
      }),
  );
}

function leadersOf(topics: ReadonlyMap<string, TopicFacts>): Leaders {
  return (topic, partition) => {
    const leader = topics.get(topic)?.seen.leader[partition];
    return leader === undefined || Number.isNaN(leader) ? undefined : leader;
  };
}

/** The one of before where nothing changed, so that most of one metadata is shared with the last. */
function unlessSame(before: TopicSeen | undefined, now: TopicSeen): TopicSeen {
  return before !== undefined && same(before, now) ? before : now;
}

/** What was answered, or when it was lost and what it was before. */
function folded<T>(
  before: Known<T> | undefined,
  { answer, answered }: { readonly answer: Answer<T>; readonly answered: Millis },
): Known<T> {
  return 'ok' in answer ? seen(answer.ok, answered) : lost(before, answer.failed, answered);
}

/** What metrics tell of the broker `name` on a host. */
export type MachineOf = (name: string, host: string) => Machine;

type AroundBroker = {
  /** When the metadata was read. */
  readonly at: Millis;
  readonly roles: () => BrokerRoles;
  readonly disks: Disks;
  readonly machine: MachineOf;
  readonly load: (broker: number) => MachineLoad;
};

function brokerViewOf(
  { id, host, port, rack }: BrokerSeen,
  controller: boolean,
  told: Pick<BrokerView, 'answers' | 'config' | 'apis'>,
  { at, roles, disks, machine, load }: AroundBroker,
): BrokerView {
  const role = once(() => roles().of(id));
  const disk = once(() => disks.ofBroker(id));
  return {
    id,
    address: `${host}:${port}`,
    ...(rack !== undefined && { rack }),
    controller,
    ...told,
    get leaders() {
      return role().leaders;
    },
    get preferred() {
      return preferredOf(roles(), id, at);
    },
    get arrival() {
      return { perSecond: role().arrival, partitions: role().measured };
    },
    get replicas() {
      return mapKnown(disk(), d => d.replicas);
    },
    get bytes() {
      return mapKnown(disk(), d => d.bytes);
    },
    machine: machine(`broker ${id}`, hostOf(host)),
    load: load(id),
  };
}

function preferredOf(roles: BrokerRoles, broker: number, at: Millis): Known<PreferredRole> {
  if (roles.ordered) return seen(roles.of(broker).preferred, at);
  return unknown(failure('absent', 'preferred leaders', 'the order of replicas was not recorded'), at);
}

/** Ids by topic, sorted. */
export function byTopic(
  readers: readonly { readonly id: string; readonly topics: Iterable<string> }[],
): Map<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { id, topics } of readers)
    for (const topic of topics) {
      const ids = found.get(topic);
      if (ids === undefined) found.set(topic, [id]);
      else ids.push(id);
    }
  for (const ids of found.values()) ids.sort();
  return found;
}

export type ConnectGroupChange = {
  readonly description: GroupDescription;
  readonly signs: Signs;
};

/** Whether a topic is there and is the one of before; where an id is not known, the name decides. */
function isSame(before: TopicSeen | undefined, now: TopicSeen | undefined): boolean {
  if (now === undefined) return false;
  return before?.topicId === undefined || now.topicId === undefined || before.topicId === now.topicId;
}

/** The reason why a broker answered nothing of what it was asked, if it is the broker's own. */
function wholeFailure(o: OffsetsSeen): Failure | undefined {
  if (!o.topics.every(c => c.failure.every(f => f > 0))) return undefined;
  return o.failures.find(f => brokerFailures.has(f.kind));
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
