import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../source/core/clock.js';
import type { BrokerSeen, GroupType, OffsetColumn, TopicSeen } from '../../source/core/observation.js';
import type { KafkaEndpoint } from '../../source/wire/kafka/endpoint.js';
import { openKafka, type KafkaLink } from '../../source/wire/kafka/link.js';
import { readConsumerGroups } from '../../source/wire/kafka/reads/consumer-group-describe.js';
import { readClassicGroups } from '../../source/wire/kafka/reads/describe-groups.js';
import { readListGroups } from '../../source/wire/kafka/reads/list-groups.js';
import { readListOffsets } from '../../source/wire/kafka/reads/list-offsets.js';
import { readMetadata } from '../../source/wire/kafka/reads/metadata.js';
import { readOffsetFetch } from '../../source/wire/kafka/reads/offset-fetch.js';
import { readShareGroups } from '../../source/wire/kafka/reads/share-group-describe.js';
import { failed, ok } from '../support/answers.js';

/** A cluster of three brokers with SASL, and a group of every kind at work on it. */
export type KafkaSite = {
  readonly clusterId: string;
  /** Users who may watch all, who has no ACL at all, and whose password is wrong. */
  readonly kmon: KafkaEndpoint;
  readonly nobody: KafkaEndpoint;
  readonly wrong: KafkaEndpoint;
  /** A topic that `classic` reads whole, and how many partitions it has. */
  readonly topic: string;
  readonly partitions: number;
  readonly classic: string;
  /** A KIP-848 group and a share group, with a member each, where the cluster has such; and the group of Connect's workers. */
  readonly consumer: string;
  readonly share: string;
  readonly connect: string;
  readonly stop: () => Promise<void>;
};

/** Kinds of groups that a cluster may be too old for: both came with Kafka 4. */
export type NewKind = 'KIP-848 groups' | 'share groups';

/** What kmon relies on of a cluster of Kafka ≥ 3.8; it changes nothing. What a cluster is `without` is skipped by name. */
export function kafkaContract(
  name: string,
  start: () => Promise<KafkaSite>,
  without: readonly NewKind[] = [],
): void {
  const itWith = (kind: NewKind): typeof it => it.skipIf(without.includes(kind)) as typeof it;
  describe(`Kafka as ${name} speaks it`, () => {
    let site: KafkaSite;
    let us: KafkaLink;
    let brokers: readonly BrokerSeen[];
    let topics: readonly TopicSeen[];

    beforeAll(async () => {
      site = await start();
      us = openKafka(site.kmon, { clock: systemClock });
      const seen = ok((await readMetadata(us)).answer);
      ({ brokers, topics } = seen);
      expect(seen.clusterId).toBe(site.clusterId);
      expect(brokers.map(b => b.id)).toContain(seen.controller);
    });
    afterAll(async () => {
      await us.close();
      await site.stop();
    });

    /** Where a group is coordinated, and as what it is listed. */
    const listed = async (
      group: string,
    ): Promise<{ broker: number; type: GroupType; protocolType: string; state: string }> => {
      const lists = await Promise.all(
        brokers.map(async ({ id }) =>
          ok((await readListGroups(us, id)).answer).map(g => ({ broker: id, ...g })),
        ),
      );
      const found = lists.flat().filter(g => g.group === group);
      expect(found).toHaveLength(1);
      const [only] = found;
      if (only === undefined) throw new Error(`group ${group} is not listed`);
      return only;
    };

    const elsewhere = (broker: number): number => brokers.find(b => b.id !== broker)?.id ?? -1;

    const ledBy = (broker: number): Int32Array => {
      const leaders = topics.find(t => t.topic === site.topic)?.leader ?? [];
      return Int32Array.from([...leaders.entries()].filter(([, id]) => id === broker).map(([i]) => i));
    };

    const offsets = async (which: 'log-end' | 'log-start'): Promise<Map<number, number>> => {
      const found = new Map<number, number>();
      for (const { id } of brokers) {
        const wanted = [{ topic: site.topic, partitions: ledBy(id) }];
        const { topics, failures } = ok((await readListOffsets(us, id, wanted, which)).answer);
        expect(failures).toEqual([]);
        for (const [partition, offset] of topics.flatMap(pairs)) found.set(partition, offset);
      }
      return found;
    };

    it('names its brokers, and the leader and replicas of every partition', () => {
      expect(brokers.map(b => b.id).sort()).toEqual([1, 2, 3]);
      const topic = topics.find(t => t.topic === site.topic);
      expect(topic).toMatchObject({ internal: false });
      expect(topic?.leader).toHaveLength(site.partitions);
      for (const leader of topic?.leader ?? []) expect([1, 2, 3]).toContain(leader);
      for (const replicas of topic?.replicas ?? []) expect(replicas).toBe(3);
      expect(topics.find(t => t.topic === '__consumer_offsets')?.internal).toBe(true);
    });

    it('lists each classic group at its coordinator alone, with type and state', async () => {
      expect(await listed(site.classic)).toMatchObject({
        type: 'classic',
        protocolType: 'consumer',
        state: 'Stable',
      });
      expect(await listed(site.connect)).toMatchObject({
        type: 'classic',
        protocolType: 'connect',
        state: 'Stable',
      });
    });

    itWith('KIP-848 groups')('lists a KIP-848 group as one', async () => {
      expect(await listed(site.consumer)).toMatchObject({
        type: 'consumer',
        protocolType: 'consumer',
        state: 'Stable',
      });
    });

    itWith('share groups')('lists a share group as one', async () => {
      expect(await listed(site.share)).toMatchObject({
        type: 'share',
        protocolType: 'share',
        state: 'Stable',
      });
    });

    it('describes a classic group: its members share all partitions among them', async () => {
      const { broker } = await listed(site.classic);
      const [seen] = (await readClassicGroups(us, broker, [site.classic])).groups;
      const group = seen && ok(seen.answer);
      expect(group).toMatchObject({
        state: 'Stable',
        protocolType: 'consumer',
        assignor: expect.any(String) as string,
      });
      const owned = group?.members.flatMap(m => m.assignment ?? []).filter(a => a.topic === site.topic) ?? [];
      const all = owned.flatMap(a => [...a.partitions]).sort((a, b) => a - b);
      expect(all).toEqual(Array.from({ length: site.partitions }, (_, i) => i));
    });

    itWith('KIP-848 groups')('describes a KIP-848 group with its epochs', async () => {
      const { broker } = await listed(site.consumer);
      const [seen] = (await readConsumerGroups(us, broker, [site.consumer])).groups;
      const group = seen && ok(seen.answer);
      expect(group).toMatchObject({
        state: 'Stable',
        protocolType: 'consumer',
        assignor: expect.any(String) as string,
      });
      expect(group?.epoch).toBeGreaterThan(0);
      expect(group?.assignmentEpoch).toBe(group?.epoch);
      expect(group?.members.length).toBeGreaterThan(0);
      for (const member of group?.members ?? []) expect(member.assignment?.length).toBeGreaterThan(0);
    });

    itWith('share groups')('describes a share group with its epochs', async () => {
      const { broker } = await listed(site.share);
      const [seen] = (await readShareGroups(us, broker, [site.share])).groups;
      const group = seen && ok(seen.answer);
      expect(group).toMatchObject({ state: 'Stable', protocolType: 'share' });
      expect(group?.epoch).toBeGreaterThan(0);
      expect(group?.members.length).toBeGreaterThan(0);
    });

    it('describes the group of Connect’s workers with their URLs', async () => {
      const { broker } = await listed(site.connect);
      const [seen] = (await readClassicGroups(us, broker, [site.connect])).groups;
      const members = (seen && ok(seen.answer).members) ?? [];
      expect(members.length).toBeGreaterThan(0);
      for (const member of members) expect(member.url).toMatch(/^https?:\/\//);
    });

    itWith('KIP-848 groups')('does not describe a group as what it is not', async () => {
      const classic = await listed(site.classic);
      const consumer = await listed(site.consumer);
      const [wrongKind] = (await readConsumerGroups(us, classic.broker, [site.classic])).groups;
      expect(wrongKind && failed(wrongKind.answer)).toMatchObject({
        kind: 'absent',
        detail: `GROUP_ID_NOT_FOUND: Group ${site.classic} is not a consumer group.`,
      });
      const [notClassic] = (await readClassicGroups(us, consumer.broker, [site.consumer])).groups;
      expect(notClassic && failed(notClassic.answer).kind).toBe('absent');
    });

    itWith('share groups')('does not describe another group as a share group', async () => {
      const { broker } = await listed(site.classic);
      const [notShare] = (await readShareGroups(us, broker, [site.classic])).groups;
      expect(notShare && failed(notShare.answer).kind).toBe('absent');
    });

    const unknown = {
      'KIP-848 groups': readConsumerGroups,
      'share groups': readShareGroups,
    } satisfies Record<NewKind, unknown>;
    for (const kind of without)
      it(`says that it does not know ${kind}`, async () => {
        const { broker } = await listed(site.classic);
        const [seen] = (await unknown[kind](us, broker, [site.classic])).groups;
        expect(seen && failed(seen.answer).kind).toBe('unsupported');
      });

    it('does not speak of a group at a broker that does not coordinate it', async () => {
      const { broker } = await listed(site.classic);
      const [seen] = (await readClassicGroups(us, elsewhere(broker), [site.classic])).groups;
      expect(seen && failed(seen.answer)).toMatchObject({ kind: 'busy', detail: 'NOT_COORDINATOR' });
      const [fetched] = await readOffsetFetch(us, elsewhere(broker), [site.classic]);
      expect(fetched?.groups[0] && failed(fetched.groups[0].answer)).toMatchObject({
        kind: 'busy',
        detail: 'NOT_COORDINATOR',
      });
    });

    const committedBy = async (group: string): Promise<readonly OffsetColumn[]> => {
      const { broker } = await listed(group);
      const [fetched] = await readOffsetFetch(us, broker, [group]);
      const columns = (fetched?.groups[0] && ok(fetched.groups[0].answer)) ?? [];
      expect(columns.length).toBeGreaterThan(0);
      expect(fetched?.failures).toEqual([]);
      return columns;
    };

    it('gives the committed offsets of a classic group; never beyond the log-end asked later', async () => {
      const columns = await committedBy(site.classic);
      const ends = await offsets('log-end');
      const committed = columns.filter(c => c.topic === site.topic).flatMap(pairs);
      expect(committed.length).toBeGreaterThan(0);
      for (const [partition, offset] of committed)
        expect(offset).toBeLessThanOrEqual(ends.get(partition) ?? NaN);
    });

    itWith('KIP-848 groups')('gives the committed offsets of a KIP-848 group', async () => {
      await committedBy(site.consumer);
    });

    itWith('share groups')('has no committed offsets of a share group', async () => {
      const { broker } = await listed(site.share);
      const [fetched] = await readOffsetFetch(us, broker, [site.share]);
      expect(fetched?.groups).toEqual([{ group: site.share, answer: { ok: [] } }]);
    });

    it('gives log-start and log-end of every partition at its leader', async () => {
      const starts = await offsets('log-start');
      const ends = await offsets('log-end');
      expect(ends.size).toBe(site.partitions);
      for (const [partition, end] of ends) {
        expect(starts.get(partition)).toBeGreaterThanOrEqual(0);
        expect(starts.get(partition)).toBeLessThanOrEqual(end);
      }
    });

    it('fails a partition alone: asked of another than its leader, or of a topic that is not there', async () => {
      // After a failover one broker may lead nothing, and another nearly everything.
      const id = brokers.map(b => b.id).find(b => ledBy(b).length < site.partitions) ?? -1;
      const mine = new Set(ledBy(id));
      const other = Array.from({ length: site.partitions }, (_, p) => p)
        .filter(p => !mine.has(p))
        .slice(0, 1);
      const wanted = [
        { topic: site.topic, partitions: Int32Array.of(...ledBy(id), ...other) },
        { topic: 'kmon-no-such-topic', partitions: Int32Array.of(0) },
      ];
      const { topics, failures } = ok((await readListOffsets(us, id, wanted, 'log-end')).answer);
      const reasons = topics.flatMap(t =>
        [...t.partition].map((p, i) => [t.topic, p, failures[(t.failure[i] ?? 0) - 1]?.detail] as const),
      );
      const healthy = [...ledBy(id)].map(p => [site.topic, p, undefined]);
      expect(reasons).toEqual(
        expect.arrayContaining([
          ...healthy,
          [site.topic, other[0], 'NOT_LEADER_OR_FOLLOWER'],
          ['kmon-no-such-topic', 0, 'UNKNOWN_TOPIC_OR_PARTITION'],
        ]),
      );
    });

    it('costs O(brokers) requests a sweep over open connections', async () => {
      const before = us.counters().requests;
      await readMetadata(us);
      for (const { id } of brokers) {
        const groups = ok((await readListGroups(us, id)).answer).map(g => g.group);
        await readClassicGroups(us, id, groups);
        await readOffsetFetch(us, id, groups);
        await readListOffsets(us, id, [{ topic: site.topic, partitions: ledBy(id) }], 'log-end');
      }
      expect(us.counters().requests - before).toBeLessThanOrEqual(1 + 4 * brokers.length);
    });

    it('shows an empty cluster to a user without ACLs, and refuses it the rest', async () => {
      const link = openKafka(site.nobody, { clock: systemClock });
      const seen = ok((await readMetadata(link)).answer);
      expect(seen.topics).toEqual([]);
      const [first] = seen.brokers;
      const id = first?.id ?? -1;
      expect(ok((await readListGroups(link, id)).answer)).toEqual([]);
      const wanted = [{ topic: site.topic, partitions: ledBy(id) }];
      const { failures } = ok((await readListOffsets(link, id, wanted, 'log-end')).answer);
      expect(failures).toMatchObject([{ kind: 'unauthorised', detail: 'TOPIC_AUTHORIZATION_FAILED' }]);
      const [classic] = (await readClassicGroups(link, id, [site.classic])).groups;
      const [fetched] = await readOffsetFetch(link, id, [site.classic]);
      for (const answer of [classic?.answer, fetched?.groups[0]?.answer])
        expect(answer && failed(answer).kind).toBe('unauthorised');
      await link.close();
    });

    itWith('KIP-848 groups')('refuses to describe a KIP-848 group to a user without ACLs', async () => {
      const link = openKafka(site.nobody, { clock: systemClock });
      const id = ok((await readMetadata(link)).answer).brokers[0]?.id ?? -1;
      const [consumer] = (await readConsumerGroups(link, id, [site.consumer])).groups;
      expect(consumer && failed(consumer.answer).kind).toBe('unauthorised');
      await link.close();
    });

    it('does not know a wrong password', async () => {
      const link = openKafka(site.wrong, { clock: systemClock });
      const why = failed((await readMetadata(link)).answer);
      expect(why.kind).toBe('unauthenticated');
      expect(why.detail).toContain('invalid credentials');
      await link.close();
    });

    it('hangs up on a client that does not log in', async () => {
      const link = openKafka({ ...site.kmon, security: {} }, { clock: systemClock });
      expect(failed((await readMetadata(link)).answer)).toMatchObject({
        kind: 'unauthenticated',
        detail: expect.stringContaining('SASL') as string,
      });
      await link.close();
    });
  });
}

function pairs(column: OffsetColumn): (readonly [number, number])[] {
  return [...column.partition].map((partition, i) => [partition, column.offset[i] ?? NaN] as const);
}
