import type { Failure } from '../core/failure.js';
import type { OffsetColumn } from '../core/observation.js';
import { reasonOf } from './troubles.js';

/** Looks at the rows of a column: partition, offset and leader epoch (NaN where none), and the reason where it failed. */
export function eachCell(
  column: OffsetColumn,
  failures: readonly Failure[],
  look: (partition: number, offset: number, failed: Failure | undefined, epoch: number) => void,
): void {
  for (let i = 0; i < column.partition.length; i++) {
    const failed = reasonOf(column.failure[i], failures);
    const offset = failed === undefined ? (column.offset[i] ?? NaN) : NaN;
    look(column.partition[i] ?? 0, offset, failed, column.leaderEpoch?.[i] ?? NaN);
  }
}
