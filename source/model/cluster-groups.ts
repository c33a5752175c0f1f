import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, lost, seen, unknown, type Known } from '../core/known.js';
import type {
  CommittedSeen,
  GroupDescription,
  GroupsDescribed,
  GroupsListed,
  ShareOffsetsSeen,
} from '../core/observation.js';
import type { Leaders } from './group-view.js';
import type { GroupKept } from './group-past.js';
import { Group, type Look } from './groups.js';
import type { History } from './history.js';
import type { Signs } from './rebalance-signs.js';
import type { GroupView } from './snapshot.js';
import type { TopicOffsets } from './topic-offsets.js';

export type ConnectGroupChange = {
  readonly description: GroupDescription;
  readonly signs: Signs;
};

/** The groups of one cluster, as its brokers list them: each is told by its coordinator. */
export class ClusterGroups {
  /** Those that have committed something, by topic. */
  readonly readers = new Map<string, Set<Group>>();
  private readonly groups = new Map<string, Group>();
  private readonly listings = new Map<number, Known<ReadonlySet<string>>>();

  constructor(
    private readonly cluster: string,
    private readonly history: History,
    private readonly offsets: (topic: string) => TopicOffsets | undefined,
  ) {}

  observeListing(o: GroupsListed): void {
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

  /** Makes what was read of their lag final, before offsets of topics are dropped. */
  settle(): void {
    for (const group of this.groups.values()) group.settle();
  }

  /** Brokers that are gone take their listings with them. */
  keepBrokers(ids: ReadonlySet<number>): void {
    for (const id of this.listings.keys()) if (!ids.has(id)) this.listings.delete(id);
  }

  retain(remains: (topic: string) => boolean): void {
    for (const group of this.groups.values()) group.retain(remains);
    for (const topic of this.readers.keys()) if (!remains(topic)) this.readers.delete(topic);
  }

  views(at: Millis, leaders: Leaders, look: Look): GroupView[] {
    return this.sorted().map(group => group.view(at, leaders, look));
  }

  /** In the order of the views. */
  kept(at: Millis): GroupKept[] {
    return this.sorted().map(group => group.kept(at));
  }

  /** The topics that each has committed something in. */
  topics(): { readonly id: string; readonly topics: ReturnType<Group['topicSet']> }[] {
    return [...this.groups.values()].map(g => ({ id: g.id, topics: g.topicSet() }));
  }

  /** How many there are, where all brokers listed theirs; `since`: of which time it is not known where none was asked yet. */
  listing(since: Millis): Known<number> {
    const subject = `groups of ${this.cluster}`;
    const listings = [...this.listings.values()];
    const failed = listings.filter(l => !isKnown(l));
    const count = this.groups.size;
    const first = failed[0];
    const newest = Math.max(...listings.map(l => (isKnown(l) ? l.at : l.since)));
    if (listings.length === 0) return unknown(failure('early', subject, 'not asked yet'), since);
    if (first === undefined || isKnown(first)) return seen(count, newest);
    if (failed.length === listings.length)
      return unknown(first.unknown, first.since, seen(count, first.since));
    const detail = `${failed.length} of ${listings.length} brokers did not list theirs: ${first.unknown.detail}`;
    return unknown(failure('partial', subject, detail), first.since, seen(count, first.since));
  }

  /** Whether all brokers listed theirs, and there was none. */
  get none(): boolean {
    const listings = [...this.listings.values()];
    return this.groups.size === 0 && listings.length > 0 && listings.every(isKnown);
  }

  private sorted(): Group[] {
    return [...this.groups.values()].sort(byName);
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

  private group(name: string, at: Millis): Group {
    let group = this.groups.get(name);
    if (group === undefined) {
      group = new Group(this.cluster, name, this.history, this.offsets, at);
      this.groups.set(name, group);
    }
    return group;
  }

  private drop(group: Group): void {
    this.groups.delete(group.group);
    group.dispose();
    for (const readers of this.readers.values()) readers.delete(group);
  }
}

const byName = (a: Group, b: Group): number => (a.group < b.group ? -1 : 1);
