import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { latest, lost, mapKnown, seen, unknown, type Known } from '../core/known.js';
import { madeIn } from '../core/made-in.js';
import type {
  ConnectorSeen,
  ConnectorsSeen,
  ConnectSeen,
  PluginsSeen,
  PositionsSeen,
} from '../core/observation.js';
import type { ConnectGroupChange } from './cluster-groups.js';
import { Flow } from './flow.js';
import { identify, type NamedCluster } from './flows.js';
import { folded } from './folded.js';
import type { History } from './history.js';
import { hostOf } from './machines.js';
import { everyInstance, type Accepts } from './metrics.js';
import { noSigns, workerId, type Signs } from './rebalance-signs.js';
import { Rebalances } from './rebalances.js';
import type { ConnectView } from './snapshot.js';
import { troubleIn } from './topology-changes.js';

/** One Connect cluster as it was observed: its connectors, workers and rebalances. */
export class Connect {
  readonly flows = new Map<string, Flow>();
  readonly rebalances: Rebalances;
  private root: Known<{ readonly version: string; readonly clusterId: string }>;
  private connectors: Known<number>;
  private plugins: ConnectView['plugins'];
  private members: readonly string[] = [];
  private taskCounts: ReadonlyMap<string, number> | undefined;
  private workersBefore: ReadonlySet<string> | undefined;

  constructor(
    readonly name: string,
    private readonly givenCluster: string | undefined,
    private readonly history: History,
    at: Millis,
  ) {
    this.rebalances = new Rebalances(at, 'workers');
    const subject = `Connect ${name}`;
    this.root = unknown(failure('early', subject, 'not asked yet'), at);
    this.connectors = unknown(failure('early', `connectors of ${name}`, 'not asked yet'), at);
    this.plugins = unknown(failure('early', `plugins of ${name}`, 'not asked yet'), at);
  }

  /** The Kafka cluster that the workers use: as the user says, else the one whose id the workers name. */
  kafka(
    clusters: readonly { readonly name: string; readonly clusterId: Known<string> }[],
  ): string | undefined {
    const id = latest(this.root)?.value.clusterId;
    const byId = clusters.find(c => id !== undefined && latest(c.clusterId)?.value === id);
    return this.givenCluster ?? byId?.name;
  }

  observeRoot(o: ConnectSeen): void {
    this.history.log.note(...troubleIn(this.name, 'Connect', this.root, o.answer, o.answered));
    this.root = folded(this.root, o);
  }

  observeConnectors(
    o: ConnectorsSeen,
    named: readonly NamedCluster[],
    kafka: string | undefined,
    partitionsOf: (cluster: string | undefined, topic: string) => number,
  ): void {
    if ('failed' in o.answer) {
      this.connectors = lost(this.connectors, o.answer.failed, o.answered);
      for (const flow of this.flows.values()) flow.connectorLost(o.answer.failed, o.answered);
      return;
    }
    const isFirst = latest(this.connectors) === undefined;
    this.connectors = seen(o.answer.ok.length, o.answered);
    const names = new Set(o.answer.ok.map(c => c.connector));
    this.noteTasks(o.answer.ok, o.answered);
    for (const [name, flow] of this.flows)
      if (!names.has(name)) {
        flow.dispose();
        this.flows.delete(name);
        this.note(flow.id, 'connector', { was: 'there' }, o.answered);
      }
    for (const connector of o.answer.ok) {
      if (!isFirst && !this.flows.has(connector.connector))
        this.note(`${this.name}/${connector.connector}`, 'connector', { is: connector.state }, o.answered);
      const identity = identify(connector, named, kafka);
      this.flow(connector.connector, o.answered).observeConnector(
        connector,
        identity,
        topic => partitionsOf(identity.source?.cluster, topic),
        o.answered,
      );
    }
    this.noteWorkers(o.answered);
  }

  observePlugins(o: PluginsSeen): void {
    this.plugins = folded(this.plugins, o);
  }

  observePositions(o: PositionsSeen): void {
    this.flows.get(o.connector)?.observePositions(o);
  }

  /** Whether a group of workers on its Kafka cluster is this one's: its members name a worker that runs a task here. */
  owns({ description }: ConnectGroupChange): boolean {
    const urls = description.members.flatMap(m => (m.url === undefined ? [] : [workerId(m.url)]));
    const workers = this.statusWorkers();
    return urls.some(url => workers.has(url) || this.members.includes(url));
  }

  observeGroup({ description, signs }: ConnectGroupChange, at: Millis): void {
    const urls = description.members.flatMap(m => (m.url === undefined ? [] : [workerId(m.url)]));
    if (urls.length > 0) this.members = urls.sort();
    this.signal(at, signs, description.members.length);
    this.rebalances.noteState(at, description.state);
    if (signs.what.length > 0) for (const flow of this.flows.values()) flow.mayHaveRestarted(at);
  }

  observeCompleted(at: Millis, counts: ReadonlyMap<string, number>): void {
    const what = this.rebalances.observeCompleted(at, counts);
    if (what !== undefined) this.note(this.name, 'rebalance', { is: what }, at);
  }

  /** Workers that run something, and members of the workers' group that run nothing. */
  workers(): string[] {
    return [...new Set([...this.statusWorkers(), ...this.members])].sort();
  }

  /** Whether an instance may be one of its workers, by host. */
  readonly accepts: Accepts = instance => {
    const host = hostOf(instance);
    return this.workers().some(worker => hostOf(worker) === host);
  };

  acceptsFor(connector: string, others: readonly Connect[]): Accepts {
    const twin = others.some(c => c !== this && c.flows.has(connector));
    return twin ? this.accepts : everyInstance;
  }

  view(): ConnectView {
    return {
      name: this.name,
      version: mapKnown(this.root, r => r.version),
      clusterId: mapKnown(this.root, r => r.clusterId),
      connectors: this.connectors,
      plugins: this.plugins,
    };
  }

  /** Connectors that come, go or get another number of tasks make the workers rebalance. */
  private noteTasks(connectors: readonly ConnectorSeen[], at: Millis): void {
    const before = this.taskCounts;
    const now = new Map(connectors.map(c => [c.connector, c.tasks.length]));
    this.taskCounts = now;
    if (before === undefined) return;
    const changed = [...new Set([...before.keys(), ...now.keys()])].filter(c => before.get(c) !== now.get(c));
    const texts = changed.map(c => `${c} ${before.get(c) ?? 'no'} → ${now.get(c) ?? 'no'} tasks`);
    if (texts.length > 0) this.rebalances.hint(at, 'tasks-changed', texts.join(', '));
  }

  /** Where the group of workers cannot be seen, tasks that appear on another worker tell of a rebalance. */
  private noteWorkers(at: Millis): void {
    const now = this.statusWorkers();
    const before = this.workersBefore;
    this.workersBefore = now;
    if (before === undefined || this.members.length > 0) return;
    const left = [...before].filter(w => !now.has(w));
    const joined = [...now].filter(w => !before.has(w));
    const what = [
      ...left.map(w => `worker ${w} runs nothing any more`),
      ...joined.map(w => `worker ${w} runs tasks`),
    ];
    this.signal(at, { ...noSigns, what, left, joined }, now.size);
  }

  private signal(at: Millis, signs: Signs, size: number): void {
    if (this.rebalances.signal(at, signs, size))
      this.note(this.name, 'rebalance', { is: signs.what.join(', ') }, at);
  }

  private note(
    subject: string,
    kind: 'connector' | 'rebalance',
    change: { readonly was?: string; readonly is?: string },
    at: Millis,
  ): void {
    this.history.log.note({ at, kind, subject, what: kind, ...change });
  }

  private statusWorkers(): Set<string> {
    const workers = new Set<string>();
    for (const flow of this.flows.values())
      for (const { worker } of flow.workers()) if (worker !== '') workers.add(worker);
    return workers;
  }

  private flow(name: string, at: Millis): Flow {
    return madeIn(this.flows, name, () => new Flow(this.name, name, this.history, at));
  }
}
