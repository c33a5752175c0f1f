import { failure } from '../core/failure.js';
import { isKnown, seen, unknown, type Known } from '../core/known.js';
import type { MetricName } from '../core/observation.js';
import type { Millis } from '../core/clock.js';
import { hostOf, type Connect } from './connects.js';
import type { History } from './history.js';
import type { Metrics } from './metrics.js';
import type { Past } from './past.js';
import type { Series } from './series.js';
import type { WorkerView } from './snapshot.js';

/** Series of the workers of all Connect clusters, and the join of their metrics. */
export class Workers {
  private readonly series = new Map<string, { readonly cpu: Series; readonly heap: Series }>();

  constructor(private readonly history: History) {}

  observeMetrics(connects: readonly Connect[], metrics: Metrics, at: Millis): void {
    for (const { connect, worker, instance } of joined(connects, metrics)) {
      const facts = factsOf(worker, instance, metrics, at);
      const { cpu, heap } = this.seriesOf(`${connect.name}/${worker}`);
      cpu.push(at, isKnown(facts.processCpu) ? facts.processCpu.value : NaN);
      heap.push(at, isKnown(facts.heap) ? facts.heap.value : NaN);
    }
  }

  /** What a metrics store has of the time before the workers' metrics were first looked for. */
  prepend(connects: readonly Connect[], metrics: Metrics, past: Past): void {
    for (const { connect, worker, instance } of joined(connects, metrics)) {
      const series = this.series.get(`${connect.name}/${worker}`);
      if (series === undefined || instance === undefined || !past.first(series)) continue;
      const hosts = hostsOf(worker, instance);
      const { cpu, heap } = past.ofWorker(instance, other => hosts.has(hostOf(other)));
      series.cpu.prepend(cpu);
      series.heap.prepend(heap);
    }
  }

  views(connects: readonly Connect[], metrics: Metrics, at: Millis): WorkerView[] {
    return joined(connects, metrics).map(({ connect, worker, instance }) => {
      const runs = [...connect.flows.values()]
        .flatMap(flow => flow.workers())
        .filter(w => w.worker === worker);
      const { cpu, heap } = this.seriesOf(`${connect.name}/${worker}`);
      return {
        id: worker,
        connect: connect.name,
        tasks: runs.filter(r => r.task !== undefined).length,
        connectors: runs.filter(r => r.task === undefined).length,
        ...factsOf(worker, instance, metrics, at),
        cpuSeries: cpu,
        heapSeries: heap,
      };
    });
  }

  private seriesOf(id: string): { readonly cpu: Series; readonly heap: Series } {
    let series = this.series.get(id);
    if (series === undefined)
      this.series.set(id, (series = { cpu: this.history.forWorker(), heap: this.history.forWorker() }));
    return series;
  }
}

type Joined = { readonly connect: Connect; readonly worker: string; readonly instance: string | undefined };

/**
 * Which scraped process is which worker: first by the tasks that both name (two workers may share a host), then, of
 * what is left, by host where only one process and one worker are left on it.
 */
function joined(connects: readonly Connect[], metrics: Metrics): Joined[] {
  const workers = connects.flatMap(connect => connect.workers().map(worker => ({ connect, worker })));
  const byTask = instancesByTask(metrics);
  const taken = new Map<string, string>();
  for (const { connect, worker } of workers) {
    const votes = new Map<string, number>();
    for (const [name, flow] of connect.flows)
      for (const run of flow.workers()) {
        if (run.worker !== worker || run.task === undefined) continue;
        const accepts = connect.acceptsFor(name, connects);
        for (const instance of byTask.get(`${name}/${run.task}`) ?? [])
          if (accepts(instance)) votes.set(instance, (votes.get(instance) ?? 0) + 1);
      }
    const best = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
    if (best !== undefined) taken.set(`${connect.name}/${worker}`, best[0]);
  }
  const used = new Set(taken.values());
  const spare = [...new Set(metrics.current('jvm-heap-used-bytes').map(s => s.instance))].filter(
    instance => !used.has(instance),
  );
  return workers.map(({ connect, worker }) => {
    const found = taken.get(`${connect.name}/${worker}`);
    if (found !== undefined) return { connect, worker, instance: found };
    const here = hostOf(worker);
    const idle = workers.filter(
      w => hostOf(w.worker) === here && !taken.has(`${w.connect.name}/${w.worker}`),
    );
    const processes = spare.filter(instance => hostOf(instance) === here);
    const instance = idle.length === 1 && processes.length === 1 ? processes[0] : undefined;
    return { connect, worker, instance };
  });
}

function instancesByTask(metrics: Metrics): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const names: MetricName[] = [
    'source-record-write-rate',
    'source-record-poll-rate',
    'source-record-active-count',
  ];
  for (const name of names)
    for (const { connector, task, instance, value } of metrics.current(name)) {
      if (connector === undefined || task === undefined || Number.isNaN(value)) continue;
      const key = `${connector}/${task}`;
      found.set(key, (found.get(key) ?? new Set()).add(instance));
    }
  return found;
}

function factsOf(
  worker: string,
  instance: string | undefined,
  metrics: Metrics,
  at: Millis,
): Pick<WorkerView, 'processCpu' | 'hostCpu' | 'hostMemory' | 'heap' | 'heapMax' | 'network' | 'rebalances'> {
  const hosts = hostsOf(worker, instance);
  const ofProcess = (name: MetricName): Known<number> => {
    const subject = `${name} of worker ${worker}`;
    if (instance !== undefined) return metrics.find(name, subject, s => s.instance === instance);
    const reason = metrics.current(name).length === 0 ? metrics.why(name, subject) : undefined;
    return unknown(reason ?? failure('absent', subject, 'no metrics name a task of this worker'), at);
  };
  const ofHost = (name: MetricName): Known<number> =>
    metrics.find(name, `${name} of ${[...hosts].join(' or ')}`, s => hosts.has(hostOf(s.instance)));
  return {
    // Cores that the process uses over cores that its host has.
    processCpu: share(ofProcess('process-cpu'), ofHost('node-cores')),
    hostCpu: ofHost('node-cpu'),
    hostMemory: ofHost('node-memory-used'),
    heap: share(ofProcess('jvm-heap-used-bytes'), ofProcess('jvm-heap-max-bytes')),
    heapMax: ofProcess('jvm-heap-max-bytes'),
    network: ofHost('node-network-bytes'),
    rebalances: ofProcess('worker-rebalances-total'),
  };
}

function hostsOf(worker: string, instance: string | undefined): ReadonlySet<string> {
  return new Set([hostOf(worker), ...(instance === undefined ? [] : [hostOf(instance)])]);
}

function share(part: Known<number>, whole: Known<number>): Known<number> {
  if (!isKnown(part)) return unknown(part.unknown, part.since);
  if (!isKnown(whole)) return unknown(whole.unknown, whole.since);
  return seen(part.value / whole.value, part.at);
}
