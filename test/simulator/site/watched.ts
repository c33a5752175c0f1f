import { setMaxListeners } from 'node:events';
import type { Observation } from '../../../source/core/observation.js';
import type { LiveFinding } from '../../../source/diagnose/finding.js';
import { Lifecycle } from '../../../source/diagnose/lifecycle.js';
import { SiteModel } from '../../../source/model/site-model.js';
import type { FlowView, Snapshot } from '../../../source/model/snapshot.js';
import { connectPoll } from '../../../source/observe/connect-poll.js';
import { KafkaDetail } from '../../../source/observe/kafka-detail.js';
import { KafkaSweep } from '../../../source/observe/kafka-sweep.js';
import { metricsPoll } from '../../../source/observe/metrics-poll.js';
import { positionsPoll } from '../../../source/observe/positions-poll.js';
import { RecordSamples } from '../../../source/observe/record-samples.js';
import { sourceConnector } from '../../../source/simulator/site/publish-connect.js';
import type { SiteSetting } from '../../../source/simulator/site/setting.js';
import { SimulatedSite } from '../../../source/simulator/site/site.js';
import { openConnect } from '../../../source/wire/connect/link.js';
import { openKafka } from '../../../source/wire/kafka/link.js';
import { openPrometheus } from '../../../source/wire/metrics/link.js';
import { FakeClock } from '../../support/fake-clock.js';

const interval = 4_000;

/**
 * kmon's collectors, model and rules over the sockets of a simulated site. Both share a clock that goes on only between
 * two polls: what is true while kmon asks does not change under its hands.
 */
export class Watched {
  snapshot: Snapshot;
  findings: readonly LiveFinding[] = [];
  /** What was observed since the poll before. */
  seen: readonly Observation[] = [];
  private readonly rules = new Lifecycle();

  private constructor(
    readonly site: SimulatedSite,
    private readonly clock: FakeClock,
    private readonly model: SiteModel,
    private readonly poll: () => Promise<readonly Observation[]>,
    readonly close: () => Promise<void>,
  ) {
    this.snapshot = model.snapshot(clock.now());
  }

  static async start(setting: SiteSetting): Promise<Watched> {
    const clock = new FakeClock();
    const site = await SimulatedSite.start(clock, setting);
    const model = new SiteModel({
      clusters: [
        { name: 'eu', bootstrap: site.addresses.eu },
        { name: 'us', bootstrap: site.addresses.us },
      ],
      connects: [{ name: 'us', cluster: 'us' }],
    });
    let seen: Observation[] = [];
    const emit = (o: Observation): void => {
      seen.push(o);
      model.fold(o);
    };
    const links = (['eu', 'us'] as const).map(cluster =>
      openKafka(
        {
          cluster,
          bootstrap: site.addresses[cluster],
          security: {},
          clientId: 'kmon',
          requestTimeout: 5_000,
          connectTimeout: 1_000,
        },
        { clock },
      ),
    );
    const connect = openConnect(
      { connect: 'us', urls: site.addresses.connect, requestTimeout: 5_000 },
      { clock },
    );
    const prometheus = openPrometheus(
      { name: 'prometheus', url: site.addresses.prometheus, requestTimeout: 5_000 },
      { clock },
    );
    const sweeps = new Map(
      links.map(link => [link.cluster, new KafkaSweep(link.cluster, link, clock, emit)]),
    );
    const passes = [
      ...[...sweeps.values()].map(sweep => sweep.pass),
      ...links.flatMap(link => {
        const sweep = sweeps.get(link.cluster);
        if (sweep === undefined) return [];
        const sampled = link.cluster === 'eu' ? ['orders'] : [];
        return [
          new KafkaDetail(link, sweep, emit).pass,
          new RecordSamples(link, sweep, clock, sampled, emit).pass,
        ];
      }),
      connectPoll(connect, clock, emit),
      positionsPoll(connect, sweeps, clock, emit, () => model.interests(), interval).pass,
      metricsPoll(prometheus, 'prometheus', clock, emit),
    ];
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const poll = async (): Promise<readonly Observation[]> => {
      seen = [];
      for (const pass of passes) await pass({ signal: stop.signal, asking: () => undefined });
      return seen;
    };
    const close = async (): Promise<void> => {
      stop.abort();
      connect.close();
      prometheus.close();
      await Promise.all(links.map(link => link.close()));
      await site.stop();
    };
    return new Watched(site, clock, model, poll, close);
  }

  /** Lets time pass with a poll every four seconds, and calls `each` after each. */
  async watch(seconds: number, each: (watched: this) => void = () => undefined): Promise<void> {
    for (let passed = 0; passed < seconds * 1000; passed += interval) {
      await this.clock.advance(interval);
      this.site.catchUp();
      this.seen = await this.poll();
      this.snapshot = this.model.snapshot(this.clock.now());
      this.findings = this.rules.judge(this.snapshot).findings;
      each(this);
    }
  }

  get flow(): FlowView {
    const flow = this.snapshot.flows.find(f => f.connector === sourceConnector);
    if (flow === undefined) throw new Error('the flow was not discovered');
    return flow;
  }

  /** Verdicts that stand about the flow. */
  get verdicts(): readonly string[] {
    return this.findings.filter(f => f.subject.name === sourceConnector).map(f => `${f.phase} ${f.verdict}`);
  }
}
