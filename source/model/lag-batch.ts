/**
 * Partitions of one topic whose log ends were read together, in parallel arrays that are used again for each column. The parts of
 * the model hand them on as a whole: a number that is handed to a function on its own is, for the engine, an object.
 *
 * What was read of the ends is said once (`TopicOffsets.tell`); the groups that read the topic put what they make of it beside that, one
 * after the other.
 */
export class LagBatch {
  size = 0;
  /** Partition. */
  row = new Int32Array(0);
  end = new Float64Array(0);
  /** When the end was asked for, and answered. */
  asked = new Float64Array(0);
  answered = new Float64Array(0);
  /** Why the end is not known now: index of the trouble in its topic; NaN where it is known. */
  trouble = new Float64Array(0);
  /** Of one group: line of the partition in its history, −1 where it has no commit. */
  line = new Int32Array(0);
  committed = new Float64Array(0);
  /** NaN where it is not known now; −1 where what was read says nothing of it. */
  lag = new Float64Array(0);
  /** Age of the first unread record, as `ArrivalTimes.age` says it; NaN where there is no lag. */
  age = new Float64Array(0);

  /** Begins anew with these partitions. */
  begin(partition: Int32Array): void {
    this.size = partition.length;
    if (this.size > this.row.length) this.grow();
    this.row.set(partition);
  }

  private grow(): void {
    const { size } = this;
    this.row = new Int32Array(size);
    this.end = new Float64Array(size);
    this.asked = new Float64Array(size);
    this.answered = new Float64Array(size);
    this.trouble = new Float64Array(size);
    this.line = new Int32Array(size);
    this.committed = new Float64Array(size);
    this.lag = new Float64Array(size);
    this.age = new Float64Array(size);
  }
}
