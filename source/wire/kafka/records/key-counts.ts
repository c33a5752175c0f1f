import { createHmac, randomBytes } from 'node:crypto';
import type { KeySeen, RecordSample } from '../../../core/observation.js';
import type { BatchHeader, RecordSeen } from './batches.js';
import { partitionOfKey } from './murmur2.js';

/** Keys that a sample names: the most frequent. */
const mostKeys = 64;
/** Clocks of one machine differ by less. */
const steppedBack = 1_000;

/**
 * Another one in each run of kmon: the hash of a key says whether two are the same, and nothing of what it is to whoever finds it
 * in a recording.
 */
const salt = randomBytes(16);

/** What a run of records of one partition says of keys, times and producers. No key and no value is kept. */
export class KeyCounts {
  private readonly keys = new Map<number, number>();
  private readonly newest = new Map<number, number>();
  private first = NaN;
  private last = NaN;
  private records = 0;
  private bytes = 0;
  private unkeyed = 0;
  private empty = 0;
  private elsewhere = 0;
  private idempotent = 0;
  private appendTimes = 0;
  private back = 0;
  private furthestBack = 0;
  private newestOfAll = -Infinity;
  private backOfAll = 0;

  constructor(
    private readonly partition: number,
    /** How many partitions the topic has. */
    private readonly partitions: number,
  ) {}

  add({ offset, timestamp, key, bytes }: RecordSeen, { producerId, isAppendTime }: BatchHeader): void {
    if (this.records === 0) this.first = offset;
    this.last = offset;
    this.records++;
    this.bytes += bytes;
    if (key === undefined) this.unkeyed++;
    else {
      if (key.length === 0) this.empty++;
      if (partitionOfKey(key, this.partitions) !== this.partition) this.elsewhere++;
      const hash = hashOf(key);
      this.keys.set(hash, (this.keys.get(hash) ?? 0) + 1);
    }
    if (producerId >= 0) this.idempotent++;
    if (isAppendTime) this.appendTimes++;
    else this.time(timestamp, producerId);
  }

  sample(unread: ReadonlyMap<string, number>): RecordSample {
    return {
      from: this.first,
      to: this.last,
      records: this.records,
      bytes: this.bytes,
      unread: Object.fromEntries(unread),
      unkeyed: this.unkeyed,
      empty: this.empty,
      distinct: this.keys.size,
      keys: this.frequent(),
      elsewhere: this.elsewhere,
      idempotent: this.idempotent,
      appendTimes: this.appendTimes,
      back: this.back,
      backOfAll: this.backOfAll,
      furthestBack: this.furthestBack,
    };
  }

  /** Between producers a time that goes back is a matter of clocks and ways; within one it is another order. */
  private time(timestamp: number, producerId: number): void {
    if (timestamp < this.newestOfAll - steppedBack) this.backOfAll++;
    this.newestOfAll = Math.max(this.newestOfAll, timestamp);
    if (producerId < 0) return;
    const newest = this.newest.get(producerId) ?? -Infinity;
    if (timestamp < newest - steppedBack) {
      this.back++;
      this.furthestBack = Math.max(this.furthestBack, newest - timestamp);
    }
    this.newest.set(producerId, Math.max(newest, timestamp));
  }

  private frequent(): readonly KeySeen[] {
    return [...this.keys]
      .sort((a, b) => b[1] - a[1])
      .slice(0, mostKeys)
      .map(([hash, records]) => ({ hash, records }));
  }
}

/** 48 bits: a number that is exact, and two of a thousand keys are alike once in 560 million samples. */
function hashOf(key: Uint8Array): number {
  return createHmac('sha256', salt).update(key).digest().readUIntBE(0, 6);
}
