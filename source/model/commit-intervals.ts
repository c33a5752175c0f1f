import type { Millis } from '../core/clock.js';
import { copied } from './copied.js';
import { median } from './trend.js';

const most = 64;
const least = 4;

/**
 * The last times between two moves of a commit that had something to commit, over all partitions of a group. A class, not a function
 * that is handed on: the engine then puts it in line, and makes no object of each number.
 */
export class CommitIntervals {
  /** How many are needed for a period. */
  static readonly needed = least;

  private readonly kept = new Float64Array(most);
  private noted = 0;

  note(after: Millis): void {
    this.kept[this.noted++ % most] = after;
  }

  /** A copy of those of now, of which `median` can be made later; undefined where there are too few. */
  picture(): Float64Array | undefined {
    if (this.noted < least) return undefined;
    return copied(this.noted < most ? this.kept.subarray(0, this.noted) : this.kept);
  }

  /** The median of a `picture`. */
  static median(picture: Float64Array | undefined): Millis | undefined {
    return picture && median(picture);
  }
}
