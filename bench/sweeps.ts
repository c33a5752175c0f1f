import type { Observation, OffsetColumn } from '../source/core/observation.js';

export type Size = {
  readonly groups: number;
  /** Topics, and partitions of each. */
  readonly topics: number;
  readonly partitions: number;
  /** Topics that a group reads. */
  readonly reads: number;
};

/** 5,000 partitions; 200 groups that read 125 of them each. */
export const hour: Size = { groups: 200, topics: 200, partitions: 25, reads: 5 };

const brokers = 3;
/** Between two sweeps, ms. */
export const sweepInterval = 10_000;
/** The first sweep. */
export const sweepsStart = 1_700_000_000_000;

/** The observations of one sweep, in the order that the observer keeps; offsets grow from sweep to sweep. */
export class Sweeps {
  private readonly names: readonly string[];
  private readonly partition: Int32Array;
  private readonly none: Uint8Array;
  private readonly led: readonly Int32Array[];

  /** The lag of every `each`-th group moves, that of the others stays. */
  constructor(
    private readonly size: Size,
    private readonly each = 1,
  ) {
    this.names = Array.from({ length: size.topics }, (_, i) => `topic-${i}`);
    this.partition = Int32Array.from({ length: size.partitions }, (_, p) => p);
    this.none = new Uint8Array(size.partitions);
    this.led = Array.from({ length: brokers }, (_, b) => this.partition.filter(p => p % brokers === b));
  }

  /** The n-th one, `at` where it is not `sweepInterval` after the one before. */
  *sweep(n: number, at = sweepsStart + n * sweepInterval): Generator<Observation> {
    const timing = { asked: at, answered: at + 100 };
    const of = (broker: number): number[] =>
      Array.from({ length: this.size.groups }, (_, g) => g).filter(g => g % brokers === broker);
    if (n % 6 === 0) yield this.metadata(timing);
    for (let broker = 0; broker < brokers; broker++)
      yield {
        kind: 'groups',
        cluster: 'bench',
        broker,
        ...timing,
        answer: {
          ok: of(broker).map(g => ({
            group: `group-${g}`,
            type: 'classic',
            protocolType: 'consumer',
            state: 'Stable',
          })),
        },
      };
    for (let broker = 0; broker < brokers; broker++)
      yield {
        kind: 'committed',
        cluster: 'bench',
        broker,
        ...timing,
        groups: of(broker).map(g => ({ group: `group-${g}`, answer: { ok: this.committed(g, n, at) } })),
        failures: [],
      };
    for (let broker = 0; broker < brokers; broker++)
      yield {
        kind: 'offsets',
        cluster: 'bench',
        broker,
        which: 'log-end',
        asked: at + 100,
        answered: at + 200 + broker,
        topics: this.names.map(topic => this.ends(topic, broker, at)),
        failures: [],
      };
  }

  private committed(group: number, n: number, at: number): OffsetColumn[] {
    const turn = group % this.each === 0 ? n : 0;
    return Array.from({ length: this.size.reads }, (_, i) => {
      const { partition, none: failure } = this;
      const offset = new Float64Array(partition.length);
      for (let p = 0; p < offset.length; p++)
        offset[p] = endAt(at) - ((group * 7 + p * 13 + turn * 31) % 500);
      return { topic: this.names[(group + i) % this.names.length] ?? '', partition, offset, failure };
    });
  }

  private ends(topic: string, broker: number, at: number): OffsetColumn {
    const partition = this.led[broker] ?? new Int32Array(0);
    const offset = new Float64Array(partition.length).fill(endAt(at));
    return { topic, partition, offset, failure: new Uint8Array(partition.length) };
  }

  private metadata(timing: { asked: number; answered: number }): Observation {
    const { partitions } = this.size;
    const three = new Float64Array(partitions).fill(3);
    return {
      kind: 'cluster',
      cluster: 'bench',
      ...timing,
      answer: {
        ok: {
          clusterId: 'bench',
          controller: 0,
          brokers: Array.from({ length: brokers }, (_, id) => ({ id, host: `broker-${id}`, port: 9092 })),
          topics: this.names.map(topic => ({
            topic,
            internal: false,
            leader: Float64Array.from({ length: partitions }, (_, p) => p % brokers),
            replicas: three,
            inSync: three,
          })),
        },
      },
    };
  }
}

/** The end of every log: 100 records/s are written to each. */
function endAt(at: number): number {
  return 1e6 + (at - sweepsStart) / 10;
}
