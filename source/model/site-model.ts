import type { Millis } from '../core/clock.js';
import type { Observation } from '../core/observation.js';
import { byTopic, Cluster, type ConnectGroupChange } from './clusters.js';
import { Connect } from './connects.js';
import type { FlowInterest } from '../core/interest.js';
import type { Flow } from './flow.js';
import type { NamedCluster } from './flows.js';
import { defaultCapacity, History, type HistoryCapacity } from './history.js';
import { Metrics } from './metrics.js';
import { once } from './once.js';
import { Past } from './past.js';
import type { FlowView, Snapshot } from './snapshot.js';
import type { TopicView } from './topic-view.js';
import { brokerMachines, Workers } from './workers.js';

export type SiteModelOptions = {
  readonly clusters: readonly NamedCluster[];
  readonly connects: readonly { readonly name: string; readonly cluster?: string }[];
  readonly history?: Partial<HistoryCapacity>;
};

/**
 * All that is known of a site, folded from observations. It has no clock: the same observations in the same order
 * give the same snapshots, whenever those are taken.
 */
export class SiteModel {
  private site: Site | undefined;
  private revision = 0;

  constructor(private readonly options: SiteModelOptions) {}

  fold(o: Observation): void {
    this.site ??= new Site(this.options, o.asked);
    this.site.fold(o);
    this.revision++;
  }

  /** What must be asked beyond a sweep of the clusters: flushed positions, and the ends of replicated topics. */
  interests(): FlowInterest[] {
    return this.site?.interests() ?? [];
  }

  /** `at` is the time of the tick: series are read up to it, and "last hour" ends there. */
  snapshot(at: Millis): Snapshot {
    const site = this.site ?? new Site(this.options, at);
    const topics = site.topicsLater();
    return {
      revision: this.revision,
      at,
      ...site.views(at),
      get topics() {
        return topics();
      },
    };
  }
}

/** The parts of a site, from the first observation on. */
class Site {
  private readonly clusters: readonly Cluster[];
  private readonly connects: readonly Connect[];
  private readonly metrics: Metrics;
  private readonly workers: Workers;
  private readonly past = new Past();
  private readonly history: History;

  constructor(
    private readonly options: SiteModelOptions,
    at: Millis,
  ) {
    this.history = new History({ ...defaultCapacity, ...options.history });
    this.clusters = options.clusters.map(({ name }) => new Cluster(name, this.history, at));
    this.connects = options.connects.map(({ name, cluster }) => new Connect(name, cluster, this.history, at));
    this.metrics = new Metrics(at);
    this.workers = new Workers(this.history);
  }

  fold(o: Observation): void {
    switch (o.kind) {
      case 'cluster': {
        const cluster = this.cluster(o.cluster);
        const remains = cluster?.observeMetadata(o);
        if (cluster === undefined || remains === undefined) return;
        for (const flow of this.flows())
          if (flow.identity?.source?.cluster === cluster.name) flow.retain(remains);
        return;
      }
      case 'offsets': {
        this.cluster(o.cluster)?.observeOffsets(o);
        for (const flow of this.flows()) flow.observeOffsets(o);
        return this.history.rank(o.answered);
      }
      case 'groups':
        return this.cluster(o.cluster)?.observeListing(o);
      case 'described':
        for (const change of this.cluster(o.cluster)?.observeDescribed(o) ?? [])
          this.connectOf(o.cluster, change)?.observeGroup(change, o.answered);
        return;
      case 'committed':
      case 'share-offsets':
        return this.cluster(o.cluster)?.observeCommitted(o);
      case 'connect':
        return this.connect(o.connect)?.observeRoot(o);
      case 'connectors': {
        const connect = this.connect(o.connect);
        return connect?.observeConnectors(
          o,
          this.options.clusters,
          connect.kafka(this.clusters),
          (cluster, topic) => (cluster === undefined ? 0 : (this.cluster(cluster)?.partitionsOf(topic) ?? 0)),
        );
      }
      case 'positions':
        return this.connect(o.connect)?.observePositions(o);
      case 'topic-configs':
        return this.cluster(o.cluster)?.observeConfigs(o);
      case 'plugins':
        return this.connect(o.connect)?.observePlugins(o);
      case 'broker-configs':
        return this.cluster(o.cluster)?.observeBrokerConfigs(o);
      case 'quotas':
        return this.cluster(o.cluster)?.observeQuotas(o);
      case 'acls':
        return this.cluster(o.cluster)?.observeAcls(o);
      case 'reassignments':
        return this.cluster(o.cluster)?.observeReassignments(o);
      case 'log-dirs':
        return this.cluster(o.cluster)?.observeLogDirs(o);
      case 'metrics-past':
        this.past.fold(o);
        return this.fillPast(o.answered);
      case 'metrics':
        this.metrics.fold(o);
        for (const connect of this.connects)
          for (const flow of connect.flows.values())
            flow.observeMetrics(this.metrics, connect.acceptsFor(flow.connector, this.connects), o.answered);
        this.workers.observeMetrics(this.connects, this.metrics, o.answered);
        return this.fillPast(o.answered);
    }
  }

  interests(): FlowInterest[] {
    return [...this.flows()].flatMap(flow => flow.interest() ?? []);
  }

  views(at: Millis): Omit<Snapshot, 'revision' | 'at' | 'topics'> {
    const machine = brokerMachines(this.connects, this.metrics, this.clusters, at);
    return {
      clusters: this.clusters.map(c => c.view(machine)),
      connects: this.connects.map(c => c.view()),
      metrics: this.metrics.views(),
      flows: this.connects.flatMap(connect => this.flowViews(connect, at)),
      groups: this.clusters.flatMap(c => c.groupViews(at)),
      workers: this.workers.views(this.connects, this.metrics, at),
      history: this.history.usage(),
    };
  }

  topicsLater(): () => readonly TopicView[] {
    const flows = [...this.flows()].map(flow => ({ id: flow.id, ends: flow.identity, topics: flow.topics }));
    const ofClusters = this.clusters.map(cluster => {
      const at = (
        which: 'source' | 'target',
        use: 'reads' | 'writes',
      ): ReadonlyMap<string, readonly string[]> =>
        byTopic(
          flows
            .filter(flow => flow.ends?.[which]?.cluster === cluster.name)
            .map(({ id, topics }) => ({ id, topics: topics[use] })),
        );
      return cluster.topicsLater({
        readingFlows: at('source', 'reads'),
        writingFlows: at('target', 'writes'),
      });
    });
    return once(() => ofClusters.flatMap(topics => topics()));
  }

  /** Gives the past to the flows and workers that were not given it yet. */
  private fillPast(at: Millis): void {
    const { past, connects } = this;
    if (!past.waits(at)) return;
    for (const connect of connects)
      for (const flow of connect.flows.values())
        if (flow.measured && past.first(flow))
          flow.prepend(past.ofFlow(flow.connector, connect.acceptsFor(flow.connector, connects)));
    this.workers.prepend(connects, this.metrics, past);
  }

  private flowViews(connect: Connect, at: Millis): FlowView[] {
    const rebalances = connect.rebalances.view(at);
    const leaders = new Map(this.clusters.map(cluster => [cluster.name, cluster.leaders()]));
    return [...connect.flows.values()].map(flow =>
      flow.view(at, {
        rebalances,
        metrics: this.metrics,
        accepts: connect.acceptsFor(flow.connector, this.connects),
        leader: leaders.get(flow.identity?.source?.cluster ?? '') ?? (() => undefined),
      }),
    );
  }

  /** The Connect cluster whose workers form a group: on the Kafka cluster that it uses, and naming its workers. */
  private connectOf(cluster: string, change: ConnectGroupChange): Connect | undefined {
    return this.connects.find(c => c.kafka(this.clusters) === cluster && c.owns(change));
  }

  private *flows(): Generator<Flow> {
    for (const connect of this.connects) yield* connect.flows.values();
  }

  private cluster(name: string): Cluster | undefined {
    return this.clusters.find(c => c.name === name);
  }

  private connect(name: string): Connect | undefined {
    return this.connects.find(c => c.name === name);
  }
}
