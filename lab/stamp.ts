/**
 * The stamp in each record of the load: its sequence in its source partition, which is its source offset. So the last
 * record in a target partition tells how far the replication got, whatever offsets and metrics say.
 */

/** `sequence` is the record's source offset, `sent` milliseconds since the epoch. */
export interface Stamp {
  readonly sequence: number;
  readonly sent: number;
}

/** A record's value: the stamp as JSON, padded to `bytes`. */
export function stamped({ sequence, sent }: Stamp, bytes: number): string {
  const head = `{"sequence":${sequence},"sent":${sent},"padding":"`;
  return `${head.padEnd(bytes - 2, 'x')}"}`;
}

/** Undefined when the value is not one of the load's. */
export function readStamp(value: Buffer | null): Stamp | undefined {
  const found = /^\{"sequence":(\d+),"sent":(\d+),/.exec(value?.toString('latin1', 0, 64) ?? '');
  return found ? { sequence: Number(found[1]), sent: Number(found[2]) } : undefined;
}
