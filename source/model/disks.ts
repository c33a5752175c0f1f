import type { Millis } from '../core/clock.js';
import { failure } from '../core/failure.js';
import { isKnown, lost, seen, unknown, type Known } from '../core/known.js';
import type { LogDirsSeen } from '../core/observation.js';

type Column = { readonly partition: Int32Array; readonly size: Float64Array };
/** Of one broker, by topic; several where several directories hold some of it. */
type OfBroker = ReadonlyMap<string, readonly Column[]>;

/** Bytes by partition over the replicas that told them, and how many did. */
export type DiskUse = { readonly bytes: Float64Array; readonly told: Uint16Array };

/**
 * What replicas take on the disks of each broker of a cluster. It never changes: an observation makes another one, which keeps the
 * columns of the answer as they came.
 */
export class Disks {
  private constructor(private readonly brokers: ReadonlyMap<number, Known<OfBroker>>) {}

  static readonly none = new Disks(new Map());

  with(o: LogDirsSeen): Disks {
    const before = this.brokers.get(o.broker);
    return new Disks(new Map(this.brokers).set(o.broker, answerOf(o, before)));
  }

  without(gone: (broker: number) => boolean): Disks {
    const left = [...this.brokers].filter(([broker]) => !gone(broker));
    return left.length === this.brokers.size ? this : new Disks(new Map(left));
  }

  /** Bytes of all replicas on one broker, and their number. */
  ofBroker(broker: number): Known<{ readonly bytes: number; readonly replicas: number }> {
    const known = this.brokers.get(broker);
    if (known === undefined) return unread(`disks of broker ${broker}`);
    if (!isKnown(known)) return unknown(known.unknown, known.since);
    let [bytes, replicas] = [0, 0];
    for (const columns of known.value.values())
      for (const { size } of columns) {
        replicas += size.length;
        for (const n of size) if (!Number.isNaN(n)) bytes += n;
      }
    return seen({ bytes, replicas }, known.at);
  }

  /** Of the brokers that told; a size that is not known counts as not told. */
  ofTopic(topic: string, partitions: number): DiskUse {
    const bytes = new Float64Array(partitions);
    const told = new Uint16Array(partitions);
    for (const known of this.brokers.values()) {
      if (!isKnown(known)) continue;
      for (const { partition, size } of known.value.get(topic) ?? [])
        for (let i = 0; i < partition.length; i++) {
          const [p, n] = [partition[i] ?? -1, size[i] ?? NaN];
          if (p < 0 || p >= partitions || Number.isNaN(n)) continue;
          bytes[p] = (bytes[p] ?? 0) + n;
          told[p] = (told[p] ?? 0) + 1;
        }
    }
    return { bytes, told };
  }

  /** When the oldest answer that counts is from, or why one is missing. */
  get state(): Known<true> {
    const all = [...this.brokers.values()];
    const failed = all.find(known => !isKnown(known));
    if (failed !== undefined && !isKnown(failed)) return unknown(failed.unknown, failed.since);
    const times = all.flatMap(known => (isKnown(known) ? known.at : []));
    return times.length === 0 ? unread('log directories') : seen(true, Math.min(...times));
  }
}

function answerOf(o: LogDirsSeen, before: Known<OfBroker> | undefined): Known<OfBroker> {
  if ('failed' in o.answer) return lost(before, o.answer.failed, o.answered);
  const sizes = new Map<string, Column[]>();
  for (const { topic, partition, size } of o.answer.ok) {
    const columns = sizes.get(topic);
    if (columns === undefined) sizes.set(topic, [{ partition, size }]);
    else columns.push({ partition, size });
  }
  const [broken] = o.failures ?? [];
  return broken === undefined ? seen(sizes, o.answered) : lost(seen(sizes, o.answered), broken, o.answered);
}

function unread(what: string, since: Millis = 0): Known<never> {
  return unknown(failure('early', what, 'they were not read yet'), since);
}
