import type { Answer, EpochEndColumn, EpochEndsSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { FailureIndex } from '../protocol-errors.js';
import type { Reader } from '../reader.js';
import { epochOf } from './epochs.js';

/** Partitions of one topic, each with the epoch of a leader whose records are in question. */
export type WantedEpochs = {
  readonly topic: string;
  readonly partitions: Int32Array;
  /** Parallel to `partitions`. */
  readonly epochs: Int32Array;
};

type Ends = Extract<EpochEndsSeen['answer'], { ok: unknown }>['ok'];

/**
 * OffsetForLeaderEpoch (23, KIP-320): where the records of an epoch end, asked of the partition's leader. `offset` is the end of
 * the largest epoch up to the one in question, and `leaderEpoch` that epoch; both NaN where the leader knows none so old. An
 * end below an offset that was read or committed in that epoch means that what was read is no longer in the log.
 */
export function readEpochEnds(
  link: KafkaLink,
  broker: number,
  wanted: readonly WantedEpochs[],
  signal?: AbortSignal,
): Promise<Timed<Answer<Ends>>> {
  const subject = `OffsetForLeaderEpoch of ${link.nameOf(broker)}`;
  return link.send(broker, offsetForLeaderEpoch(wanted, subject), signal);
}

/** A consumer, which is told where the leader's own log ends all the same: that may be above the high watermark. */
const notAReplica = -1;
const whateverNow = -1;
/** Of a partition that nobody asked about. */
const noEpoch = -1;

function offsetForLeaderEpoch(wanted: readonly WantedEpochs[], subject: string): KafkaRequest<Ends> {
  return {
    key: 23,
    name: 'OffsetForLeaderEpoch',
    versions: [2, 3, 4],
    flexibleFrom: 4,
    encode: (body, version) => {
      if (version >= 3) body.int32(notAReplica);
      body.list(wanted, ({ topic, partitions, epochs }) => {
        const pairs = [...partitions].map((partition, i) => ({ partition, epoch: epochs[i] ?? -1 }));
        body.text(topic).list(pairs, ({ partition, epoch }) => {
          body.int32(partition).int32(whateverNow).int32(epoch).tags();
        });
        body.tags();
      });
      body.tags();
    },
    decode: answer => {
      const index = new FailureIndex(subject);
      const asked = new Map(wanted.map(w => [w.topic, w]));
      answer.throttle();
      const topics = answer.list(() => column(answer, index, asked));
      return { topics, failures: index.failures };
    },
  };
}

function column(
  answer: Reader,
  index: FailureIndex,
  asked: ReadonlyMap<string, WantedEpochs>,
): EpochEndColumn {
  const topic = answer.name();
  const ofTopic = asked.get(topic);
  const count = answer.length(2 + 4 + 4 + 8);
  const partition = new Int32Array(count);
  const offset = new Float64Array(count);
  const failure = new Uint8Array(count);
  const leaderEpoch = new Float64Array(count);
  const wanted = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    failure[i] = index.of(answer.int16());
    const p = (partition[i] = answer.partition());
    // Brokers answer in the order of the question.
    const row = ofTopic?.partitions[i] === p ? i : (ofTopic?.partitions.indexOf(p) ?? -1);
    wanted[i] = ofTopic?.epochs[row] ?? noEpoch;
    leaderEpoch[i] = epochOf(answer.int32());
    const end = answer.int64();
    offset[i] = end < 0 || failure[i] !== 0 ? NaN : end;
    answer.tags();
  }
  answer.tags();
  return { topic, partition, offset, failure, leaderEpoch, wanted };
}
