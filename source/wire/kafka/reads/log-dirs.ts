import { failure, type Failure } from '../../../core/failure.js';
import type { Answer, LogDirsSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest, Timed } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';

type Sizes = Extract<LogDirsSeen['answer'], { ok: unknown }>['ok'];

export type LogDirs = Timed<Answer<Sizes>> & Pick<LogDirsSeen, 'failures'>;

/**
 * DescribeLogDirs (35): how much each replica takes on the disks of one broker, all topics. A topic has one entry a log
 * directory that holds some of it; a replica that is being moved counts where it comes from. A directory that is offline is a failure
 * beside the others. Needs Describe on the cluster: without it, before v3 (Kafka 3.2) no directory at all is named.
 */
export async function readLogDirs(link: KafkaLink, broker: number, signal?: AbortSignal): Promise<LogDirs> {
  const subject = `DescribeLogDirs of ${link.nameOf(broker)}`;
  const { asked, answered, answer } = await link.send(broker, describeLogDirs(subject), signal);
  if ('failed' in answer) return { asked, answered, answer };
  const { failed, dirs } = answer.ok;
  const failures = dirs.flatMap(dir => ('failed' in dir ? [dir.failed] : []));
  const sizes = dirs.flatMap(dir => ('ok' in dir ? dir.ok : []));
  const whole = failed ?? (failures.length === dirs.length ? (failures[0] ?? nothing(subject)) : undefined);
  if (whole) return { asked, answered, answer: { failed: whole } };
  return { asked, answered, answer: { ok: sizes }, ...(failures.length > 0 && { failures }) };
}

type Dirs = { readonly failed: Failure | undefined; readonly dirs: readonly Answer<Sizes>[] };

function describeLogDirs(subject: string): KafkaRequest<Dirs> {
  return {
    key: 35,
    name: 'DescribeLogDirs',
    versions: [1, 2, 3, 4],
    flexibleFrom: 2,
    encode: body => {
      body.all().tags();
    },
    decode: (answer, version) => {
      answer.throttle();
      const failed = version >= 3 ? failureOfCode(answer.int16(), subject) : undefined;
      return { failed, dirs: answer.list(() => directory(answer, version, subject)) };
    },
  };
}

function directory(answer: Reader, version: number, subject: string): Answer<Sizes> {
  const code = answer.int16();
  const path = answer.name();
  const sizes = answer.list(() => ofTopic(answer));
  if (version >= 4) answer.skip(8 + 8);
  answer.tags();
  const failed = failureOfCode(code, subject, path);
  return failed ? { failed } : { ok: sizes.filter(s => s.partition.length > 0) };
}

function ofTopic(answer: Reader): Sizes[number] {
  const topic = answer.name();
  const count = answer.length(4 + 8 + 8 + 1);
  const partition = new Int32Array(count);
  const size = new Float64Array(count);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    partition[kept] = answer.partition();
    const bytes = answer.int64();
    answer.skip(8);
    const isCopyUnderWay = answer.flag();
    answer.tags();
    if (isCopyUnderWay) continue;
    size[kept] = bytes < 0 ? NaN : bytes;
    kept++;
  }
  answer.tags();
  if (kept === count) return { topic, partition, size };
  return { topic, partition: partition.slice(0, kept), size: size.slice(0, kept) };
}

function nothing(subject: string): Failure {
  return failure(
    'unauthorised',
    subject,
    'it names no log directory: this user may not Describe the cluster',
  );
}
