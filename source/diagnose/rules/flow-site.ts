import { isKnown, latest, valueOf } from '../../core/known.js';
import type { AclOperation } from '../../core/observation.js';
import { hostOf } from '../../model/machines.js';
import type { ClusterView, FlowView, Snapshot, TopicView, WorkerView } from '../../model/snapshot.js';

/** What of the site concerns one flow. */

export function clusterOf(snapshot: Snapshot, end: FlowView['source']): ClusterView | undefined {
  return snapshot.clusters.find(c => c.name === end?.cluster);
}

/** Topics of the source that it reads, and of the target that it writes; none where that cluster is not watched. */
export function topicsRead(flow: FlowView, { topics }: Snapshot): readonly TopicView[] {
  return topics.filter(t => t.cluster === flow.source?.cluster && t.readers.flows.includes(flow.id));
}

export function topicsWritten(flow: FlowView, { topics }: Snapshot): readonly TopicView[] {
  return topics.filter(t => t.cluster === flow.target?.cluster && t.writers.includes(flow.id));
}

/** Names in `topics` of its configuration that its source cluster does not have; undefined where that cannot be told. */
export function topicsMissing(
  flow: FlowView,
  snapshot: Snapshot,
): { readonly missing: readonly string[]; readonly of: number } | undefined {
  const cluster = clusterOf(snapshot, flow.source);
  const config = latest(flow.config)?.value;
  if (cluster === undefined || config === undefined || cluster.blind || !isKnown(cluster.brokers))
    return undefined;
  const names = (config['topics'] ?? '').split(',').map(name => name.trim());
  if (!names.every(name => /^[\w.-]+$/.test(name)) || names.includes('.')) return undefined;
  const there = new Set(snapshot.topics.filter(t => t.cluster === cluster.name).map(t => t.topic));
  return { missing: names.filter(name => !there.has(name)), of: names.length };
}

/** Brokers that the cluster counts, and those of them that do not answer kmon. */
export function brokersSilent(
  cluster: ClusterView | undefined,
): { readonly silent: readonly number[]; readonly of: number } | undefined {
  const brokers = cluster && valueOf(cluster.brokers);
  if (brokers === undefined) return undefined;
  const silent = brokers.filter(b => !isKnown(b.answers) && b.answers.unknown.kind !== 'early');
  return { silent: silent.map(b => b.id), of: brokers.length };
}

export type Worst = { readonly worker: string; readonly value: number };

/** The worker that runs one of its tasks and of which `of` says most; undefined where none tells. */
export function worstWorker(
  flow: FlowView,
  snapshot: Snapshot,
  of: (worker: WorkerView) => number | undefined,
): Worst | undefined {
  const mine = new Set(flow.tasks.map(t => t.worker));
  return snapshot.workers
    .filter(w => w.connect === flow.connect && mine.has(w.id))
    .flatMap((w): Worst[] => {
      const value = of(w);
      return value === undefined ? [] : [{ worker: w.id, value }];
    })
    .sort((a, b) => b.value - a.value)[0];
}

/** The host on which the workers of a flow together use the most CPU, as shares of its cores; undefined where that is not known. */
export function busiestHost(
  flow: FlowView,
  snapshot: Snapshot,
): { readonly workers: number; readonly all: number } | undefined {
  const mine = new Set(flow.tasks.map(t => t.worker));
  const hosts = new Map<string, { workers: number; all: number }>();
  for (const worker of snapshot.workers) {
    const [own, all] = [valueOf(worker.processCpu), valueOf(worker.hostCpu)];
    if (worker.connect !== flow.connect || !mine.has(worker.id) || own === undefined || all === undefined)
      continue;
    const host = hostOf(worker.id);
    hosts.set(host, { workers: (hosts.get(host)?.workers ?? 0) + own, all });
  }
  return [...hosts.values()].sort((a, b) => b.workers - a.workers)[0];
}

/**
 * Whether the ACLs let `user` do `operation` on a topic; undefined where they are not known. A super user needs none and is not
 * told from others here, so that a no proves nothing by itself.
 */
export function mayOn(
  cluster: ClusterView | undefined,
  user: string | undefined,
  topic: string,
  operation: AclOperation,
): boolean | undefined {
  const known = cluster && valueOf(cluster.acls);
  if (known === undefined || user === undefined || known.left > 0) return undefined;
  const mine = known.acls.filter(
    ({ on, name, pattern, principal, operation: what }) =>
      on === 'topic' &&
      (what === operation || what === 'All') &&
      (principal === `User:${user}` || principal === 'User:*') &&
      (pattern === 'prefixed' ? topic.startsWith(name) : name === topic || name === '*'),
  );
  return mine.some(a => a.permission === 'allow') && !mine.some(a => a.permission === 'deny');
}
