import { isKnown, seen, unknown, type Known } from '../core/known.js';
import type { MetricName } from '../core/observation.js';
import type { Millis } from '../core/clock.js';
import type { MachineOf } from './broker-views.js';
import type { Cluster } from './clusters.js';
import type { Connect } from './connects.js';
import type { History } from './history.js';
import { MachineLoads, type MachineLoad } from './machine-loads.js';
import { hostOf, machineOf, processes, processOn } from './machines.js';
import type { Metrics } from './metrics.js';
import type { Past } from './past.js';
import type { WorkerView } from './snapshot.js';

/** Series of the workers of all Connect clusters, and the join of their metrics. */
export class Workers {
  private readonly loads: MachineLoads;
  private readonly brokerLoads: MachineLoads;

  constructor(history: History) {
    this.loads = new MachineLoads(history);
    this.brokerLoads = new MachineLoads(history);
  }

  observeMetrics(connects: readonly Connect[], metrics: Metrics, at: Millis): void {
    const counts = new Map<Connect, Map<string, number>>();
    for (const { connect, worker, instance } of joined(connects, metrics, at)) {
      const facts = machineOf(`worker ${worker}`, instance, hostOf(worker), metrics);
      this.loads.push(`${connect.name}/${worker}`, at, facts);
      const completed = rebalancesOf(worker, instance, metrics);
      if (isKnown(completed)) {
        const ofConnect = counts.get(connect) ?? new Map<string, number>();
        counts.set(connect, ofConnect.set(worker, completed.value));
      }
    }
    for (const [connect, completed] of counts) connect.observeCompleted(at, completed);
  }

  /** What a metrics store has of the time before the workers' metrics were first looked for. */
  prepend(connects: readonly Connect[], metrics: Metrics, past: Past): void {
    for (const { connect, worker, instance } of joined(connects, metrics, 0)) {
      const series = this.loads.kept(`${connect.name}/${worker}`);
      if (series === undefined || !isKnown(instance) || !past.first(series)) continue;
      const hosts = new Set([hostOf(worker), hostOf(instance.value)]);
      const { cpu, heap } = past.ofWorker(instance.value, other => hosts.has(hostOf(other)));
      series.cpu.prepend(cpu);
      series.heap.prepend(heap);
    }
  }

  views(connects: readonly Connect[], metrics: Metrics, at: Millis): WorkerView[] {
    return joined(connects, metrics, at).map(({ connect, worker, instance }) => {
      const runs = [...connect.flows.values()]
        .flatMap(flow => flow.workers())
        .filter(w => w.worker === worker);
      return {
        id: worker,
        connect: connect.name,
        tasks: runs.filter(r => r.task !== undefined).length,
        connectors: runs.filter(r => r.task === undefined).length,
        ...machineOf(`worker ${worker}`, instance, hostOf(worker), metrics),
        rebalances: rebalancesOf(worker, instance, metrics),
        load: this.loads.of(`${connect.name}/${worker}`),
      };
    });
  }

  observeBrokers(clusters: readonly Cluster[], machine: MachineOf, at: Millis): void {
    for (const cluster of clusters)
      for (const { id, host } of cluster.brokerHosts())
        this.brokerLoads.pushTold(`${cluster.name}/${id}`, at, machine(`broker ${id}`, host));
  }

  /** What brokers do over time, by cluster and id. */
  readonly brokerLoad = (cluster: string, broker: number): MachineLoad =>
    this.brokerLoads.of(`${cluster}/${broker}`);
}

type Joined = { readonly connect: Connect; readonly worker: string; readonly instance: Known<string> };

/**
 * Which scraped process is which worker: first by the tasks that both name (two workers may share a host), then, of
 * what is left, by host where only one process and one worker are left on it.
 */
function joined(connects: readonly Connect[], metrics: Metrics, at: Millis): Joined[] {
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
  const spare = processes(metrics).filter(instance => !used.has(instance));
  const idle = workers.filter(w => !taken.has(`${w.connect.name}/${w.worker}`));
  return workers.map(({ connect, worker }) => {
    const found = taken.get(`${connect.name}/${worker}`);
    if (found !== undefined) return { connect, worker, instance: seen(found, at) };
    const rivals = idle.flatMap(w => (w.worker === worker && w.connect === connect ? [] : hostOf(w.worker)));
    const instance = processOn(`worker ${worker}`, hostOf(worker), spare, rivals, at);
    return { connect, worker, instance };
  });
}

/**
 * What metrics tell of brokers: no metric that kmon reads names one, so that a process is a broker's only where it is alone on the
 * broker's host and no worker's.
 */
export function brokerMachines(
  connects: readonly Connect[],
  metrics: Metrics,
  clusters: readonly Cluster[],
  at: Millis,
): MachineOf {
  const workers = joined(connects, metrics, at);
  const ofWorkers = new Set([
    ...workers.flatMap(({ instance }) => (isKnown(instance) ? instance.value : [])),
    ...metrics.current('worker-rebalances-total').map(s => s.instance),
    ...[...instancesByTask(metrics).values()].flatMap(instances => [...instances]),
  ]);
  const spare = processes(metrics).filter(instance => !ofWorkers.has(instance));
  const strays = workers.flatMap(({ worker, instance }) => (isKnown(instance) ? [] : hostOf(worker)));
  const brokers = clusters.flatMap(cluster => cluster.brokerHosts().map(({ host }) => host));
  return (who, host) => {
    const own = brokers.indexOf(host);
    const rivals = [...strays, ...brokers.filter((_, i) => i !== own)];
    return machineOf(who, processOn(who, host, spare, rivals, at), host, metrics);
  };
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

function rebalancesOf(worker: string, instance: Known<string>, metrics: Metrics): Known<number> {
  const subject = `worker-rebalances-total of worker ${worker}`;
  if (!isKnown(instance)) return unknown({ ...instance.unknown, subject }, instance.since);
  return metrics.find('worker-rebalances-total', subject, s => s.instance === instance.value);
}
