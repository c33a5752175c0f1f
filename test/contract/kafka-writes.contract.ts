import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../source/core/clock.js';
import type { QuotaSeen, TopicSeen } from '../../source/core/observation.js';
import type { KafkaEndpoint } from '../../source/wire/kafka/endpoint.js';
import { openKafka, type KafkaLink } from '../../source/wire/kafka/link.js';
import type { Outcome, Written } from '../../source/wire/kafka/written.js';
import { readClientQuotas } from '../../source/wire/kafka/reads/client-quotas.js';
import { readListGroups } from '../../source/wire/kafka/reads/list-groups.js';
import { readMetadata } from '../../source/wire/kafka/reads/metadata.js';
import { readOffsetFetch } from '../../source/wire/kafka/reads/offset-fetch.js';
import { readReassignments } from '../../source/wire/kafka/reads/reassignments.js';
import { readTopicConfigs } from '../../source/wire/kafka/reads/topic-configs.js';
import { alterConfigs } from '../../source/wire/kafka/writes/alter-configs.js';
import { alterQuotas } from '../../source/wire/kafka/writes/alter-quotas.js';
import { commitOffsets } from '../../source/wire/kafka/writes/commit-offsets.js';
import { createPartitions } from '../../source/wire/kafka/writes/create-partitions.js';
import { deleteGroups } from '../../source/wire/kafka/writes/delete-groups.js';
import { deleteOffsets } from '../../source/wire/kafka/writes/delete-offsets.js';
import { electPreferredLeaders } from '../../source/wire/kafka/writes/elect-leaders.js';
import { reassignPartitions } from '../../source/wire/kafka/writes/reassign-partitions.js';
import { removeMembers } from '../../source/wire/kafka/writes/remove-members.js';
import { ok } from '../support/answers.js';

/** A cluster of three brokers on which some things may be changed. */
export type WritableSite = {
  /** Who may do everything, and who may only look. */
  readonly admin: KafkaEndpoint;
  readonly kmon: KafkaEndpoint;
  /** A topic of this test alone: three partitions, three replicas each, nobody reads it. */
  readonly scratch: string;
  /** A classic group with members, and a topic that it reads. */
  readonly live: string;
  readonly read: string;
  readonly stop: () => Promise<void>;
};

/** What kmon relies on when it changes a cluster of Kafka ≥ 3.8; the scratch topic is left with more partitions. */
export function kafkaWritesContract(name: string, start: () => Promise<WritableSite>): void {
  describe(`Kafka as ${name} is changed`, () => {
    let site: WritableSite;
    let admin: KafkaLink;
    let controller: number;
    let brokers: readonly number[];
    const group = 'kmon-contract';

    beforeAll(async () => {
      site = await start();
      admin = openKafka(site.admin, { clock: systemClock });
      const seen = ok((await readMetadata(admin)).answer);
      controller = seen.controller;
      brokers = seen.brokers.map(b => b.id);
      await until(async () => {
        const { topics } = ok((await readMetadata(admin)).answer);
        const leaders = topics.find(t => t.topic === site.scratch)?.leader ?? [];
        return leaders.length > 0 && [...leaders].every(id => id > 0);
      });
    });
    afterAll(async () => {
      await admin.close();
      await site.stop();
    });

    const topic = async (): Promise<TopicSeen> => {
      const found = ok((await readMetadata(admin)).answer).topics.find(t => t.topic === site.scratch);
      if (found === undefined) throw new Error(`there is no topic ${site.scratch}`);
      return found;
    };

    const coordinatorOf = async (wanted: string): Promise<number> => {
      for (const id of brokers)
        if (ok((await readListGroups(admin, id)).answer).some(g => g.group === wanted)) return id;
      throw new Error(`group ${wanted} is not listed`);
    };

    it('sets a key of a topic, and takes it back; the others stay', async () => {
      const own = async (): Promise<readonly string[]> => {
        const [seen] = (await readTopicConfigs(admin, controller, [site.scratch])).topics;
        return (seen && ok(seen.answer).own) ?? [];
      };
      const set = (value: string | null): Parameters<typeof alterConfigs>[2] => [
        { kind: 'topic', name: site.scratch, set: { 'retention.ms': value } },
      ];
      const before = await own();
      const dry = await alterConfigs(admin, controller, set('3600000'), { validateOnly: true });
      expect(outcomes(dry)).toEqual(['done']);
      expect(await own()).toEqual(before);
      const wrong = await alterConfigs(admin, controller, set('soon'), { validateOnly: true });
      expect(outcomes(wrong)).toEqual([expect.stringMatching(/^rejected: INVALID_CONFIG/)]);
      expect(outcomes(await alterConfigs(admin, controller, set('3600000')))).toEqual(['done']);
      await until(async () => (await own()).includes('retention.ms'));
      expect(outcomes(await alterConfigs(admin, controller, set(null)))).toEqual(['done']);
      await until(async () => !(await own()).includes('retention.ms'));
    });

    it('says which of two topics could not be changed', async () => {
      const changes = [site.scratch, 'kmon-no-such-topic'].map(name => ({
        kind: 'topic' as const,
        name,
        set: { 'retention.ms': '3600000' },
      }));
      const written = await alterConfigs(admin, controller, changes, { validateOnly: true });
      expect(outcomes(written)).toEqual([
        'done',
        expect.stringMatching(/^absent: UNKNOWN_TOPIC_OR_PARTITION/),
      ]);
    });

    it('sets quotas of a user, of a client id, of both and of the default, and removes them', async () => {
      const entities = [
        { user: 'kmon-contract' },
        { clientId: 'kmon-contract' },
        { user: 'kmon-contract', clientId: 'kmon-contract' },
        { user: 'kmon-contract', clientId: null },
      ];
      const quotas = async (): Promise<readonly QuotaSeen[]> =>
        ok((await readClientQuotas(admin, controller)).answer).filter(({ entity }) =>
          [entity.user, entity.clientId].includes('kmon-contract'),
        );
      const change = (limit: number | null): Parameters<typeof alterQuotas>[2] =>
        entities.map(entity => ({
          entity,
          limits: { producer_byte_rate: limit, consumer_byte_rate: limit },
        }));
      await alterQuotas(admin, controller, change(1e6), { validateOnly: true });
      expect(await quotas()).toEqual([]);
      expect(outcomes(await alterQuotas(admin, controller, change(1.5e6)))).toEqual(
        entities.map(() => 'done'),
      );
      await until(async () => (await quotas()).length === entities.length);
      const limits = { producer_byte_rate: 1.5e6, consumer_byte_rate: 1.5e6 };
      expect(await quotas()).toEqual(
        expect.arrayContaining(entities.map((entity): QuotaSeen => ({ entity, limits }))),
      );
      expect(outcomes(await alterQuotas(admin, controller, change(null)))).toEqual(
        entities.map(() => 'done'),
      );
      await until(async () => (await quotas()).length === 0);
    });

    it('gives a topic more partitions, and never fewer', async () => {
      const has = (await topic()).leader.length;
      const more = [{ topic: site.scratch, count: has + 2 }];
      expect(outcomes(await createPartitions(admin, controller, more, { validateOnly: true }))).toEqual([
        'done',
      ]);
      expect((await topic()).leader.length).toBe(has);
      expect(outcomes(await createPartitions(admin, controller, more))).toEqual(['done']);
      await until(async () => (await topic()).leader.length === has + 2);
      expect(
        outcomes(await createPartitions(admin, controller, [{ topic: site.scratch, count: 1 }])),
      ).toEqual([expect.stringMatching(/^rejected: INVALID_PARTITIONS/)]);
    });

    it('moves the leader of a partition within its replicas', async () => {
      const place = { topic: site.scratch, partition: 0 };
      const leader = async (): Promise<number> => (await topic()).leader[0] ?? -1;
      const was = await leader();
      const replicas = [...brokers.filter(id => id !== was), was];
      expect(outcomes(await reassignPartitions(admin, controller, [{ ...place, replicas }]))).toEqual([
        'done',
      ]);
      await until(async () => ok((await readReassignments(admin, controller)).answer).length === 0);
      await until(async () => {
        const elected = await electPreferredLeaders(admin, controller, [place]);
        expect(outcomes(elected)).toEqual(['done']);
        return (await leader()) === replicas[0];
      });
      expect(outcomes(await electPreferredLeaders(admin, controller, [place]))).toEqual(['done']);
    });

    it('refuses replicas that are not there, and to end what is not under way', async () => {
      const place = { topic: site.scratch, partition: 1 };
      expect(
        outcomes(await reassignPartitions(admin, controller, [{ ...place, replicas: [1, 2, 77] }])),
      ).toEqual([expect.stringMatching(/^rejected: INVALID_REPLICA_ASSIGNMENT/)]);
      expect(outcomes(await reassignPartitions(admin, controller, [{ ...place, replicas: null }]))).toEqual([
        expect.stringMatching(/^rejected: NO_REASSIGNMENT_IN_PROGRESS/),
      ]);
    });

    it('commits for a group without members, forgets a part of it, then all of it', async () => {
      const places = [0, 1].map(partition => ({ topic: site.scratch, partition }));
      const offsets = places.map(place => ({ ...place, offset: 0 }));
      let coordinator = -1;
      await until(async () => {
        for (const id of brokers) {
          const written = outcomes(await commitOffsets(admin, id, group, offsets));
          if (written.every(w => w === 'done')) coordinator = id;
          else expect(written[0]).toMatch(/NOT_COORDINATOR|COORDINATOR/);
        }
        return coordinator > 0;
      });
      const committed = async (): Promise<number> => {
        const [seen] = await readOffsetFetch(admin, coordinator, [group]);
        const columns = (seen?.groups[0] && ok(seen.groups[0].answer)) ?? [];
        return columns.reduce((sum, c) => sum + c.partition.length, 0);
      };
      expect(await committed()).toBe(2);
      expect(outcomes(await deleteOffsets(admin, coordinator, group, places.slice(0, 1)))).toEqual(['done']);
      expect(await committed()).toBe(1);
      expect(outcomes(await deleteGroups(admin, coordinator, [group]))).toEqual(['done']);
      expect(outcomes(await deleteGroups(admin, coordinator, [group]))).toEqual([
        expect.stringMatching(/^absent: GROUP_ID_NOT_FOUND/),
      ]);
    });

    it('leaves a group with members alone', async () => {
      const coordinator = await coordinatorOf(site.live);
      const place = { topic: site.read, partition: 0 };
      expect(outcomes(await commitOffsets(admin, coordinator, site.live, [{ ...place, offset: 0 }]))).toEqual(
        ['absent: UNKNOWN_MEMBER_ID: the group has members'],
      );
      expect(outcomes(await deleteOffsets(admin, coordinator, site.live, [place]))).toEqual([
        expect.stringMatching(/^rejected: GROUP_SUBSCRIBED_TO_TOPIC/),
      ]);
      expect(outcomes(await deleteGroups(admin, coordinator, [site.live]))).toEqual([
        expect.stringMatching(/^rejected: NON_EMPTY_GROUP/),
      ]);
      expect(
        outcomes(await removeMembers(admin, coordinator, site.live, ['no-such-instance'], 'test')),
      ).toEqual([expect.stringMatching(/^absent: UNKNOWN_MEMBER_ID/)]);
    });

    it('lets nobody change what they may only look at', async () => {
      const coordinator = await coordinatorOf(site.live);
      const kmon = openKafka(site.kmon, { clock: systemClock });
      const { controller: at } = ok((await readMetadata(kmon)).answer);
      const place = { topic: site.scratch, partition: 0 };
      const config = { kind: 'topic' as const, name: site.scratch, set: { 'retention.ms': '1' } };
      const quota = { entity: { user: 'kmon' }, limits: { producer_byte_rate: 1 } };
      const all: readonly (readonly [string, Promise<Written<object>>])[] = [
        ['IncrementalAlterConfigs', alterConfigs(kmon, at, [config])],
        ['AlterClientQuotas', alterQuotas(kmon, at, [quota])],
        ['CreatePartitions', createPartitions(kmon, at, [{ topic: site.scratch, count: 90 }])],
        ['ElectLeaders', electPreferredLeaders(kmon, at, [place])],
        ['AlterPartitionReassignments', reassignPartitions(kmon, at, [{ ...place, replicas: null }])],
        ['OffsetCommit', commitOffsets(kmon, coordinator, site.live, [{ ...place, offset: 0 }])],
        ['OffsetDelete', deleteOffsets(kmon, coordinator, site.live, [place])],
        ['DeleteGroups', deleteGroups(kmon, coordinator, [site.live])],
        ['LeaveGroup', removeMembers(kmon, coordinator, site.live, ['no-such-instance'], 'test')],
      ];
      for (const [request, written] of all)
        expect([request, ...outcomes(await written)]).toEqual([
          request,
          expect.stringMatching(/^unauthorised: /),
        ]);
      await kmon.close();
    });
  });
}

/** `done`, or why it is not; a `?` before what nobody knows. */
function outcomes({ items }: Written<object>): readonly string[] {
  return items.map(({ outcome }: { readonly outcome: Outcome }) => {
    if ('done' in outcome) return 'done';
    const { kind, detail } = 'undone' in outcome ? outcome.undone : outcome.uncertain;
    return `${'uncertain' in outcome ? '? ' : ''}${kind}: ${detail}`;
  });
}

/** Brokers hear of a change a moment after the controller made it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await isSo()) return;
    await systemClock.sleep(100);
  }
  throw new Error('it did not come about in ten seconds');
}
