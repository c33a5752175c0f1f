import type { Millis } from '../clock.js';
import type { Answer, Timing } from './answer.js';

/** A key by its hash, which is another one in each run of kmon. */
export type KeySeen = { readonly hash: number; readonly records: number };

/** What a run of records at the end of one partition says. Counts are records, but for `distinct`. */
export type RecordSample = {
  /** Offsets of the first and the last record; NaN where none was read. */
  readonly from: number;
  readonly to: number;
  readonly records: number;
  /** Of keys and values, unpacked. */
  readonly bytes: number;
  /** In batches that kmon could not unpack, by codec and why. */
  readonly unread: Readonly<Record<string, number>>;
  /** Without a key; with a key of no bytes. */
  readonly unkeyed: number;
  readonly empty: number;
  /** How many different keys there are, and the most frequent ones (64 at most), most frequent first. */
  readonly distinct: number;
  readonly keys: readonly KeySeen[];
  /** Whose key the Java client's default partitioner would have put into another partition. */
  readonly elsewhere: number;
  /** Of producers with an id: idempotent, and so with acks=all. */
  readonly idempotent: number;
  /** With the broker's time; the steps back are of the others. */
  readonly appendTimes: number;
  /** More than a second older than one before it: of the same idempotent producer, and of whichever. */
  readonly back: number;
  readonly backOfAll: number;
  /** The furthest step back within one producer, ms. */
  readonly furthestBack: Millis;
};

/** The newest records of one partition, counted (Fetch 1); only where the user asked for samples. */
export type RecordsSampled = Timing & {
  readonly kind: 'records';
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly answer: Answer<RecordSample>;
};
