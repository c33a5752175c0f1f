import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupsOf, heal, lagByJavaTool, openLab, setLoad, stopLoad, truth, until } from '../../lab/index.js';
import { lagOnce } from './kmon.js';

/** kmon's lag of groups against what Kafka's own tool says of them. */

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
