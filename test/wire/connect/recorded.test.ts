import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../source/core/clock.js';
import type { SimulatedServer } from '../../../source/simulator/http/server.js';
import { openConnect, type ConnectLink } from '../../../source/wire/connect/link.js';
import { readConnectors } from '../../../source/wire/connect/reads/connectors.js';
import { readPositions } from '../../../source/wire/connect/reads/positions.js';
import { readRoot } from '../../../source/wire/connect/reads/root.js';
import { readStatus } from '../../../source/wire/connect/reads/status.js';
import { readTasks } from '../../../source/wire/connect/reads/tasks.js';
import { failed, ok } from '../../support/answers.js';
import { recordedServer } from '../../support/recorded.js';

/** Answers of the lab's Connect 4.3.1; the keys of credentials were cut from the configurations. */
describe('recorded answers of Connect 4.3.1', () => {
  let server: SimulatedServer;
  let link: ConnectLink;
  beforeAll(async () => {
    const at = (path: string, file: string) => ({ fits: (r: { path: string }) => r.path === path, file });
    server = await recordedServer(new URL('./fixtures/', import.meta.url), [
      at('/', 'root.json'),
      at('/connectors', 'connectors.json'),
      at('/connectors/mm2-source/status', 'status.json'),
      at('/connectors/mm2-source/tasks', 'tasks.json'),
      at('/connectors/mm2-source/offsets', 'offsets.json'),
      at('/connectors/mm2-heartbeat/offsets', 'offsets-of-heartbeat.json'),
    ]);
    link = openConnect({ connect: 'us', urls: [server.url], requestTimeout: 5_000 }, { clock: systemClock });
  });
  afterAll(async () => {
    link.close();
    await server.stop();
  });

  it('give version and cluster', async () => {
    expect(ok(await readRoot(link))).toMatchObject({ version: '4.3.1', url: server.url });
  });

  it('give the three connectors of MirrorMaker 2', async () => {
    const connectors = ok(await readConnectors(link));
    expect(connectors.map(c => [c.connector, c.type, c.state, c.tasks.length])).toEqual([
      ['mm2-checkpoint', 'source', 'RUNNING', 1],
      ['mm2-heartbeat', 'source', 'RUNNING', 1],
      ['mm2-source', 'source', 'RUNNING', 4],
    ]);
    expect(connectors[2]?.config).toMatchObject({ 'tasks.max': '4', 'source.cluster.alias': 'eu' });
  });

  it('give tasks and what each replicates', async () => {
    expect(ok(await readStatus(link, 'mm2-source')).tasks.map(t => t.task)).toEqual([0, 1, 2, 3]);
    const partitions = ok(await readTasks(link, 'mm2-source')).map(t => t.partitions?.length);
    expect(partitions).toEqual([5, 5, 4, 4]);
  });

  it('give positions by source, topic and partition', async () => {
    const [eu, ...others] = ok(await readPositions(link, 'mm2-source'));
    expect(others).toEqual([]);
    expect(eu?.sourceAlias).toBe('eu');
    const orders = eu?.topics.find(t => t.topic === 'orders');
    expect([...(orders?.partition ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect([...(orders?.offset ?? [])].every(offset => offset > 50_000)).toBe(true);
  });

  it('do not take a heartbeat for a position', async () => {
    expect(failed(await readPositions(link, 'mm2-heartbeat')).kind).toBe('unsupported');
  });
});
