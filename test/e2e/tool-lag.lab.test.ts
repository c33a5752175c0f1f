import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  freezeStreams,
  groupsOf,
  hasStreams,
  heal,
  lagByJavaTool,
  openLab,
  setLoad,
  startStreams,
  stopLoad,
  stopStreams,
  streams,
  streamsLagByJavaTool,
  truth,
  until,
  writeSales,
} from '../../lab/index.js';
import { lagOnce } from './kmon.js';

/** kmon's lag of groups against what Kafka's own tools say of them. */

const site = openLab(process.env['KMON_LAB'] ?? 'default');

beforeAll(async () => {
  await heal(site);
});
afterAll(() => {
  setLoad(site);
});

describe('groups of a quiesced lab', () => {
  it('have the lag that kafka-consumer-groups says, in every partition', async () => {
    await stopLoad(site);
    // Whatever ran before may have left a backlog.
    await until('everything to be replicated', async () => (await truth(site)).behind === 0, {
      timeoutMs: 180_000,
    });
    // Consumers commit every few seconds: quiet means that two readings of the tool agree.
    let tool = [...(await lagByJavaTool(site, 'eu')), ...(await lagByJavaTool(site, 'us'))];
    await until(
      'the groups to be quiet',
      async () => {
        const before = JSON.stringify(tool);
        tool = [...(await lagByJavaTool(site, 'eu')), ...(await lagByJavaTool(site, 'us'))];
        return JSON.stringify(tool) === before;
      },
      { timeoutMs: 60_000 },
    );
    const { report } = await lagOnce(['--config', site.paths.config]);
    const kmon = new Map(
      report.groups.flatMap(g => g.partitions.map(p => [`${g.group} ${p.topic}/${p.partition}`, p] as const)),
    );
    const compared = tool.filter(t => t.committed !== null);
    const expected = groupsOf(site).filter(({ kind }) => kind !== 'share');
    expect(new Set(compared.map(t => t.group))).toEqual(new Set(expected.map(({ group }) => group)));
    expect(compared.length).toBeGreaterThanOrEqual(24);
    for (const t of compared) {
      const mine = kmon.get(`${t.group} ${t.topic}/${t.partition}`);
      expect(
        { committed: mine?.committed, end: mine?.end, lag: mine?.lag },
        `${t.group} ${t.topic}/${t.partition}`,
      ).toEqual({ committed: t.committed, end: t.end, lag: t.lag });
    }
    // Share groups have a tool of their own.
    const shared = new Set(report.groups.filter(g => g.type === 'share').map(g => g.group));
    const silent = [...kmon.keys()]
      .filter(name => !shared.has(name.split(' ')[0] ?? ''))
      .filter(name => !compared.some(t => name === `${t.group} ${t.topic}/${t.partition}`));
    expect(silent, 'partitions that only kmon shows').toEqual([]);
  });
});

// Kafka's older versions have neither such groups nor the tool.
describe.skipIf(!hasStreams(site))('a group of Kafka Streams that stands still', () => {
  beforeAll(async () => {
    await startStreams(site);
    freezeStreams(site);
    await writeSales(site, 7);
  });
  afterAll(async () => {
    await stopStreams(site);
  });

  it('has the lag that kafka-streams-groups says, in the topics of others and in its own', async () => {
    const tool = await streamsLagByJavaTool(site, 'us');
    const { report } = await lagOnce(['--config', site.paths.config]);
    const kmon = report.groups.filter(g => g.type === 'streams');
    expect(kmon.map(g => g.group)).toEqual([streams.group]);
    const told = kmon.flatMap(({ group, partitions }) =>
      partitions.map(({ topic, partition, committed, end, lag }) => ({
        group,
        topic,
        partition,
        committed,
        end,
        lag,
      })),
    );
    expect(told).toHaveLength(2 * streams.partitions);
    expect(told).toEqual(expect.arrayContaining(tool));
    expect(tool).toEqual(expect.arrayContaining(told));
    expect(tool.filter(t => t.topic === streams.topic).map(t => t.lag)).toEqual([7, 7, 7, 7]);
  });
});
