import { failure, type FailureKind } from '../../source/core/failure.js';
import type { Observation, TopicSeen } from '../../source/core/observation.js';
import type { Diagnosis, LiveFinding } from '../../source/diagnose/finding.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import { SiteModel } from '../../source/model/site-model.js';
import { column, description, site } from './site-stream.js';

/** A topic as it truly is; by partition. */
export type TopicTruth = {
  ends: number[];
  starts: number[];
  replicas: number;
  inSync: number[];
  leaders: number[];
  id: string;
  config: Record<string, string>;
};

export type GroupTruth = {
  state: string;
  committed: Record<string, (number | undefined)[]>;
  /** A share group has the start of its share partitions where others have committed offsets. */
  isShare?: boolean;
};

/** A kmon that watches one Kafka cluster, `us`, of which everything can be changed between two polls. */
export class KafkaWatch {
  now = 1_700_000_000_000;
  readonly model = new SiteModel(site);
  readonly rules = new Lifecycle();
  diagnosis: Diagnosis = { findings: [], past: [], unjudged: [] };
  brokers = [1, 2, 3];
  readonly topics: Record<string, TopicTruth> = {};
  readonly groups: Record<string, GroupTruth> = {};
  /** Brokers that do not answer, and why. */
  readonly silent = new Map<number, FailureKind>();

  topic(name: string, ends: readonly number[], over: Partial<TopicTruth> = {}): TopicTruth {
    const config = { 'cleanup.policy': 'delete', 'retention.ms': '604800000', 'min.insync.replicas': '2' };
    return (this.topics[name] = {
      ends: [...ends],
      starts: ends.map(() => 0),
      replicas: 3,
      inSync: ends.map(() => 3),
      leaders: ends.map((_, p) => 1 + (p % 3)),
      id: `id-of-${name}`,
      config,
      ...over,
    });
  }

  group(name: string, topic: string, committed: readonly number[], state = 'Stable'): GroupTruth {
    return (this.groups[name] = { state, committed: { [topic]: [...committed] } });
  }

  /** Polls every `every` seconds; `step` changes what is true before each. */
  run(seconds: number, step: () => void = () => undefined, every = 5): this {
    for (let passed = 0; passed < seconds; passed += every) {
      this.now += every * 1000;
      step();
      for (const o of this.poll()) this.model.fold(o);
      this.diagnosis = this.rules.judge(this.model.snapshot(this.now));
    }
    return this;
  }

  get findings(): readonly LiveFinding[] {
    return this.diagnosis.findings;
  }

  /** What stands by that rule, also as a consequence of something else. */
  by(rule: string): LiveFinding | undefined {
    const all = (among: readonly LiveFinding[]): LiveFinding[] =>
      among.flatMap(f => [f, ...all(f.consequences)]);
    return all(this.findings).find(f => f.rule === rule);
  }

  *poll(): Generator<Observation> {
    const { now: at } = this;
    const common = { cluster: 'us', asked: at, answered: at };
    const brokers = this.brokers.map(id => ({ id, host: `us-${id}`, port: 9092 }));
    const topics = Object.entries(this.topics).map(([topic, t]): TopicSeen => ({
      topic,
      topicId: t.id,
      internal: false,
      leader: Float64Array.from(t.leaders),
      replicas: new Float64Array(t.ends.length).fill(t.replicas),
      inSync: Float64Array.from(t.inSync),
    }));
    yield {
      kind: 'cluster',
      ...common,
      answer: { ok: { clusterId: 'id-us', controller: 1, brokers, topics } },
    };
    const configs = Object.entries(this.topics).map(([topic, { config }]) => ({
      topic,
      answer: { ok: { values: config, own: [] } },
    }));
    yield { kind: 'topic-configs', ...common, broker: 1, topics: configs };
    for (const broker of this.brokers) yield* this.ofBroker(broker);
  }

  private *ofBroker(broker: number): Generator<Observation> {
    const common = { cluster: 'us', broker, asked: this.now, answered: this.now };
    const kind = this.silent.get(broker);
    if (kind !== undefined) {
      const failed = failure(kind, `broker ${broker}`, 'as the test wants it');
      yield { kind: 'groups', ...common, answer: { failed } };
      return;
    }
    const names = broker === 1 ? Object.keys(this.groups) : [];
    const listed = names.map(group => ({
      group,
      type: this.groups[group]?.isShare === true ? ('share' as const) : ('classic' as const),
      protocolType: 'consumer',
      state: this.groups[group]?.state ?? '',
    }));
    yield { kind: 'groups', ...common, answer: { ok: listed } };
    if (broker !== 1) return;
    yield {
      kind: 'described',
      ...common,
      groups: names.map(group => ({ group, answer: this.described(group) })),
    };
    const committed = names.map(group => ({
      group,
      answer: {
        ok: Object.entries(this.groups[group]?.committed ?? {}).map(([topic, offsets]) => ({
          ...column(topic, offsets),
          failure: new Uint8Array(offsets.length),
        })),
      },
    }));
    for (const isShare of [false, true]) {
      const these = committed.filter(({ group }) => (this.groups[group]?.isShare === true) === isShare);
      yield { kind: isShare ? 'share-offsets' : 'committed', ...common, groups: these, failures: [] };
    }
    const ends = Object.entries(this.topics).map(([topic, t]) => column(topic, t.ends));
    const starts = Object.entries(this.topics).map(([topic, t]) => column(topic, t.starts));
    yield { kind: 'offsets', ...common, which: 'log-end', topics: ends, failures: [] };
    yield { kind: 'offsets', ...common, which: 'log-start', topics: starts, failures: [] };
  }

  private described(group: string): { readonly ok: ReturnType<typeof description> } {
    const { state, committed } = this.groups[group] ?? { state: 'Dead', committed: {} };
    const assignment = Object.entries(committed).map(([topic, offsets]) => ({
      topic,
      partitions: Int32Array.from(offsets.keys()),
    }));
    const member = { member: `${group}-1`, clientId: group, host: '/10.0.0.1', assignment };
    return { ok: description(group, state === 'Stable' ? [member] : [], state) };
  }
}
