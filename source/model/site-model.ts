import type { Millis } from '../core/clock.js';
import type { Observation } from '../core/observation.js';
import type { Change } from './change-log.js';
import { byTopic } from './by-topic.js';
import type { ConnectGroupChange } from './cluster-groups.js';
import { Cluster } from './clusters.js';
import { Connect } from './connects.js';
import type { FlowInterest } from '../core/interest.js';
import type { Flow } from './flow.js';
import type { NamedCluster } from './flows.js';
import type { Look } from './groups.js';
import { defaultCapacity, History, nothing, type HistoryCapacity } from './history.js';
import { Metrics } from './metrics.js';
import { Moments } from './moments.js';
import { once } from './once.js';
import { Past } from './past.js';
import { pastCluster, pastGroups, pastTopics, type ClusterKept } from './past-cluster.js';
import { pastRebalances, type RebalancesKept } from './seen-rebalances.js';
import type { FlowView, GroupView, HistoryView, Snapshot } from './snapshot.js';
import type { TopicView } from './topic-view.js';
import type { TopicUse } from './topic-views.js';
import { flowSkewOf } from './view-skew.js';
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
  private readonly history: History;
  private readonly moments: Moments<Kept>;
  /** The time of the newest answer. */
  private latest: Millis = -Infinity;

  constructor(private readonly options: SiteModelOptions) {
    const capacity = { ...defaultCapacity, ...options.history };
    this.history = new History(capacity);
    this.moments = new Moments(capacity.moments);
  }

  fold(o: Observation): void {
    this.site ??= new Site(this.options, this.history, o.asked);
    // What a moment looked like is kept before the first answer after it, so that no look at the model matters.
    if (this.revision > 0 && this.moments.due(this.latest, o.answered))
      this.moments.keep(this.latest, this.kept(this.site));
    this.site.fold(o);
    this.revision++;
    this.latest = Math.max(this.latest, o.answered);
  }

  /** Notes what no observation tells: a finding, a step of a remedy, a mark of the user. */
  note(...changes: readonly Change[]): void {
    this.history.log.note(...changes);
  }

  /** What must be asked beyond a sweep of the clusters: flushed positions, and the ends of replicated topics. */
  interests(): FlowInterest[] {
    return this.site?.interests() ?? [];
  }

  /** `at` is the time of the tick: series are read up to it, and "last hour" ends there. */
  snapshot(at: Millis): Snapshot {
    const site = this.site ?? new Site(this.options, this.history, at);
    const views = { revision: this.revision, ...site.views(at), history: this.usage() };
    return this.whole(at, views, site.topicsLater());
  }

  /**
   * All that was known at a time, as far as it is kept: `snapshot(at)` from the newest answer on; before that the last moment
   * that is kept and not later, with its series read to `at`; before all of them nothing.
   */
  at(at: Millis): Snapshot {
    if (at >= this.latest) return this.snapshot(at);
    const moment = this.moments.at(at);
    if (moment === undefined) {
      const blank = new Site(this.options, new History(nothing), at);
      return this.whole(at, { revision: 0, ...blank.views(at), history: this.usage() }, () => []);
    }
    const { views, topics } = pastOf(moment.value, moment.at);
    return this.whole(at, { ...views, history: this.usage() }, topics);
  }

  /** Times that can be gone back to, oldest first: at each of them another moment begins. */
  momentTimes(): readonly Millis[] {
    return this.moments.times;
  }

  private kept(site: Site): Kept {
    const { latest: at } = this;
    return { views: { revision: this.revision, ...site.views(at, 'glance') }, left: site.kept(at) };
  }

  private whole(
    at: Millis,
    known: Omit<Snapshot, 'at' | 'topics' | 'changes'>,
    topics: () => readonly TopicView[],
  ): Snapshot {
    const changes = once(this.history.log.until(at));
    return {
      at,
      ...known,
      get topics() {
        return topics();
      },
      get changes() {
        return changes();
      },
    };
  }

  private usage(): HistoryView {
    const { times } = this.moments;
    const [oldest, newest] = [times[0], times.at(-1)];
    return {
      ...this.history.usage(),
      moments: {
        ...this.moments.usage(),
        ...(oldest !== undefined && { oldest }),
        ...(newest !== undefined && { newest }),
      },
    };
  }
}

type Views = Omit<Snapshot, 'revision' | 'at' | 'topics' | 'changes' | 'history'>;

/** What the views of a moment leave to be made on demand is made of this. */
type Left = {
  readonly clusters: readonly ClusterKept[];
  readonly rebalances: readonly RebalancesKept[];
  readonly topics: readonly Flow['topics'][];
};

/** What is kept of a moment. */
type Kept = { readonly views: Views & { readonly revision: number }; readonly left: Left };

/** What was known at a moment, of what is kept of it. */
function pastOf(
  { views, left }: Kept,
  at: Millis,
): { readonly views: Kept['views']; readonly topics: () => readonly TopicView[] } {
  const ofCluster = (name: string): readonly GroupView[] => views.groups.filter(g => g.cluster === name);
  const clusters = views.clusters.flatMap((view, i) => {
    const kept = left.clusters[i];
    return kept === undefined ? [] : { view, kept, groups: ofCluster(view.name) };
  });
  const rebalances = new Map(views.connects.map(({ name }, i) => [name, left.rebalances[i]]));
  const flows = views.flows.map((flow): FlowView => {
    const kept = rebalances.get(flow.connect);
    const skew = once(() => flowSkewOf(flow.connector, flow.partitions, flow.tasks, at));
    return {
      ...flow,
      get skew() {
        return skew();
      },
      rebalances: kept === undefined ? flow.rebalances : pastRebalances(flow.rebalances, kept, at),
    };
  });
  const use = once(() =>
    flowUse(views.flows.map((flow, i) => ({ ...flowEnds(flow.id, flow), ...(left.topics[i] ?? noTopics) }))),
  );
  return {
    views: {
      ...views,
      clusters: clusters.map(({ view, kept }) => pastCluster(view, kept)),
      flows,
      groups: clusters.flatMap(({ kept, groups }) => pastGroups(groups, kept, at)),
    },
    topics: once(() =>
      clusters.flatMap(({ view: { name }, kept, groups }) => pastTopics(name, kept, groups, use()(name))),
    ),
  };
}

type FlowUse = Flow['topics'] & { readonly id: string; readonly source?: string; readonly target?: string };

const noTopics: Flow['topics'] = { reads: [], writes: [] };

function flowEnds(
  id: string,
  ends: Pick<FlowView, 'source' | 'target'> | undefined,
): Pick<FlowUse, 'id' | 'source' | 'target'> {
  const [source, target] = [ends?.source?.cluster, ends?.target?.cluster];
  return { id, ...(source !== undefined && { source }), ...(target !== undefined && { target }) };
}

/** Who reads and who writes the topics of a cluster. */
function flowUse(
  flows: readonly FlowUse[],
): (cluster: string) => Pick<TopicUse, 'readingFlows' | 'writingFlows'> {
  const by = (
    end: 'source' | 'target',
    use: 'reads' | 'writes',
    cluster: string,
  ): ReturnType<typeof byTopic> =>
    byTopic(flows.filter(flow => flow[end] === cluster).map(flow => ({ id: flow.id, topics: flow[use] })));
  return cluster => ({
    readingFlows: by('source', 'reads', cluster),
    writingFlows: by('target', 'writes', cluster),
  });
}

/** The parts of a site, from the first observation on. */
class Site {
  private readonly clusters: readonly Cluster[];
  private readonly connects: readonly Connect[];
  private readonly metrics: Metrics;
  private readonly workers: Workers;
  private readonly past = new Past();

  constructor(
    private readonly options: SiteModelOptions,
    private readonly history: History,
    at: Millis,
  ) {
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
      case 'epoch-ends':
        return this.cluster(o.cluster)?.observeEpochEnds(o);
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
      case 'broker-apis':
        return this.cluster(o.cluster)?.observeBrokerApis(o);
      case 'quotas':
        return this.cluster(o.cluster)?.observeQuotas(o);
      case 'acls':
        return this.cluster(o.cluster)?.observeAcls(o);
      case 'records':
        return this.cluster(o.cluster)?.observeRecords(o);
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
        this.workers.observeBrokers(
          this.clusters,
          brokerMachines(this.connects, this.metrics, this.clusters, o.answered),
          o.answered,
        );
        return this.fillPast(o.answered);
    }
  }

  interests(): FlowInterest[] {
    return [...this.flows()].flatMap(flow => flow.interest() ?? []);
  }

  views(at: Millis, look: Look = 'picture'): Views {
    const machine = brokerMachines(this.connects, this.metrics, this.clusters, at);
    return {
      clusters: this.clusters.map(c => c.view(machine, this.workers.brokerLoad)),
      connects: this.connects.map(c => c.view()),
      metrics: this.metrics.views(),
      flows: this.connects.flatMap(connect => this.flowViews(connect, at)),
      groups: this.clusters.flatMap(c => c.groupViews(at, look)),
      workers: this.workers.views(this.connects, this.metrics, at),
    };
  }

  topicsLater(): () => readonly TopicView[] {
    const use = flowUse(
      [...this.flows()].map(flow => ({ ...flowEnds(flow.id, flow.identity), ...flow.topics })),
    );
    const ofClusters = this.clusters.map(cluster => cluster.topicsLater(use(cluster.name)));
    return once(() => ofClusters.flatMap(topics => topics()));
  }

  /** In the order of the views of clusters, connects and flows. */
  kept(at: Millis): Left {
    return {
      clusters: this.clusters.map(cluster => cluster.kept(at)),
      rebalances: this.connects.map(connect => connect.rebalances.kept(at)),
      topics: [...this.flows()].map(flow => flow.topics),
    };
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
