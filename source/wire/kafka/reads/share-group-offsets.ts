import type { OffsetColumn, ShareOffsetsSeen, Timing } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest } from '../link.js';
import { FailureIndex, failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';
import { answerOfEach } from './described.js';
import { epochOf, ifKnown } from './epochs.js';

/** Every group that was asked for, with its own outcome. */
export type ShareOffsets = Timing & Pick<ShareOffsetsSeen, 'groups' | 'failures'>;

/**
 * DescribeShareGroupOffsets (90, KIP-932): where the share partitions of share groups start, asked of the groups'
 * coordinator in one request; from v1 (KIP-1226, Kafka 4.2) also how many records they still have to do. A partition
 * that no member has read yet has no start (−1) and is left out.
 */
export async function readShareGroupOffsets(
  link: KafkaLink,
  broker: number,
  groups: readonly string[],
  signal?: AbortSignal,
): Promise<ShareOffsets> {
  const who = link.nameOf(broker);
  const index = new FailureIndex(`DescribeShareGroupOffsets of ${who}`);
  const seen = await link.send(broker, describeShareGroupOffsets(groups, who, index), signal);
  return { ...answerOfEach(groups, seen, `DescribeShareGroupOffsets of ${who}`), failures: index.failures };
}

type Groups = ShareOffsets['groups'];

function describeShareGroupOffsets(
  groups: readonly string[],
  who: string,
  index: FailureIndex,
): KafkaRequest<Groups> {
  return {
    key: 90,
    name: 'DescribeShareGroupOffsets',
    versions: [0, 1],
    flexibleFrom: 0,
    encode: body => {
      body.list(groups, group => body.text(group).all().tags()).tags();
    },
    decode: (answer, version) => {
      answer.throttle();
      return answer.list(() => {
        const group = answer.name();
        const columns = answer.list(() => column(answer, version, index));
        const code = answer.int16();
        const subject = `DescribeShareGroupOffsets of group ${group} at ${who}`;
        const failed = failureOfCode(code, subject, answer.text());
        answer.tags();
        return { group, answer: failed ? { failed } : { ok: columns.filter(c => c.partition.length > 0) } };
      });
    },
  };
}

function column(answer: Reader, version: number, index: FailureIndex): OffsetColumn {
  const topic = answer.name();
  answer.skip(16);
  const count = answer.length(4 + 8 + 4 + 2);
  const partition = new Int32Array(count);
  const offset = new Float64Array(count);
  const failure = new Uint8Array(count);
  const leaderEpoch = new Float64Array(count);
  const lag = new Float64Array(count);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    partition[kept] = answer.partition();
    const start = answer.int64();
    leaderEpoch[kept] = epochOf(answer.int32());
    const left = version >= 1 ? answer.int64() : -1;
    const why = index.of(answer.int16());
    answer.skipText();
    answer.tags();
    if (start < 0 && why === 0) continue;
    offset[kept] = why === 0 ? start : NaN;
    failure[kept] = why;
    lag[kept] = why === 0 && left >= 0 ? left : NaN;
    kept++;
  }
  answer.tags();
  const lags = lag.slice(0, kept);
  return {
    topic,
    partition: partition.slice(0, kept),
    offset: offset.slice(0, kept),
    failure: failure.slice(0, kept),
    ...ifKnown(leaderEpoch.slice(0, kept)),
    ...(lags.every(Number.isNaN) ? {} : { lag: lags }),
  };
}
