import type { Clock, Millis } from '../../core/clock.js';
import { SimulatedConnect } from '../connect/site.js';
import { startKafka, type SimulatedKafka } from '../kafka/start.js';
import { SimulatedPrometheus } from '../prometheus/server.js';
import { loseBroker, returnBroker } from './brokers.js';
import { ConnectTie, connectorsOf, sourceConnector } from './publish-connect.js';
import { KafkaTie } from './kafka-tie.js';
import { publishClusters, sourceCluster, targetCluster } from './publish-kafka.js';
import { Scrape } from './publish-metrics.js';
import { usualSetting, type SiteSetting } from './setting.js';
import { siteState, type SiteState } from './state.js';
import { step, stepLength } from './step.js';
import { deal, loseWorker, returnWorker } from './tasks.js';

/** How often the site catches up with the clock. */
const beat: Millis = 250;
/** How long a site has run when it is first seen: rates need several scrapes. */
const past: Millis = 40_000;

/** Where a site that runs can be reached. */
export type SiteAddresses = {
  readonly eu: readonly string[];
  readonly us: readonly string[];
  readonly connect: readonly string[];
  readonly prometheus: string;
};

/** A whole site on loopback: two clusters, Connect with MirrorMaker 2 and Prometheus over one engine. */
export class SimulatedSite {
  private readonly tie: ConnectTie;
  private readonly target: KafkaTie;
  private readonly scrape: Scrape;

  private constructor(
    private readonly clock: Clock,
    /** What is true. Change it at any time; what needs a socket too has a method. */
    readonly state: SiteState,
    readonly eu: SimulatedKafka,
    readonly us: SimulatedKafka,
    readonly connect: SimulatedConnect,
    readonly prometheus: SimulatedPrometheus,
  ) {
    this.tie = new ConnectTie(connect);
    this.target = new KafkaTie(us.state);
    this.scrape = new Scrape(prometheus);
    deal(state, Number(connect.connector(sourceConnector).config['tasks.max']));
    this.catchUp();
  }

  static async start(clock: Clock, setting: SiteSetting = usualSetting): Promise<SimulatedSite> {
    const eu = await startKafka(sourceCluster(setting), { clock });
    const us = await startKafka(targetCluster(setting), { clock });
    const connect = await SimulatedConnect.start({
      clock,
      clusterId: us.state.clusterId,
      workers: setting.workers,
      connectors: connectorsOf(setting, { eu: eu.bootstrap, us: us.bootstrap }),
    });
    const prometheus = await SimulatedPrometheus.start({ clock });
    // It can only tell of the time that the site has run.
    prometheus.since = clock.now() - past;
    return new SimulatedSite(clock, siteState(setting, clock.now() - past), eu, us, connect, prometheus);
  }

  get addresses(): SiteAddresses {
    return {
      eu: this.eu.bootstrap,
      us: this.us.bootstrap,
      connect: this.connect.urls,
      prometheus: this.prometheus.url,
    };
  }

  /** Lets the engine catch up with the clock, in whole steps. */
  catchUp(): void {
    this.tie.obey(this.state);
    this.target.obey(this.state);
    while (this.state.now + stepLength <= this.clock.now()) {
      step(this.state, stepLength);
      this.scrape.publish(this.state);
    }
    publishClusters(this.state, { eu: this.eu.state, us: this.us.state });
    this.target.publish(this.state);
    this.tie.publish(this.state);
    this.forgetRequests();
  }

  /** Follows the clock until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.clock.sleep(beat, signal);
      this.catchUp();
    }
  }

  /** Kills a worker: its tasks end at once, and Connect misses it later. */
  async loseWorker(index: number): Promise<void> {
    loseWorker(this.state, index);
    await this.connect.setFault('down', index);
  }

  async returnWorker(index: number): Promise<void> {
    returnWorker(this.state, index);
    await this.connect.setFault(undefined, index);
  }

  /** Stops a broker of the target. */
  async loseBroker(id: number): Promise<void> {
    loseBroker(this.state, id);
    await this.us.afflict(id, 'down');
  }

  async returnBroker(id: number): Promise<void> {
    returnBroker(this.state, id);
    await this.us.afflict(id, 'none');
  }

  async stop(): Promise<void> {
    await Promise.all([this.eu.stop(), this.us.stop(), this.connect.stop(), this.prometheus.stop()]);
  }

  /** The servers note what they are asked; a site that runs for days must not. */
  private forgetRequests(): void {
    for (const { requests } of [this.eu, this.us, this.connect, this.prometheus]) requests.length = 0;
  }
}
