import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Clock } from '../../source/core/clock.js';
import type { ConnectEndpoint } from '../../source/wire/connect/endpoint.js';
import { openConnect, type ConnectLink } from '../../source/wire/connect/link.js';
import { readConfig } from '../../source/wire/connect/reads/config.js';
import { readConnectors } from '../../source/wire/connect/reads/connectors.js';
import { readPositions } from '../../source/wire/connect/reads/positions.js';
import { readRoot } from '../../source/wire/connect/reads/root.js';
import { readStatus } from '../../source/wire/connect/reads/status.js';
import { readTasks } from '../../source/wire/connect/reads/tasks.js';
import { validateConfig } from '../../source/wire/connect/reads/validate.js';
import { patchConfig } from '../../source/wire/connect/writes/patch-config.js';
import { failed, ok } from '../support/answers.js';

/** A Connect cluster with a running MirrorMaker 2, as it should be seen. */
export type ConnectSite = {
  readonly clock: Clock;
  readonly endpoint: ConnectEndpoint;
  readonly clusterId: string;
  /** Name of the MirrorSourceConnector, and the alias of its source. */
  readonly connector: string;
  readonly sourceAlias: string;
  /** A topic that it replicates. */
  readonly topic: string;
  /** Passwords that stand in its configuration. */
  readonly secrets: readonly string[];
  readonly stop: () => Promise<void>;
};

/** What kmon relies on of Connect ≥ 3.8; it changes nothing. */
export function connectContract(name: string, start: () => Promise<ConnectSite>): void {
  describe(`Connect as ${name} speaks it`, () => {
    let site: ConnectSite;
    let link: ConnectLink;
    beforeAll(async () => {
      site = await start();
      link = openConnect(site.endpoint, { clock: site.clock });
    });
    afterAll(async () => {
      link.close();
      await site.stop();
    });

    it('says its version and the Kafka cluster that it writes to', async () => {
      const root = ok(await readRoot(link));
      expect(root.version).toMatch(/^\d+\.\d+/);
      expect(root.clusterId).toBe(site.clusterId);
      expect(site.endpoint.urls).toContain(root.url);
    });

    it('lists the connector with its state, tasks and workers', async () => {
      const connector = ok(await readConnectors(link)).find(c => c.connector === site.connector);
      expect(connector).toMatchObject({ type: 'source', state: 'RUNNING' });
      expect(connector?.tasks.map(t => t.task)).toEqual(connector?.tasks.map((_, i) => i));
      expect(connector?.tasks.length).toBeGreaterThan(0);
      for (const task of connector?.tasks ?? []) expect(task.worker).toMatch(/:\d+$/);
      expect(connector?.config['connector.class']).toMatch(/MirrorSourceConnector$/);
    });

    it('tells the same by status and by tasks', async () => {
      const connector = ok(await readConnectors(link)).find(c => c.connector === site.connector);
      const status = ok(await readStatus(link, site.connector));
      const tasks = ok(await readTasks(link, site.connector));
      expect(status.tasks).toEqual(connector?.tasks);
      expect(tasks.map(t => t.task)).toEqual(status.tasks.map(t => t.task));
    });

    it('deals each replicated partition to one task', async () => {
      const dealt = ok(await readTasks(link, site.connector)).flatMap(t => t.partitions ?? []);
      expect(new Set(dealt).size).toBe(dealt.length);
      expect(dealt).toContain(`${site.topic}-0`);
    });

    it('gives the flushed position of each partition of the source', async () => {
      const positions = ok(await readPositions(link, site.connector));
      const source = positions.find(p => p.sourceAlias === site.sourceAlias);
      const column = source?.topics.find(t => t.topic === site.topic);
      expect(column?.partition.length).toBeGreaterThan(0);
      expect([...(column?.partition ?? [])]).toEqual([...(column?.partition ?? [])].sort((a, b) => a - b));
      for (const offset of column?.offset ?? []) expect(offset).toBeGreaterThanOrEqual(0);
    });

    it('gives the configuration whole, and sealed', async () => {
      const config = ok(await readConfig(link, site.connector));
      expect(config.shown('tasks.max')).toMatch(/^\d+$/);
      expect(config.differences(ok(await readConfig(link, site.connector)))).toEqual([]);
      const shown = [inspect(config, { depth: 9 }), JSON.stringify(config), config.toString()];
      for (const secret of site.secrets) for (const text of shown) expect(text).not.toContain(secret);
    });

    it('shows no secret of any connector', async () => {
      const all = JSON.stringify(ok(await readConnectors(link)));
      for (const secret of site.secrets) expect(all).not.toContain(secret);
    });

    it('validates without storing', async () => {
      const config = ok(await readConfig(link, site.connector));
      expect(ok(await validateConfig(link, config))).toEqual({ errorCount: 0, errors: [] });

      const wrong = ok(await validateConfig(link, config.with({ 'tasks.max': 'many' })));
      expect(wrong.errorCount).toBeGreaterThan(0);
      expect(wrong.errors.map(e => e.key)).toContain('tasks.max');
      expect(ok(await readConfig(link, site.connector)).differences(config)).toEqual([]);
    });

    it('tells a connector that is not there from an endpoint that is not there', async () => {
      expect(failed(await readStatus(link, 'no-such-connector')).kind).toBe('absent');
      expect(failed(await readConfig(link, 'no-such-connector')).kind).toBe('absent');
      expect(failed(await link.read({ path: '/no-such-endpoint', shape: z.unknown() })).kind).toBe(
        'unsupported',
      );
    });

    it('refuses to change a connector that is not there', async () => {
      const nothing = ok(await readConfig(link, site.connector));
      const result = await patchConfig(link, 'no-such-connector', { 'tasks.max': '2' }, nothing);
      expect(result).toMatchObject({ undone: { kind: 'absent' } });
    });

    it('is found behind another worker when the first does not listen', async () => {
      const endpoint = { ...site.endpoint, urls: ['http://127.0.0.1:1', ...site.endpoint.urls] };
      const other = openConnect(endpoint, { clock: site.clock });
      expect(ok(await readRoot(other)).clusterId).toBe(site.clusterId);
      other.close();
    });
  });
}
