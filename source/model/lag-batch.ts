/**
 * Partitions of one topic whose log ends were read together, in parallel arrays that are used again for each column. The parts of
 * the model hand them on as a whole: a number that is handed to a function on its own is, for the engine, an object.
 */
export class LagBatch {
  size = 0;
  /** Partition. */
  row = new Int32Array(0);
  /** Line of the partition in its history. */
  line = new Int32Array(0);
  committed = new Float64Array(0);
  end = new Float64Array(0);
  /** When the end was asked for, and answered. */
  asked = new Float64Array(0);
  answered = new Float64Array(0);
  /** Why the end is not known now: index of the trouble in its topic; NaN where it is known. */
  trouble = new Float64Array(0);
  /** NaN where it is not known now; −1 where what was read says nothing of it. */
  lag = new Float64Array(0);
  /** Age of the first unread record, as `ArrivalTimes.age` says it; NaN where there is no lag. */
  age = new Float64Array(0);

  /** Empties it, and makes room for so many. */
  begin(most: number): void {
    this.size = 0;
    if (most <= this.row.length) return;
    this.row = new Int32Array(most);
    this.line = new Int32Array(most);
    this.committed = new Float64Array(most);
    this.end = new Float64Array(most);
    this.asked = new Float64Array(most);
    this.answered = new Float64Array(most);
    this.trouble = new Float64Array(most);
    this.lag = new Float64Array(most);
    this.age = new Float64Array(most);
  }

  add(row: number, line: number): void {
    this.row[this.size] = row;
    this.line[this.size] = line;
    this.size++;
  }
}
