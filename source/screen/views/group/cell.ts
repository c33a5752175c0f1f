import { count } from '../../../core/units.js';
import type { GroupPartitionView } from '../../../model/snapshot.js';
import { slope, timeOfDay } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { columnStart, type TimeAxis } from '../../parts/time-axis.js';
import { row, segment, type Row } from '../../row.js';
import { truncateMiddle, width } from '../../text.js';
import { partitionKey } from './order.js';

export type Cell = {
  readonly partition: GroupPartitionView | undefined;
  /** Of its whole line. */
  readonly lags: Float64Array;
  readonly axis: TimeAxis;
  readonly column: number;
  /** Nobody looked then. */
  readonly isUnobserved: boolean;
  readonly columns: number;
};

/** A name that is cut to less says nothing. */
const leastName = 14;

/**
 * What the cursor stands on: partition, time, lag and how it changed, owner, leader. On one line where names can be read in what is
 * left, else on two.
 */
export function cellRows({ partition, lags, axis, column, isUnobserved, columns }: Cell): readonly Row[] {
  if (!partition) return [];
  const name = partitionKey(partition);
  const owner = partition.owner ?? 'none';
  const leader =
    partition.leader === undefined
      ? 'not known'
      : partition.leader === -1
        ? 'none'
        : String(partition.leader);
  const lag = lags[column] ?? NaN;
  const change = ((lag - (lags[column - 1] ?? NaN)) * 1000) / axis.bucket;
  const lagText = Number.isNaN(lag) ? (isUnobserved ? 'not observed' : 'not known') : count(lag);
  const changeText = Number.isNaN(change) ? '' : ` ${slope(change)}`;
  const at = ` at ${timeOfDay(columnStart(axis, column))}  lag `;
  const fixed = width(` ${glyphs.cursor} ${at}${lagText}${changeText}`);
  const tail = width(`  owner   leader ${leader}`);
  const room = columns - fixed - tail;
  const leaderPart = segment(leader, partition.leader === -1 ? 'critical' : 'text');
  const head = (space: number): Row =>
    row(
      segment(` ${glyphs.cursor} ${truncateMiddle(name, Math.max(4, space))}`, 'strong'),
      segment(at, 'dim'),
      segment(lagText, 'strong'),
      segment(changeText, 'dim'),
    );
  if (room >= Math.min(leastName, width(name)) + Math.min(leastName, width(owner))) {
    const ownerRoom = Math.min(width(owner), Math.max(Math.floor(room / 2), room - width(name)));
    return [
      row(
        ...head(room - ownerRoom).segments,
        segment('  owner ', 'dim'),
        segment(truncateMiddle(owner, ownerRoom)),
        segment('  leader ', 'dim'),
        leaderPart,
      ),
    ];
  }
  return [
    head(columns - fixed),
    row(
      segment('   owner ', 'dim'),
      segment(truncateMiddle(owner, Math.max(4, columns - tail - 1))),
      segment('  leader ', 'dim'),
      leaderPart,
    ),
  ];
}
