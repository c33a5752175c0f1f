import type { Millis } from '../core/clock.js';
import type { Observation } from '../core/observation.js';
import type { KafkaLink } from '../wire/kafka/link.js';
import { readAcls } from '../wire/kafka/reads/acls.js';
import { readBrokerApis } from '../wire/kafka/reads/broker-apis.js';
import { readBrokerConfigs } from '../wire/kafka/reads/broker-configs.js';
import { chunksOf } from '../wire/kafka/reads/chunks.js';
import { readClientQuotas } from '../wire/kafka/reads/client-quotas.js';
import { readLogDirs } from '../wire/kafka/reads/log-dirs.js';
import { readReassignments } from '../wire/kafka/reads/reassignments.js';
import { readTopicConfigs } from '../wire/kafka/reads/topic-configs.js';
import type { Pass } from './beat.js';
import type { KafkaSweep } from './kafka-sweep.js';

/** What changes seldom, or slowly, is asked once a minute. */
const roundEvery: Millis = 60_000;

/** A quota is set in a moment, and is the cause of what is seen next: it is one small question, asked so often in that minute. */
const quotaReads = 4;

/** The first round is soon over: without it nothing is known of retention and disks. */
const firstRoundStep: Millis = 1_000;

/** Until the sweep knows the brokers there is nobody to ask. */
const untilSweep: Millis = 250;

/** An answer holds some 600 bytes a topic. */
const topicsPerRequest = 500;

type Step = (signal: AbortSignal) => Promise<void>;

/**
 * The slow beat of a cluster, spread out over a minute, one step a pass: quotas, four times; ACLs and reassignments; what one
 * broker after the other speaks, its configuration and log directories; log-start offsets of what the groups read (retention may overtake them), where
 * epochs of former leaders end (records that they committed may be gone), and the configuration of those topics.
 */
export class KafkaDetail {
  private steps: Step[] = [];
  private step: Millis = untilSweep;
  private rounds = 0;

  constructor(
    private readonly link: KafkaLink,
    private readonly sweep: KafkaSweep,
    private readonly emit: (o: Observation) => void,
  ) {}

  readonly pass: Pass = async ({ signal }) => {
    if (this.steps.length === 0) this.begin();
    await this.steps.shift()?.(signal);
    return undefined;
  };

  readonly interval = (): Millis => this.step;

  private begin(): void {
    const { sweep } = this;
    const brokers = sweep.knownBrokers();
    if (brokers.length === 0) return;
    const teller = brokers[this.rounds % brokers.length] ?? -1;
    const controller = brokers.includes(sweep.knownController()) ? sweep.knownController() : teller;
    const others: readonly Step[] = [
      ...brokers.map(
        (broker): Step =>
          signal =>
            this.readBroker(broker, signal),
      ),
      signal => this.readLogs(signal),
      signal => this.readConfigs(teller, [...sweep.topics()].sort(), signal),
      signal => this.readAcls(teller, signal),
      signal => this.readReassignments(controller, signal),
    ];
    const apart = Math.ceil(others.length / quotaReads);
    const quotas: Step = signal => this.readQuotas(teller, signal);
    this.steps = others.flatMap((step, i) => (i % apart === 0 ? [quotas, step] : [step]));
    this.step = this.rounds === 0 ? firstRoundStep : roundEvery / this.steps.length;
    this.rounds++;
  }

  private async readLogs(signal: AbortSignal): Promise<void> {
    await this.sweep.readOffsets('log-start', this.sweep.topics(), signal);
    await this.sweep.readEpochEnds(signal);
  }

  private async readQuotas(broker: number, signal: AbortSignal): Promise<void> {
    const seen = await readClientQuotas(this.link, broker, signal);
    this.emit({ kind: 'quotas', cluster: this.link.cluster, ...seen });
  }

  private async readAcls(broker: number, signal: AbortSignal): Promise<void> {
    const seen = await readAcls(this.link, broker, signal);
    this.emit({ kind: 'acls', cluster: this.link.cluster, ...seen });
  }

  private async readReassignments(broker: number, signal: AbortSignal): Promise<void> {
    const seen = await readReassignments(this.link, broker, signal);
    this.emit({ kind: 'reassignments', cluster: this.link.cluster, ...seen });
  }

  /** Any broker tells them all; another one each round, so that one that fails does not hide them for long. */
  private async readConfigs(broker: number, topics: readonly string[], signal: AbortSignal): Promise<void> {
    const { cluster } = this.link;
    for (const some of chunksOf(topics, topicsPerRequest, () => 1, topicsPerRequest)) {
      const seen = await readTopicConfigs(this.link, broker, some, signal);
      this.emit({ kind: 'topic-configs', cluster, broker, ...seen });
    }
  }

  private async readBroker(broker: number, signal: AbortSignal): Promise<void> {
    const { cluster } = this.link;
    const apis = await readBrokerApis(this.link, broker, signal);
    this.emit({ kind: 'broker-apis', cluster, broker, ...apis });
    const configs = await readBrokerConfigs(this.link, broker, signal);
    this.emit({ kind: 'broker-configs', cluster, broker, ...configs });
    const dirs = await readLogDirs(this.link, broker, signal);
    this.emit({ kind: 'log-dirs', cluster, broker, ...dirs });
  }
}
