/** The situations in which kmon must be silent. */
import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaClient, labLog } from '../clients.js';
import { putConnectors, workersAreReady } from '../connectors.js';
import { deleteGroup, setGroup, settingsOf } from '../groups.js';
import { healthyLoad, setLoad } from '../load.js';
import { startParts } from '../parts.js';
import { end } from '../processes.js';
import type { Properties } from '../properties.js';
import type { LabSite } from '../site.js';
import { until } from '../wait.js';
import { workerNames, writeWorkers } from '../workers.js';
import { writeRecords } from '../write.js';
import type { Calm } from './calm.js';

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

const betweenDeployments = 600_000;

const healthy: Calm = { name: 'healthy', about: '1,000 records/s, and nothing else', alone: true };

const bursts: Calm = {
  name: 'bursts',
  about: 'three times the load for 8 s of each minute: more than the tasks carry, and worked off at once',
  during: async (site, signal) => {
    while (!signal.aborted) {
      setLoad(site, { rate: 3_000 });
      await pause(8_000, signal);
      setLoad(site, healthyLoad);
      await pause(52_000, signal);
    }
  },
  end: site => Promise.resolve(void setLoad(site, healthyLoad)),
};

const idle: Calm = {
  name: 'idle',
  about: 'nothing is written',
  alone: true,
  during: async (site, signal) => {
    setLoad(site, { rate: 0 });
    await pause(24 * 3_600_000, signal);
  },
  end: site => Promise.resolve(void setLoad(site, healthyLoad)),
};

const rollingConsumers: Calm = {
  name: 'rolling-consumers',
  about:
    'each member of search-indexer leaves and comes back, one after the other: a deployment, every ten minutes',
  during: async (site, signal) => {
    const group = 'search-indexer';
    while (!signal.aborted) {
      setGroup(site, group, { ...settingsOf(group).read(site), rolledAt: Date.now() });
      await pause(betweenDeployments, signal);
    }
  },
};

const rollingWorkers: Calm = {
  name: 'rolling-workers',
  about:
    'each Connect worker is ended and started again, one after the other: a deployment, every ten minutes',
  alone: true,
  during: async (site, signal) => {
    while (!signal.aborted) {
      for (const worker of workerNames) {
        await end(site, [worker]);
        startParts(site, [worker]);
        await until(worker, () => workersAreReady(site), { timeoutMs: 60_000 });
        await putConnectors(site);
        await pause(10_000, signal);
      }
      await pause(betweenDeployments, signal);
    }
  },
  end: async site => {
    startParts(site, workerNames);
    await until('the workers', () => workersAreReady(site), { timeoutMs: 60_000 });
    await putConnectors(site);
  },
};

const transactional: Calm = {
  name: 'transactional',
  about: 'one more source topic, written in ten transactions a second: their markers take offsets',
  topic: { topic: 'ledger', partitions: 3 },
  during: async (site, signal) => {
    const producer = kafkaClient(site, 'eu', { clientId: 'ledger', log: labLog(site) }).producer({
      transactionalId: 'ledger',
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    try {
      while (!signal.aborted) {
        const transaction = await producer.transaction();
        await transaction.send({
          topic: 'ledger',
          messages: Array.from({ length: 10 }, (_, i) => ({ key: `account-${i}`, value: `${Date.now()}` })),
        });
        await transaction.commit();
        await pause(100, signal);
      }
    } finally {
      await producer.disconnect();
    }
  },
};

const compacted: Calm = {
  name: 'compacted',
  about: 'one more source topic, compacted all the time: most of its offsets are of records that are gone',
  topic: {
    topic: 'profiles',
    partitions: 3,
    config: {
      'cleanup.policy': 'compact',
      'segment.ms': 10_000,
      'min.cleanable.dirty.ratio': 0.01,
      'max.compaction.lag.ms': 10_000,
    },
  },
  during: async (site, signal) => {
    const producer = kafkaClient(site, 'eu', { clientId: 'profiles', log: labLog(site) }).producer();
    await producer.connect();
    try {
      while (!signal.aborted) {
        await producer.send({
          topic: 'profiles',
          messages: Array.from({ length: 20 }, (_, i) => ({ key: `customer-${i}`, value: `${Date.now()}` })),
        });
        await pause(200, signal);
      }
    } finally {
      await producer.disconnect();
    }
  },
};

async function restartWorkers(site: LabSite, change: Properties = {}): Promise<void> {
  await end(site, workerNames);
  writeWorkers(site, change);
  startParts(site, workerNames);
  await until('the workers', () => workersAreReady(site), { timeoutMs: 60_000 });
}

const shareGroup = 'fraud-share';

const exactlyOnce: Calm = {
  name: 'exactly-once',
  about:
    'workers and mm2-source run exactly-once: the markers of their transactions take offsets in the target',
  source: {
    'exactly.once.support': 'required',
    'source.consumer.isolation.level': 'read_committed',
  },
  prepare: async site => {
    // Measured twice: a share consumer of Kafka 4.3.1 gets nothing more once transactions are written to its topic. kmon finds
    // that it has stalled, and rightly: it is no part of what must be calm.
    await end(site, [shareGroup]);
    await until(
      'the share group to be without members',
      () => deleteGroup(site, 'us', shareGroup).then(() => true),
      { timeoutMs: 60_000 },
    );
    await restartWorkers(site, { 'exactly.once.source.support': 'enabled' });
  },
  end: async site => {
    await restartWorkers(site);
    startParts(site, [shareGroup]);
  },
};

const secondWriter: Calm = {
  name: 'second-writer',
  about: 'somebody else writes into eu.payments as well, some records every five seconds',
  during: async (site: LabSite, signal) => {
    while (!signal.aborted) {
      await writeRecords(site, 'us', { topic: 'eu.payments', partitions: 6, each: 5 });
      await pause(5_000, signal);
    }
  },
};

export const calms: readonly Calm[] = [
  healthy,
  bursts,
  idle,
  rollingConsumers,
  rollingWorkers,
  transactional,
  compacted,
  exactlyOnce,
  secondWriter,
];
