import { describe, expect, it } from 'vitest';
import { valueOf } from '../../source/core/known.js';
import type { ConnectorSeen, MetricName, Observation, Sample } from '../../source/core/observation.js';
import { SiteModel } from '../../source/model/site-model.js';
import type { BrokerView, WorkerView } from '../../source/model/snapshot.js';
import { site } from '../support/site-stream.js';

function connectors(...workers: readonly string[]): Observation {
  const tasks = workers.map((worker, task) => ({ task, state: 'RUNNING', worker }));
  const connector: ConnectorSeen = {
    connector: 'mm2',
    type: 'source',
    state: 'RUNNING',
    worker: workers[0] ?? '',
    tasks,
    config: {},
  };
  return { kind: 'connectors', connect: 'us', asked: 0, answered: 0, answer: { ok: [connector] } };
}

function brokers(...hosts: readonly string[]): Observation {
  const ok = {
    clusterId: 'id-us',
    controller: 1,
    brokers: hosts.map((host, i) => ({ id: i + 1, host, port: 9092 + i })),
    topics: [],
  };
  return { kind: 'cluster', cluster: 'us', asked: 0, answered: 0, answer: { ok } };
}

type Values = Partial<Record<MetricName, Readonly<Record<string, number>>>>;

function metrics(values: Values, tasks: Readonly<Record<string, number>> = {}): Observation {
  const samples: Partial<Record<MetricName, Sample[]>> = {};
  for (const [name, byInstance] of Object.entries(values) as [MetricName, Record<string, number>][])
    samples[name] = Object.entries(byInstance).map(([instance, value]) => ({ instance, value }));
  samples['source-record-write-rate'] = Object.entries(tasks).map(([instance, task]) => ({
    instance,
    value: 1,
    connector: 'mm2',
    task,
  }));
  const answer = { ok: { samples, missing: {}, found: {}, rateWindow: 30 } };
  return { kind: 'metrics', source: 'prometheus', asked: 1, answered: 1, answer };
}

const heap = (...instances: readonly string[]): Values => ({
  'jvm-heap-used-bytes': Object.fromEntries(instances.map((i, n) => [i, 100 * (n + 1)])),
  'jvm-heap-max-bytes': Object.fromEntries(instances.map(i => [i, 1_000])),
  'jvm-gc-share': Object.fromEntries(instances.map((i, n) => [i, 0.01 * (n + 1)])),
});

function look(...observations: readonly Observation[]): {
  readonly workers: readonly WorkerView[];
  readonly brokers: readonly BrokerView[];
} {
  const model = new SiteModel(site);
  for (const o of observations) model.fold(o);
  const snapshot = model.snapshot(2);
  const found = snapshot.clusters.find(c => c.name === 'us')?.brokers;
  return { workers: snapshot.workers, brokers: found === undefined ? [] : (valueOf(found) ?? []) };
}

describe('a worker whose tasks no metric names', () => {
  it('is the one process of its host', () => {
    const { workers } = look(connectors('w1:8083', 'w2:8083'), metrics(heap('w2:9404', 'w1:9404')));
    expect(workers).toMatchObject([
      { id: 'w1:8083', heap: { value: 0.2 }, heapBytes: { value: 200 }, gcShare: { value: 0.02 } },
      { id: 'w2:8083', heap: { value: 0.1 }, heapBytes: { value: 100 } },
    ]);
  });

  it('is not told apart from another one on its host, and says why', () => {
    const { workers } = look(connectors('w1:8083', 'w1:8084'), metrics(heap('w1:9404', 'w1:9405')));
    for (const worker of workers)
      expect(worker.heap).toMatchObject({
        unknown: { kind: 'absent', detail: expect.stringContaining('2 processes on w1') as string },
      });
    const one = look(connectors('w1:8083', 'w1:8084'), metrics(heap('w1:9404'))).workers[0];
    expect(one?.heap).toMatchObject({
      unknown: { detail: expect.stringContaining('metrics come from one') as string },
    });
  });

  it('is what is left on its host after those that tasks name', () => {
    const { workers } = look(
      connectors('w1:8083', 'w1:8084'),
      metrics(heap('w1:9404', 'w1:9405'), { 'w1:9405': 0 }),
    );
    expect(workers.map(w => valueOf(w.heapBytes))).toEqual([200, 100]);
  });

  it('may be known by the first part of its name, where that is one host’s alone', () => {
    const long = look(connectors('w1.eu.example.com:8083'), metrics(heap('w1:9404'))).workers[0];
    expect(long?.heap).toMatchObject({ value: 0.1 });
    const twins = look(
      connectors('w1.eu.example.com:8083', 'w1.us.example.com:8083'),
      metrics(heap('w1:9404')),
    );
    expect(twins.workers[0]?.heap).toHaveProperty('unknown');
  });

  it('has the load of its host, though its process is not known', () => {
    const { workers } = look(
      connectors('w1:8083', 'w1:8084'),
      metrics({ 'node-cpu': { 'w1:9100': 0.7, 'w2:9100': 0.1 }, 'node-network-bytes': { 'w1:9100': 5 } }),
    );
    expect(workers[1]).toMatchObject({
      hostCpu: { value: 0.7 },
      network: { value: 5 },
      heap: { unknown: {} },
    });
  });
});

describe('a broker', () => {
  it('has the metrics of the one process on its host that is no worker’s', () => {
    const { brokers: found } = look(
      brokers('b1', 'w1'),
      connectors('w1:8083'),
      metrics({ ...heap('b1:9404', 'w1:9404', 'w1:9405'), 'node-cpu': { 'b1:9100': 0.3 } }, { 'w1:9404': 0 }),
    );
    expect(found.map(b => b.machine)).toMatchObject([
      { heap: { value: 0.1 }, hostCpu: { value: 0.3 } },
      { heap: { value: 0.3 } },
    ]);
  });

  it('has a load over time where something was told of it, and takes no memory where nothing was', () => {
    const told = brokers('b1', 'b2');
    const later = (at: number): Observation => ({ ...metrics(heap('b1:9404')), asked: at, answered: at });
    const { brokers: found } = look(told, later(1_000), later(6_000));
    expect(found.map(b => b.load.heap.length)).toEqual([2, 0]);
    expect(found[0]?.load.heap.valueAt(1)).toBe(0.1);
    expect(found.map(b => b.load.heap.capacity > 0)).toEqual([true, false]);
  });

  it('is not told apart from another one on its host, nor from a worker whose process is not known', () => {
    const twins = look(brokers('b1', 'b1'), metrics(heap('b1:9404')));
    expect(twins.brokers[0]?.machine.heap).toHaveProperty('unknown');
    const stray = look(brokers('w1'), connectors('w1:8083', 'w1:8084'), metrics(heap('w1:9404')));
    expect(stray.brokers[0]?.machine.heap).toHaveProperty('unknown');
  });
});
