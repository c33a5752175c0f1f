import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAdmin } from '../../lab/clients.js';
import { putConnectors } from '../../lab/connectors.js';
import { heal, inject, openLab, setLoad, settle, stopLoad, truth, until } from '../../lab/index.js';
import { javaArgs } from '../../lab/java.js';
import { spreadLeaders } from '../../lab/leaders.js';
import { createTopic } from '../../lab/topics.js';
import { systemClock } from '../../source/core/clock.js';
import { openKafka, type KafkaLink } from '../../source/wire/kafka/link.js';
import { readClientQuotas } from '../../source/wire/kafka/reads/client-quotas.js';
import { readMetadata } from '../../source/wire/kafka/reads/metadata.js';
import { alterQuotas } from '../../source/wire/kafka/writes/alter-quotas.js';
import { commitOffsets } from '../../source/wire/kafka/writes/commit-offsets.js';
import { deleteGroups } from '../../source/wire/kafka/writes/delete-groups.js';
import { electPreferredLeaders } from '../../source/wire/kafka/writes/elect-leaders.js';
import { reassignPartitions } from '../../source/wire/kafka/writes/reassign-partitions.js';
import { ok } from '../support/answers.js';
import type { Tmux } from '../support/tmux.js';
import { askConnect, patchConnector, runAnew } from './connect.js';
import { choose, monitorAsAdmin } from './kmon.js';

/**
 * Each action on a real site, by keyboard alone: open, read the diff, type the word, applied, verified, undone; each time what it did
 * is read by other means than kmon's. Raising `tasks.max`, a quota under load and the reset of offsets have tests of their own,
 * which watch their effect.
 */

const site = openLab(process.env['KMON_LAB'] ?? 'default');
const folder = mkdtempSync(path.join(tmpdir(), 'kmon-actions-'));
/** Short: a list cuts long names. */
const own = `act-${process.pid}`;
const worker = site.workerUrls[0] ?? '';
const java = 'java';

/** One action: where it is found, what is typed, what its diff and its verification say, and how its effect is read. */
type Case = {
  readonly list: '2' | '3' | '4' | '5';
  readonly row: string;
  /** What must be so before; and what is put back after it, whatever became of it. */
  readonly prepare?: () => Promise<unknown>;
  readonly tidy?: () => Promise<unknown>;
  /** What its row must show first. */
  readonly shows?: RegExp;
  readonly title: string;
  readonly answer?: string;
  readonly diff: RegExp;
  readonly verified: RegExp;
  /** What it changes, read by other means; after it, and after the undo as before it. */
  readonly reads: () => Promise<unknown>;
  readonly becomes: unknown;
  /** The diff of the undo; absent where nothing takes it back. */
  readonly back?: RegExp;
  /** Nothing is written meanwhile: the lab's own consumers cannot read what would be. */
  readonly quiet?: true;
};

type Status = { connector: { state: string }; tasks: { id: number; state: string }[] };
const config =
  (connector: string, ...keys: string[]) =>
  async (): Promise<unknown> => {
    const all = await askConnect<Record<string, string>>(site, `${connector}/config`);
    return keys.map(key => all[key]);
  };
const state = (connector: string) => async (): Promise<unknown> =>
  (await askConnect<Status>(site, `${connector}/status`)).connector.state;
const tasks = (connector: string) => async (): Promise<unknown> => [
  ...new Set((await askConnect<Status>(site, `${connector}/status`)).tasks.map(task => task.state)),
];

function open(name: 'eu' | 'us'): KafkaLink {
  const timeouts = { requestTimeout: 10_000, connectTimeout: 10_000 };
  return openKafka(
    { cluster: name, bootstrap: site.bootstrap[name], security: {}, clientId: 'kmon-test', ...timeouts },
    { clock: systemClock },
  );
}
const links = { eu: open('eu'), us: open('us') };
const controller = async (name: 'eu' | 'us'): Promise<number> =>
  ok((await readMetadata(links[name])).answer).controller;

type Side = 'eu' | 'us';
type Limit = 'consumer_byte_rate' | 'producer_byte_rate';
const quota = (side: Side, limit: Limit) => async (): Promise<unknown> => {
  const quotas = ok((await readClientQuotas(links[side], await controller(side))).answer);
  return quotas.find(q => q.entity.user === 'mm2-user')?.limits[limit];
};
const setQuota = async (side: Side, limit: Limit, value: number | null): Promise<void> => {
  await alterQuotas(links[side], await controller(side), [
    { entity: { user: 'mm2-user' }, limits: { [limit]: value } },
  ]);
};
const topicKey = (key: string) => (): Promise<unknown> =>
  withAdmin(site, 'us', async admin => {
    const type = kafkajs.ConfigResourceTypes.TOPIC;
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type, name: own, configNames: [key] }],
    });
    return resources[0]?.configEntries.find(entry => entry.configName === key)?.configValue;
  });
const partitions = (topic: string) =>
  withAdmin(
    site,
    'us',
    async admin => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions ?? [],
  );
const leaders = (topic: string) => async (): Promise<unknown> =>
  (await partitions(topic))
    .sort((a, b) => a.partitionId - b.partitionId)
    .map(({ leader, replicas }) => leader === replicas[0]);
const committed = (group: string) => (): Promise<unknown> =>
  withAdmin(site, 'eu', async admin =>
    (await admin.fetchOffsets({ groupId: group }))
      .map(
        ({ topic, partitions: all }) => `${topic} ${all.filter(({ offset }) => Number(offset) >= 0).length}`,
      )
      .filter(line => !line.endsWith(' 0'))
      .sort(),
  );
const groupIds = (): Promise<readonly string[]> =>
  withAdmin(site, 'eu', async admin => (await admin.listGroups()).groups.map(({ groupId }) => groupId));
const members = (group: string) => (): Promise<unknown> =>
  withAdmin(site, 'eu', async admin => (await admin.describeGroups([group])).groups[0]?.members.length);

const override = 'producer.override.';

/** The limits of MirrorMaker 2 on one side: each is set before, so high that it limits nothing. */
function quotaCases(side: Side, name: 'produce' | 'fetch', limit: Limit): readonly Case[] {
  const common = { list: '2', row: 'mm2-source', reads: quota(side, limit) } as const;
  const of = `the ${name} quota of mm2-user on ${side}`;
  const line = (from: string, to: string): RegExp => new RegExp(`${limit} +${from} → ${to}`);
  return [
    {
      ...common,
      title: `Raise ${of}`,
      diff: line('90000000', '135000000'),
      verified: /the quota is 135000000/,
      becomes: 135_000_000,
      back: line('135000000', '90000000'),
    },
    {
      ...common,
      title: `Set ${of}`,
      answer: '80000000',
      diff: line('90000000', '80000000'),
      verified: /the quota is 80000000/,
      becomes: 80_000_000,
      back: line('80000000', '90000000'),
    },
    {
      ...common,
      title: `Remove ${of}`,
      diff: line('90000000', 'not set'),
      verified: /the quota is gone/,
      becomes: undefined,
      back: line('not set', '90000000'),
    },
  ];
}

/** One key of the producer, alone. */
function producerCase(title: string, key: string, to: string, more: Partial<Case> = {}): Case {
  const name = `${override}${key}`;
  const line = (from: string, then: string): RegExp =>
    new RegExp(`${name.replaceAll('.', '\\.')} +${from} → ${then}`);
  return {
    list: '2',
    row: 'mm2-source',
    title,
    diff: line('not set', to),
    verified: /4 tasks run/,
    reads: config('mm2-source', name),
    becomes: [to],
    back: line(to, 'not set'),
    ...more,
  };
}

const cases: readonly Case[] = [
  // Before the controller does it by itself, which it looks for every five minutes.
  {
    list: '4',
    row: own,
    title: `Elect the preferred leaders: ${own} on us`,
    diff: new RegExp(`leader of ${own}/0 +\\d → \\d`),
    verified: /./,
    reads: leaders(own),
    becomes: [true, true, true],
  },
  {
    list: '5',
    row: 'broker 1 of us',
    prepare: deposeLeaders,
    title: 'Elect the preferred leaders of us',
    diff: new RegExp(`leader of ${own}/0 +\\d → \\d`),
    verified: /the preferred replicas lead/,
    reads: leaders(own),
    becomes: [true, true, true],
  },
  {
    list: '2',
    row: 'mm2-heartbeat',
    title: 'Restart the connector with all its tasks',
    diff: /task 0 +RUNNING → RUNNING/,
    verified: /runs?, \d+[sm] after the change/,
    reads: tasks('mm2-heartbeat'),
    becomes: ['RUNNING'],
  },
  {
    list: '2',
    row: 'mm2-checkpoint',
    title: 'Restart one task',
    answer: '0',
    diff: /task 0 +RUNNING → RUNNING/,
    verified: /task 0 runs/,
    reads: tasks('mm2-checkpoint'),
    becomes: ['RUNNING'],
  },
  // They failed of something that has passed. Before the tasks are restarted by anything else: the guard against storms would wait a minute.
  {
    list: '2',
    row: 'mm2-source',
    prepare: () => inject(site, 'write-denied'),
    tidy: () => heal(site),
    shows: /0\/4/,
    title: 'Restart what failed, and nothing else',
    diff: /task 0 +FAILED → RUNNING/,
    verified: /what was restarted runs/,
    reads: tasks('mm2-source'),
    becomes: ['RUNNING'],
  },
  {
    list: '2',
    row: 'mm2-source',
    title: 'Larger batches: batch.size, linger.ms and compression in one restart',
    diff: /producer\.override\.batch\.size +not set → 65536/,
    verified: /4 tasks run/,
    reads: config(
      'mm2-source',
      `${override}batch.size`,
      `${override}linger.ms`,
      `${override}compression.type`,
    ),
    // The lab waits for fuller batches already, and longer.
    becomes: ['65536', '100', 'lz4'],
    back: /producer\.override\.batch\.size +65536 → not set/,
    quiet: true,
  },
  producerCase('A larger producer buffer: buffer.memory 67108864', 'buffer.memory', '67108864'),
  producerCase('Larger batches: batch.size 65536', 'batch.size', '65536'),
  producerCase('Fewer bytes: compression.type lz4', 'compression.type', 'lz4', { quiet: true }),
  // The lab waits longer already, which is what makes its load cheap: it gets that back at once.
  producerCase('Wait for fuller batches: linger.ms 5', 'linger.ms', '5', {
    prepare: () => unset('linger.ms'),
    tidy: () => putConnectors(site),
    quiet: true,
  }),
  {
    list: '2',
    row: 'mm2-source',
    title: 'Larger fetches: max.poll.records, max.partition.fetch.bytes and fetch.max.bytes in one restart',
    diff: /source\.consumer\.max\.poll\.records +not set → 2000/,
    verified: /4 tasks run/,
    reads: config('mm2-source', 'source.consumer.max.poll.records'),
    becomes: ['2000'],
    back: /source\.consumer\.max\.poll\.records +2000 → not set/,
  },
  {
    list: '2',
    row: 'mm2-source',
    title: 'Set one key of the configuration by hand',
    answer: `${override}max.request.size=2097152`,
    diff: /max\.request\.size +not set → 2097152/,
    verified: /4 tasks run/,
    reads: config('mm2-source', `${override}max.request.size`),
    becomes: ['2097152'],
    back: /max\.request\.size +2097152 → not set/,
  },
  {
    list: '2',
    row: 'mm2-heartbeat',
    title: 'Stop the connector: its tasks end',
    diff: /state +RUNNING → STOPPED/,
    verified: /it is STOPPED/,
    reads: state('mm2-heartbeat'),
    becomes: 'STOPPED',
    back: /state +STOPPED → RUNNING/,
  },
  {
    list: '2',
    row: 'mm2-heartbeat',
    title: 'Pause the connector',
    diff: /state +RUNNING → PAUSED/,
    verified: /it is PAUSED/,
    reads: state('mm2-heartbeat'),
    becomes: 'PAUSED',
  },
  {
    list: '2',
    row: 'mm2-heartbeat',
    title: 'Resume the connector',
    diff: /state +PAUSED → RUNNING/,
    verified: /it is RUNNING/,
    reads: state('mm2-heartbeat'),
    becomes: 'RUNNING',
  },
  ...quotaCases('us', 'produce', 'producer_byte_rate'),
  ...quotaCases('eu', 'fetch', 'consumer_byte_rate'),
  {
    list: '4',
    row: own,
    title: `Keep records twice as long: ${own} on us`,
    diff: /retention\.ms +not set → 3600000/,
    verified: /./,
    reads: topicKey('retention.ms'),
    becomes: '3600000',
    back: /retention\.ms +3600000 → not set/,
  },
  {
    list: '4',
    row: own,
    title: `Set min.insync.replicas: ${own} on us`,
    answer: '3',
    diff: /min\.insync\.replicas +\S+.* → 3/,
    verified: /./,
    reads: topicKey('min.insync.replicas'),
    becomes: '3',
    back: /min\.insync\.replicas +3 → /,
  },
  {
    list: '4',
    row: own,
    title: `Set one key by hand: ${own} on us`,
    answer: 'segment.ms=3600000',
    diff: /segment\.ms +not set → 3600000/,
    verified: /./,
    reads: topicKey('segment.ms'),
    becomes: '3600000',
    back: /segment\.ms +3600000 → not set/,
  },
  {
    list: '4',
    row: own,
    title: `Add partitions: ${own} on us`,
    answer: '6',
    diff: /3 → 6/,
    verified: /./,
    reads: async () => (await partitions(own)).length,
    becomes: 6,
  },
  {
    list: '4',
    row: 'eu.orders',
    title: 'Move its hottest leader: eu.orders on us',
    diff: /leader of eu\.orders\/\d+ +\d → \d/,
    verified: /./,
    // The first replica leads before and after: the order of the replicas is what changed.
    reads: async () =>
      JSON.stringify((await partitions('eu.orders')).map(p => [p.partitionId, p.leader]).sort()),
    becomes: expect.any(String),
    back: /Undo: Move the leader/,
  },
  {
    list: '3',
    row: `${own}-stopped`,
    title: 'Forget what it has committed in one topic',
    answer: 'payments',
    diff: /payments\/0 +11 → not set/,
    verified: /nothing is committed there/,
    reads: committed(`${own}-stopped`),
    becomes: ['orders 3'],
    back: /payments\/0 +not set → 11/,
  },
  {
    list: '3',
    row: `${own}-static`,
    title: 'Remove a dead static member',
    answer: 'dead-1',
    diff: /member dead-1 +\S+ → not set/,
    verified: /it is no member any more/,
    reads: members(`${own}-static`),
    becomes: 0,
  },
  {
    list: '3',
    row: `${own}-gone`,
    title: 'Delete the group',
    diff: /orders\/0 +7 → not set/,
    verified: /there is no such group/,
    reads: async () => (await groupIds()).includes(`${own}-gone`),
    becomes: false,
  },
];

let kmon: Tmux;
/** Changes that were seen to be verified, those of a first attempt that failed later among them. */
let confirmed = 0;
let dead: ChildProcess | undefined;

beforeAll(async () => {
  await settle(site, { quickly: true });
  await unset('buffer.memory', 'batch.size', 'compression.type', 'max.request.size');
  await createTopic(site, 'us', { topic: own, partitions: 3 });
  for (const link of Object.values(links)) ok((await readMetadata(link)).answer);
  await deposeLeaders();
  await crowd('eu.orders');
  await setQuota('us', 'producer_byte_rate', 90_000_000);
  await setQuota('eu', 'consumer_byte_rate', 90_000_000);
  const eu = await controller('eu');
  const old = [0, 1, 2].map(partition => ({ topic: 'orders', partition, offset: 7 + partition }));
  await commitOffsets(links.eu, eu, `${own}-stopped`, [
    ...old,
    { topic: 'payments', partition: 0, offset: 11 },
  ]);
  await commitOffsets(links.eu, eu, `${own}-gone`, old);
  await leaveDeadMember();
  kmon = monitorAsAdmin(site, folder);
  await kmon.until(/GROUPS/, 60);
});

afterAll(async () => {
  kmon.kill();
  setLoad(site);
  dead?.kill('SIGKILL');
  await setQuota('us', 'producer_byte_rate', null);
  await setQuota('eu', 'consumer_byte_rate', null);
  await fetch(`${worker}/connectors/mm2-heartbeat/resume`, { method: 'PUT' });
  await putConnectors(site);
  await deleteGroups(
    links.eu,
    await controller('eu'),
    ['stopped', 'static', 'gone'].map(name => `${own}-${name}`),
  );
  await withAdmin(site, 'us', admin => admin.deleteTopics({ topics: [own] }));
  await spreadLeaders(site);
  await Promise.all(Object.values(links).map(link => link.close()));
});

/** The load ends, and what the tasks hold of it is written. */
async function stopWriting(): Promise<void> {
  await stopLoad(site);
  // Tasks that were restarted may still be at what had come before.
  await until('the target to have everything', async () => (await truth(site)).behind === 0, {
    timeoutMs: 120_000,
    everyMs: 1_000,
  });
  await sleep(5_000);
}

/** What an earlier run may have left, and what the lab itself sets: in the end it gets its own configuration back. */
async function unset(...keys: readonly string[]): Promise<void> {
  await patchConnector(site, 'mm2-source', Object.fromEntries(keys.map(key => [`${override}${key}`, null])));
  await runAnew(site);
}

/** Another replica is the preferred one from now on, and the leader stays. */
async function deposeLeaders(): Promise<void> {
  const moves = (await partitions(own)).map(({ partitionId, replicas }) => {
    const [first = -1, ...others] = replicas;
    return { topic: own, partition: partitionId, replicas: [...others, first] };
  });
  await reassignPartitions(links.us, await controller('us'), moves);
  await until(
    'leaders that are not the preferred ones',
    async () => !((await leaders(own)()) as boolean[]).every(Boolean),
    {
      timeoutMs: 20_000,
    },
  );
}

/** One broker leads all partitions of the topic, so that there is something to move. */
async function crowd(topic: string): Promise<void> {
  const moves = (await partitions(topic)).map(({ partitionId, replicas }) => ({
    topic,
    partition: partitionId,
    replicas: [1, ...replicas.filter(id => id !== 1)],
  }));
  const through = await controller('us');
  await reassignPartitions(links.us, through, moves);
  await sleep(1_000);
  await electPreferredLeaders(
    links.us,
    through,
    moves.map(({ topic, partition }) => ({ topic, partition })),
  );
}

/** A consumer with a name of its own that dies without a word: its session lasts for 25 minutes. */
async function leaveDeadMember(): Promise<void> {
  const properties = [`group.id=${own}-static`, 'group.instance.id=dead-1', 'session.timeout.ms=1500000'];
  const args = [
    ...['--bootstrap-server', site.bootstrap.eu.join(), '--topic', 'orders'],
    ...properties.flatMap(property => ['--command-property', property]),
  ];
  const mainClass = 'org.apache.kafka.tools.consumer.ConsoleConsumer';
  const child = spawn(java, javaArgs(site, { mainClass, args, heapMegabytes: 128 }), { stdio: 'ignore' });
  dead = child;
  // One that dies before it has its partitions is a member for one rebalance, not for its session.
  const isMember = (): Promise<boolean> =>
    withAdmin(site, 'eu', async admin => {
      const [group] = (await admin.describeGroups([`${own}-static`])).groups;
      return group?.state === 'Stable' && group.members.length === 1;
    });
  await until('a static member', isMember, { timeoutMs: 60_000 });
  child.kill('SIGKILL');
}

const headings = { '2': /^ ?FLOWS/m, '3': /^ ?GROUPS/m, '4': /^ ?TOPICS/m, '5': /^ ?MACHINES/m } as const;

/**
 * The plan of the action. A refusal is asked again for a minute: Connect may still be moving tasks, or have just done so, which the
 * guard against storms takes for a restart.
 */
async function plan(one: Case): Promise<string> {
  for (let i = 0; ; i++) {
    const shown = await planOnce(one);
    if (i === 12 || one.diff.test(shown)) return shown;
    await sleep(5_000);
  }
}

/** Plans the action from its row. */
async function planOnce({ list, row, shows = /./, title, answer, diff }: Case): Promise<string> {
  // A key right behind Esc is one with Alt.
  for (const key of ['Escape', 'Escape', list]) {
    kmon.keys(key);
    await sleep(200);
  }
  await kmon.until(headings[list]);
  kmon.keys('/');
  // What a filter held before is in the way.
  for (let i = 0; i < 40; i++) kmon.keys('BSpace');
  kmon.type(row);
  kmon.keys('Enter');
  await kmon.until(
    screen =>
      screen.split('\n').some(line => /^[ ›│]*›/.test(line) && line.includes(row) && shows.test(line)),
    70,
  );
  await choose(kmon, title);
  if (answer !== undefined) {
    await kmon.until(/Enter plans it/);
    kmon.type(answer);
    kmon.keys('Enter');
  }
  return kmon.until(screen => diff.test(screen) || screen.includes('Nothing was changed'), 30);
}

/** Types the word that the plan asks for, and waits until it is verified; what is between two workers is planned again. */
async function confirm(shown: string, verified: RegExp): Promise<void> {
  const word = /type +(\S+) +to apply/.exec(shown)?.[1];
  if (word === undefined) throw new Error(`there is nothing to type:\n${shown}`);
  kmon.type(word);
  await kmon.until('Enter applies it');
  kmon.keys('Enter');
  const after = await kmon.until(/\d\d:\d\d:\d\d +(verified|refused|failed|unknown) /, 130);
  if (!new RegExp(`verified +.*${verified.source}`).test(after)) throw new Error(`not verified:\n${after}`);
  confirmed++;
}

describe.each(cases)('$title ($row)', one => {
  it('is planned, applied, verified, and taken back where that can be', async () => {
    if (one.quiet) await stopWriting();
    else setLoad(site);
    await one.prepare?.();
    try {
      await carryOut(one);
    } finally {
      await one.tidy?.();
    }
  });
});

async function carryOut(one: Case): Promise<void> {
  const before = await one.reads();
  const shown = await plan(one);
  if (!one.diff.test(shown)) throw new Error(`not planned:\n${shown}`);
  await confirm(shown, one.verified);
  expect(await settledTo(one, one.becomes)).toEqual(one.becomes);
  if (one.back === undefined) return;
  kmon.keys('u');
  const undo = await kmon.until(one.back, 30);
  await confirm(undo, /./);
  expect(await settledTo(one, before)).toEqual(before);
}

/** Metadata and the status of connectors are told by other brokers and workers a little later. */
async function settledTo({ reads }: Case, wanted: unknown): Promise<unknown> {
  for (let i = 0; i < 10; i++) {
    const now = await reads();
    if (JSON.stringify(now) === JSON.stringify(wanted)) return now;
    await sleep(500);
  }
  return reads();
}

describe('the audit file', () => {
  it('has every change with its end, and no secret', () => {
    const text = readFileSync(path.join(folder, 'audit.jsonl'), 'utf8');
    const plansThatWere = (...states: string[]): ReadonlySet<string> =>
      new Set(
        text
          .trimEnd()
          .split('\n')
          .map(line => JSON.parse(line) as { plan: string; state: string })
          .filter(line => states.includes(line.state))
          .map(line => line.plan),
      );
    const ended = plansThatWere('verified', 'failed', 'unknown', 'refused');
    expect([...plansThatWere('applying')].filter(plan => !ended.has(plan))).toEqual([]);
    expect(plansThatWere('verified').size).toBe(confirmed);
    const applied = cases.length + cases.filter(one => one.back !== undefined).length;
    expect(confirmed).toBeGreaterThanOrEqual(applied);
    for (const password of Object.values(site.passwords)) expect(text).not.toContain(password);
  });
});
