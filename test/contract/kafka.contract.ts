import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../source/core/clock.js';
import { seen } from '../../source/core/known.js';
import type {
  ApisOffered,
  BrokerSeen,
  GroupType,
  OffsetColumn,
  TopicSeen,
} from '../../source/core/observation.js';
import { alike, versionsOf } from '../../source/model/broker-apis.js';
import { inSyncOf } from '../../source/model/in-sync.js';
import type { KafkaEndpoint } from '../../source/wire/kafka/endpoint.js';
import { openKafka, type KafkaLink } from '../../source/wire/kafka/link.js';
import { readAcls } from '../../source/wire/kafka/reads/acls.js';
import { readBrokerApis } from '../../source/wire/kafka/reads/broker-apis.js';
import { readBrokerConfigs } from '../../source/wire/kafka/reads/broker-configs.js';
import { readClientQuotas } from '../../source/wire/kafka/reads/client-quotas.js';
import { readConsumerGroups } from '../../source/wire/kafka/reads/consumer-group-describe.js';
import { readClassicGroups } from '../../source/wire/kafka/reads/describe-groups.js';
import { readListGroups } from '../../source/wire/kafka/reads/list-groups.js';
import { readEpochEnds } from '../../source/wire/kafka/reads/leader-epochs.js';
import { readListOffsets, readOffsetsAt } from '../../source/wire/kafka/reads/list-offsets.js';
import { readLogDirs } from '../../source/wire/kafka/reads/log-dirs.js';
import { readMetadata } from '../../source/wire/kafka/reads/metadata.js';
import { readOffsetFetch } from '../../source/wire/kafka/reads/offset-fetch.js';
import { readRecordSample } from '../../source/wire/kafka/reads/record-sample.js';
import { readProducers } from '../../source/wire/kafka/reads/producers.js';
import { readReassignments } from '../../source/wire/kafka/reads/reassignments.js';
import { readShareGroupOffsets } from '../../source/wire/kafka/reads/share-group-offsets.js';
import { readTopicConfigs } from '../../source/wire/kafka/reads/topic-configs.js';
import { readShareGroups } from '../../source/wire/kafka/reads/share-group-describe.js';
import { readStreamsGroups } from '../../source/wire/kafka/reads/streams-group-describe.js';
import { failed, ok } from '../support/answers.js';

/** A cluster of three brokers with SASL, and a group of every kind at work on it. */
export type KafkaSite = {
  readonly clusterId: string;
  /** Users who may watch all, who has no ACL at all, and whose password is wrong. */
  readonly kmon: KafkaEndpoint;
  readonly nobody: KafkaEndpoint;
  readonly wrong: KafkaEndpoint;
  /** Who may read the records of `topic`, beyond watching. */
  readonly reader: KafkaEndpoint;
  /** A topic that `classic` reads whole, and how many partitions it has. */
  readonly topic: string;
  readonly partitions: number;
  readonly classic: string;
  /** Topics of one partition whose `compression.type` is this codec, that `reader` may read, and how many records they hold. */
  readonly packed: readonly { readonly codec: string; readonly topic: string; readonly records: number }[];
  /**
   * Of each other kind a group with a member, where the cluster has such: KIP-848, share, streams (KIP-1071); and the group of Connect's
   * workers.
   */
  readonly consumer: string;
  readonly share: string;
  readonly streams: StreamsAtWork;
  readonly connect: string;
  readonly stop: () => Promise<void>;
};

/** A streams group of two members that has read and committed all that there is. */
export type StreamsAtWork = {
  readonly group: string;
  /** The topic that it reads, and the one of its own through which one of its subtopologies reads what the other wrote. */
  readonly topic: string;
  readonly repartition: string;
  /** Of either. */
  readonly partitions: number;
};

const nothing: ApisOffered = { key: new Int32Array(), oldest: new Int32Array(), newest: new Int32Array() };

/** Kinds of groups that a cluster may be too old for: all came with Kafka 4. */
export type NewKind = 'KIP-848 groups' | 'share groups' | 'streams groups';

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

    const ledBy = (broker: number, topic = site.topic): Int32Array => {
      const leaders = topics.find(t => t.topic === topic)?.leader ?? [];
      return Int32Array.from([...leaders.entries()].filter(([, id]) => id === broker).map(([i]) => i));
    };

    const offsets = async (
      which: 'log-end' | 'log-start',
      topic = site.topic,
    ): Promise<Map<number, number>> => {
      const found = new Map<number, number>();
      for (const { id } of brokers) {
        const wanted = [{ topic, partitions: ledBy(id, topic) }];
        const { topics, failures } = ok((await readListOffsets(us, id, wanted, which)).answer);
        expect(failures).toEqual([]);
        for (const [partition, offset] of topics.flatMap(pairs)) found.set(partition, offset);
      }
      return found;
    };

    it('names its brokers, and the leader and replicas of every partition', () => {
      expect(brokers.map(b => b.id).sort()).toEqual([1, 2, 3]);
      const topic = topics.find(t => t.topic === site.topic);
      expect(topic).toMatchObject({
        internal: false,
        topicId: expect.stringMatching(/^[\w-]{22}$/) as string,
      });
      for (const epoch of topic?.leaderEpoch ?? [NaN]) expect(epoch).toBeGreaterThanOrEqual(0);
      expect(topic?.leader).toHaveLength(site.partitions);
      for (const leader of topic?.leader ?? []) expect([1, 2, 3]).toContain(leader);
      for (const replicas of topic?.replicas ?? []) expect(replicas).toBe(3);
      expect(topic?.preferred).toHaveLength(site.partitions);
      for (const preferred of topic?.preferred ?? []) expect([1, 2, 3]).toContain(preferred);
      // Whoever leads is in sync.
      for (const [p, leader] of topic?.leader.entries() ?? [])
        expect([...(topic ? inSyncOf(topic, p) : [])]).toContain(leader);
      expect(topic?.inSyncIds).toHaveLength(topic?.inSync.reduce((a, b) => a + b, 0) ?? NaN);
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

    itWith('streams groups')('lists a streams group as one', async () => {
      expect(await listed(site.streams.group)).toMatchObject({
        type: 'streams',
        protocolType: 'streams',
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
      for (const member of group?.members ?? []) {
        expect(member.assignment?.length).toBeGreaterThan(0);
        expect(member.target?.length).toBeGreaterThan(0);
      }
    });

    itWith('share groups')('describes a share group with its epochs', async () => {
      const { broker } = await listed(site.share);
      const [seen] = (await readShareGroups(us, broker, [site.share])).groups;
      const group = seen && ok(seen.answer);
      expect(group).toMatchObject({ state: 'Stable', protocolType: 'share' });
      expect(group?.epoch).toBeGreaterThan(0);
      expect(group?.members.length).toBeGreaterThan(0);
    });

    itWith('streams groups')(
      'describes a streams group with its epochs: its members share the partitions of all that it reads',
      async () => {
        const { group: name, topic, repartition, partitions } = site.streams;
        const { broker } = await listed(name);
        const [seen] = (await readStreamsGroups(us, broker, [name])).groups;
        const group = seen && ok(seen.answer);
        expect(group).toMatchObject({ state: 'Stable', protocolType: 'streams' });
        expect(group?.epoch).toBeGreaterThan(0);
        expect(group?.assignmentEpoch).toBe(group?.epoch);
        const members = group?.members ?? [];
        expect(members).toHaveLength(2);
        for (const member of members) {
          expect(member.epoch).toBe(group?.epoch);
          expect(member.clientId).not.toBe('');
          expect(member.host).toMatch(/^[\d.]+$/);
          expect(member.target).toEqual(member.assignment);
        }
        // What a subtopology reads of the group's own topics is told apart from what it reads of others'.
        for (const read of [topic, repartition]) {
          const shares = members.map(m => m.assignment?.filter(a => a.topic === read) ?? []);
          for (const share of shares) expect(share).toHaveLength(1);
          const owned = shares.flat().flatMap(a => [...a.partitions]);
          expect(owned.sort((a, b) => a - b)).toEqual(Array.from({ length: partitions }, (_, i) => i));
        }
      },
    );

    itWith('share groups')(
      'says where a share group has come to, and how much it still has to do',
      async () => {
        const { broker } = await listed(site.share);
        const { groups, failures } = await readShareGroupOffsets(us, broker, [site.share]);
        expect(failures).toEqual([]);
        const columns = (groups[0] && ok(groups[0].answer)) ?? [];
        expect(columns.length).toBeGreaterThan(0);
        for (const { offset, lag } of columns) {
          for (const start of offset) expect(start).toBeGreaterThanOrEqual(0);
          for (const left of lag ?? []) expect(left).toBeGreaterThanOrEqual(0);
          expect(lag).toHaveLength(offset.length);
        }
      },
    );

    it('gives the configuration of a topic, and says which topic is not there', async () => {
      const [first] = brokers;
      const { topics } = await readTopicConfigs(us, first?.id ?? -1, [site.topic, 'kmon-no-such-topic']);
      const values = topics[0] && ok(topics[0].answer).values;
      expect(values?.['cleanup.policy']).toBe('delete');
      expect(Number(values?.['retention.ms'])).toBeGreaterThan(0);
      expect(Number(values?.['min.insync.replicas'])).toBeGreaterThan(0);
      expect(topics[1] && failed(topics[1].answer).kind).toBe('absent');
    });

    it('gives the configuration of a broker, told by itself', async () => {
      for (const { id } of brokers) {
        const values = ok((await readBrokerConfigs(us, id)).answer);
        expect(Number(values['min.insync.replicas'])).toBeGreaterThan(0);
        expect(Number(values['offsets.retention.minutes'])).toBeGreaterThan(0);
        expect(values['unclean.leader.election.enable']).toMatch(/^(true|false)$/);
      }
    });

    it('tells in which versions each broker speaks, all of them the same', async () => {
      const offered = await Promise.all(brokers.map(async b => ok((await readBrokerApis(us, b.id)).answer)));
      for (const apis of offered) {
        const rising = [...apis.key].sort((a, b) => a - b);
        expect([...apis.key]).toEqual(rising);
        // Produce and Fetch in versions that both Kafka 3 and 4 speak (KIP-896 took away what is older).
        for (const [key, version] of [
          [0, 3],
          [1, 4],
        ] as const) {
          expect(versionsOf(apis, key)?.oldest).toBeLessThanOrEqual(version);
          expect(versionsOf(apis, key)?.newest).toBeGreaterThanOrEqual(version);
        }
      }
      const sets = alike(brokers.map(({ id }, i) => ({ id, apis: seen(offered[i] ?? nothing, 0) })));
      expect(sets.map(s => s.brokers)).toEqual([brokers.map(b => b.id)]);
    });

    it('knows the quotas, the ACLs and the reassignments under way, whichever broker is asked', async () => {
      for (const { id } of brokers) {
        for (const { limits } of ok((await readClientQuotas(us, id)).answer))
          for (const limit of Object.values(limits)) expect(limit).toBeGreaterThan(0);
        const { acls, left } = ok((await readAcls(us, id)).answer);
        expect(left).toBe(0);
        expect(acls).toContainEqual({
          on: 'cluster',
          name: 'kafka-cluster',
          pattern: 'literal',
          principal: 'User:kmon',
          host: '*',
          operation: 'Describe',
          permission: 'allow',
        });
        expect(ok((await readReassignments(us, id)).answer)).toEqual([]);
      }
    });

    const leader = (): number => brokers.map(b => b.id).find(id => ledBy(id).length > 0) ?? -1;

    it('finds records by their time, and the newest', async () => {
      const [id, partitions] = [leader(), ledBy(leader())];
      const wanted = [{ topic: site.topic, partitions }];
      const starts = await offsets('log-start');
      const first = ok((await readOffsetsAt(us, id, wanted, 0)).answer);
      // While records are written the newest may not be in all replicas yet: then the broker tells of none, now of one partition, now of another.
      const newest = new Map<number, { readonly offset: number; readonly timestamp: number }>();
      const readNewest = async (): Promise<number> => {
        const { topics: columns, failures } = ok((await readOffsetsAt(us, id, wanted, 'newest')).answer);
        expect(failures).toEqual([]);
        for (const { partition, offset, timestamp } of columns)
          for (const [i, p] of partition.entries())
            if (!Number.isNaN(offset[i]))
              newest.set(p, { offset: offset[i] ?? NaN, timestamp: timestamp[i] ?? NaN });
        return newest.size;
      };
      await expect.poll(readNewest, { timeout: 20_000, interval: 10 }).toBe(partitions.length);
      const never = ok((await readOffsetsAt(us, id, wanted, 4_000_000_000_000)).answer);
      const ends = await offsets('log-end');
      expect([first, never].flatMap(a => a.failures)).toEqual([]);
      const of = (a: typeof first): OffsetColumn & { readonly timestamp: Float64Array } => {
        const [column] = a.topics;
        if (column === undefined) throw new Error('no column');
        return column;
      };
      for (const [i, partition] of [...of(first).partition].entries()) {
        expect(of(first).offset[i]).toBeGreaterThanOrEqual(starts.get(partition) ?? NaN);
        expect(of(first).timestamp[i]).toBeGreaterThan(1_500_000_000_000);
        expect(newest.get(partition)?.offset).toBeLessThan(ends.get(partition) ?? NaN);
        expect(newest.get(partition)?.timestamp).toBeGreaterThanOrEqual(of(first).timestamp[i] ?? NaN);
        expect(of(never).offset[i]).toBeNaN();
      }
    });

    it('says where the records of an epoch end: those of the present leader where its log does', async () => {
      const [id, partitions] = [leader(), ledBy(leader())];
      const epochs = topics.find(t => t.topic === site.topic)?.leaderEpoch ?? [];
      const wanted = [
        { topic: site.topic, partitions, epochs: Int32Array.from(partitions, p => epochs[p] ?? -1) },
      ];
      const before = await offsets('log-end');
      const seen = ok((await readEpochEnds(us, id, wanted)).answer);
      expect(seen.failures).toEqual([]);
      const told = seen.topics.flatMap(pairs);
      expect(told.map(([partition]) => partition)).toEqual([...partitions]);
      for (const [partition, end] of told) expect(end).toBeGreaterThanOrEqual(before.get(partition) ?? NaN);
      // The log of the leader may end above the high watermark, which gets there as soon as the followers have read on.
      await expect
        .poll(() => offsets('log-end'), { timeout: 20_000 })
        .toSatisfy((ends: typeof before) =>
          told.every(([partition, end]) => end <= (ends.get(partition) ?? NaN)),
        );
    });

    it('does not tell who writes to a topic to one who may only describe it', async () => {
      const wanted = [{ topic: site.topic, partitions: ledBy(leader()) }];
      for (const { answer } of (await readProducers(us, leader(), wanted)).partitions)
        expect(failed(answer)).toMatchObject({ kind: 'unauthorised' });
    });

    it('samples the newest records of a partition for one who may read them, and for nobody else', async () => {
      const [partition = 0] = ledBy(leader());
      const wanted = [{ topic: site.topic, partitions: Int32Array.of(partition) }];
      const ends = ok((await readListOffsets(us, leader(), wanted, 'log-end')).answer);
      const end = ends.topics[0]?.offset[0] ?? NaN;
      const { topic, partitions } = site;
      const asked = { topic, partition, partitions, from: end - 50, maxBytes: 1 << 20 };
      expect(failed((await readRecordSample(us, leader(), asked)).answer)).toMatchObject({
        kind: 'unauthorised',
      });

      const reader = openKafka(site.reader, { clock: systemClock });
      await readMetadata(reader);
      // An answer ends at the latest where a segment of the log does: the next one goes on from there.
      let from = end - 50;
      while (from < end) {
        const sample = ok((await readRecordSample(reader, leader(), { ...asked, from })).answer);
        expect(sample.from).toBe(from);
        expect(sample.records).toBeGreaterThan(0);
        expect(sample.to - sample.from + 1).toBe(sample.records);
        expect(sample.distinct).toBeGreaterThan(0);
        // Its keys lie where the default partitioner of the Java client puts them.
        expect(sample.elsewhere).toBe(0);
        from = sample.to + 1;
      }
      await reader.close();
    });

    it('samples what Kafka packed with snappy, lz4 and gzip', async () => {
      expect(site.packed.map(p => p.codec)).toEqual(expect.arrayContaining(['snappy', 'lz4']));
      const reader = openKafka(site.reader, { clock: systemClock });
      await readMetadata(reader);
      for (const { codec, topic, records } of site.packed) {
        const [config] = (await readTopicConfigs(us, leader(), [topic])).topics;
        expect(config && ok(config.answer).values['compression.type']).toBe(codec);
        const [led = -1] = topics.find(t => t.topic === topic)?.leader ?? [];
        const end = ok(
          (await readListOffsets(us, led, [{ topic, partitions: Int32Array.of(0) }], 'log-end')).answer,
        );
        const from = (end.topics[0]?.offset[0] ?? NaN) - records;
        const asked = { topic, partition: 0, partitions: 1, from, maxBytes: 1 << 20 };
        const sample = ok((await readRecordSample(reader, led, asked)).answer);
        expect(sample).toMatchObject({ from, to: from + records - 1, records, unread: {}, unkeyed: 0 });
        expect(sample.distinct).toBeGreaterThan(1);
      }
      await reader.close();
    });

    it('tells how much a topic takes on the disks of a broker', async () => {
      const [first] = brokers;
      const { answer, failures } = await readLogDirs(us, first?.id ?? -1);
      expect(failures).toBeUndefined();
      const topic = ok(answer).find(t => t.topic === site.topic);
      expect([...(topic?.partition ?? [])].sort((a, b) => a - b)).toEqual(
        Array.from({ length: site.partitions }, (_, i) => i),
      );
      for (const size of topic?.size ?? []) expect(size).toBeGreaterThan(0);
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

    itWith('streams groups')(
      'describes a streams group as nothing else, and nothing else as one',
      async () => {
        const { group } = site.streams;
        const { broker } = await listed(group);
        for (const [describe, kind] of [
          [readConsumerGroups, 'consumer'],
          [readShareGroups, 'share'],
        ] as const) {
          const [seen] = (await describe(us, broker, [group])).groups;
          expect(seen && failed(seen.answer)).toMatchObject({
            kind: 'absent',
            detail: `GROUP_ID_NOT_FOUND: Group ${group} is not a ${kind} group.`,
          });
        }
        const [notClassic] = (await readClassicGroups(us, broker, [group])).groups;
        expect(notClassic && failed(notClassic.answer).kind).toBe('absent');
        const [noStarts] = (await readShareGroupOffsets(us, broker, [group])).groups;
        expect(noStarts).toEqual({ group, answer: { ok: [] } });
        const classic = await listed(site.classic);
        const [notStreams] = (await readStreamsGroups(us, classic.broker, [site.classic])).groups;
        expect(notStreams && failed(notStreams.answer)).toMatchObject({
          kind: 'absent',
          detail: `GROUP_ID_NOT_FOUND: Group ${site.classic} is not a streams group.`,
        });
      },
    );

    itWith('streams groups')(
      'does not describe a streams group at a broker that does not coordinate it',
      async () => {
        const { group } = site.streams;
        const { broker } = await listed(group);
        const [seen] = (await readStreamsGroups(us, elsewhere(broker), [group])).groups;
        expect(seen && failed(seen.answer)).toMatchObject({ kind: 'busy', detail: 'NOT_COORDINATOR' });
      },
    );

    const unknown = {
      'KIP-848 groups': readConsumerGroups,
      'share groups': readShareGroups,
      'streams groups': readStreamsGroups,
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

    itWith('streams groups')(
      'gives the committed offsets of a streams group, in its own topics too: at the log-end, and so without lag',
      async () => {
        const { group, topic, repartition, partitions } = site.streams;
        const columns = await committedBy(group);
        expect(columns.map(c => c.topic).sort()).toEqual([topic, repartition].sort());
        for (const column of columns) {
          expect(column.partition).toHaveLength(partitions);
          const ends = await offsets('log-end', column.topic);
          for (const [partition, offset] of pairs(column)) {
            expect(offset).toBeGreaterThan(0);
            expect((ends.get(partition) ?? NaN) - offset, `lag of ${column.topic}-${partition}`).toBe(0);
          }
        }
      },
    );

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
      const [configs] = (await readTopicConfigs(link, id, [site.topic])).topics;
      const disks = (await readLogDirs(link, id)).answer;
      const ofTheCluster = [
        await readClientQuotas(link, id),
        await readAcls(link, id),
        await readReassignments(link, id),
        await readBrokerConfigs(link, id),
      ].map(seen => seen.answer);
      for (const answer of [
        classic?.answer,
        fetched?.groups[0]?.answer,
        configs?.answer,
        disks,
        ...ofTheCluster,
      ])
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

    itWith('share groups')('hides how far a share group has come from a user without ACLs', async () => {
      const link = openKafka(site.nobody, { clock: systemClock });
      const id = ok((await readMetadata(link)).answer).brokers[0]?.id ?? -1;
      const [shared] = (await readShareGroupOffsets(link, id, [site.share])).groups;
      expect(shared && failed(shared.answer).kind).toBe('unauthorised');
      await link.close();
    });

    itWith('streams groups')('refuses to describe a streams group to a user without ACLs', async () => {
      const link = openKafka(site.nobody, { clock: systemClock });
      const id = ok((await readMetadata(link)).answer).brokers[0]?.id ?? -1;
      const [streams] = (await readStreamsGroups(link, id, [site.streams.group])).groups;
      expect(streams && failed(streams.answer).kind).toBe('unauthorised');
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
