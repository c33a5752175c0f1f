import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PartitionReader } from '../../lab/partitions.js';
import { startKafka, type SimulatedKafka } from '../../source/simulator/kafka/start.js';

/** The reader of the truth outlives the brokers that it reads from. */

let folder: string;
let kafka: SimulatedKafka;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kmon-lab-'));
  const partitions = [1, 2, 3].map(leader => ({
    leader,
    replicas: [1, 2, 3],
    isr: [1, 2, 3],
    logStart: 0,
    logEnd: 0,
    error: 0,
  }));
  kafka = await startKafka({ clusterId: 'sim-us-cluster-id-0001', topics: { orders: { partitions } } });
});

afterEach(async () => {
  await kafka.stop();
  rmSync(folder, { recursive: true });
});

describe('reading while a broker is down', () => {
  it('leaves nothing behind at the sockets that it had, however often it is tried', async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error): void => void warnings.push(warning);
    process.on('warning', hear);
    const bootstrap = { eu: [], us: kafka.bootstrap, euSasl: [], usSasl: [], usTls: [] };
    const reader = new PartitionReader({ folder, paths: { logs: folder }, bootstrap }, 'us');
    try {
      await reader.ends(['orders']);
      const ends = new Map([['orders', new Map([0, 1, 2].map(partition => [partition, 1]))]]);
      await reader.lastRecords(ends);
      await kafka.afflict(2, 'down');
      // It is gone, and its cluster has not noticed: so it is tried again and again at the same address.
      for (const broker of kafka.state.brokers) broker.fault = 'none';
      for (let tried = 0; tried < 12; tried++) await expect(reader.lastRecords(ends)).rejects.toThrow();
    } finally {
      await reader.close();
      process.off('warning', hear);
    }
    expect(warnings.map(String)).toEqual([]);
  });
});
