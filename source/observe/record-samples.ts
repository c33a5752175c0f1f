import type { Clock, Millis } from '../core/clock.js';
import type { Answer, Observation, RecordSample } from '../core/observation.js';
import type { KafkaLink } from '../wire/kafka/link.js';
import { readListOffsets } from '../wire/kafka/reads/list-offsets.js';
import { readRecordSample } from '../wire/kafka/reads/record-sample.js';
import type { Pass } from './beat.js';
import type { Led } from './kafka-leaders.js';
import type { KafkaSweep } from './kafka-sweep.js';

/** Of one partition: the newest records, and as many bytes of its log at most. */
const newestRecords = 2_000;
const bytesASample = 512 << 10;
/** 4 MiB a minute, however many topics there are; a hundred partitions then take some twelve minutes. */
export const samplesEvery: Millis = 15_000;
const partitionsAPass = 2;

/**
 * Samples of the records of topics that the user named, a few partitions in turn: their tail, which the broker has in memory.
 * Without a group and without a commit; what is read is counted and dropped.
 */
export class RecordSamples {
  private turn: Led[] = [];

  constructor(
    private readonly link: KafkaLink,
    private readonly sweep: KafkaSweep,
    private readonly clock: Clock,
    private readonly topics: readonly string[],
    private readonly emit: (o: Observation) => void,
  ) {}

  readonly pass: Pass = async ({ signal }) => {
    if (this.turn.length === 0) this.turn = this.sweep.partitionsOf(this.topics);
    for (const led of this.turn.splice(0, partitionsAPass)) {
      const asked = this.clock.now();
      const answer = await this.sample(led, signal);
      const { topic, partition } = led;
      const { cluster } = this.link;
      this.emit({ kind: 'records', cluster, topic, partition, asked, answered: this.clock.now(), answer });
    }
    return undefined;
  };

  /** Sooner until the first round is over: whoever asks for samples waits for them. */
  readonly interval = (): Millis => (this.turn.length === 0 ? 1_000 : samplesEvery);

  private async sample(
    { topic, partition, partitions, leader }: Led,
    signal: AbortSignal,
  ): Promise<Answer<RecordSample>> {
    const wanted = [{ topic, partitions: Int32Array.of(partition) }];
    const end = await this.end(leader, wanted, 'log-end', signal);
    if ('failed' in end) return end;
    const start = await this.end(leader, wanted, 'log-start', signal);
    if ('failed' in start) return start;
    const from = Math.max(start.ok, end.ok - newestRecords);
    const asked = { topic, partition, partitions, from, maxBytes: bytesASample };
    return (await readRecordSample(this.link, leader, asked, signal)).answer;
  }

  private async end(
    leader: number,
    wanted: Parameters<typeof readListOffsets>[2],
    which: 'log-end' | 'log-start',
    signal: AbortSignal,
  ): Promise<Answer<number>> {
    const { answer } = await readListOffsets(this.link, leader, wanted, which, signal);
    if ('failed' in answer) return answer;
    const [failed] = answer.ok.failures;
    return failed ? { failed } : { ok: answer.ok.topics[0]?.offset[0] ?? 0 };
  }
}
