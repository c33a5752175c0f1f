import type { Millis } from '../core/clock.js';
import type { LagHistory } from './lag-history.js';

/** How often lines change hands once there are more of them than the pool has room for. */
const rankEvery: Millis = 60_000;
/**
 * A block holds its lines' first samples, then their second ones: a sweep writes one sample of every line, and those lie side by
 * side. (A line after the other, each write was a miss of the cache.) Powers of two, so that where a sample lies is no division.
 */
const linesABlock = 256;
const bitsOfSamples = 5;
const samplesABlock = 2 ** bitsOfSamples;
const bytesASample = Float32Array.BYTES_PER_ELEMENT;

/**
 * Memory for the lag of every partition over time: lines of so many samples and so many minutes, `lines` of them at most. It is taken
 * in blocks, each when its first sample is written: what is still to come needs none, and minutes take hours. (Untouched pages of one large
 * block are not always free: the allocator hands out what was used before, and clears it.) When all lines are given away the partitions
 * with the most lag have them.
 *
 * A sample is a Float32: it is drawn and compared, never added up, and 24 bits of mantissa are exact up to 16.7 million
 * records and right to seven digits beyond, in half of the memory of a Float64. It is kept as lag + 1, so that fresh memory (0)
 * means "not sampled"; NaN means "asked, and not known".
 */
export class LagPool {
  /** Those of the first so many lines, then those of the next. */
  private readonly blocks: (Float32Array | undefined)[] = [];
  private bytes = 0;
  private readonly free: number[] = [];
  private readonly histories = new Set<LagHistory>();
  private taken = 0;
  private made = 0;
  private ranked: Millis = -Infinity;
  /** Of a block: its lines are 2 to the power of `bits`. */
  private readonly bits: number;
  private readonly stride: number;
  private readonly width: number;
  /** Of a line. */
  private readonly blocksALine: number;

  constructor(
    /** Numbers that a line holds: its newest samples, and before them one a minute. */
    readonly samples: number,
    private readonly lines: number,
    readonly minutes = 0,
  ) {
    this.width = samples + minutes;
    this.blocksALine = Math.ceil(this.width / samplesABlock);
    this.bits = Math.ceil(Math.log2(Math.max(1, Math.min(linesABlock, lines))));
    this.stride = 2 ** this.bits;
  }

  /** An empty line; −1 where none is left. */
  take(): number {
    let slot = this.free.pop();
    if (slot === undefined) {
      if (this.made >= this.lines) return -1;
      slot = this.made++;
      if (slot % this.stride === 0) for (let i = 0; i < this.blocksALine; i++) this.blocks.push(undefined);
    }
    this.taken++;
    return slot;
  }

  giveBack(slot: number): void {
    for (let sample = 0; sample < this.width; sample++) this.erase(slot, sample);
    this.free.push(slot);
    this.taken--;
  }

  /** NaN for "not known". */
  write(slot: number, sample: number, lag: number): void {
    this.block(slot, sample)[this.index(slot, sample)] = lag + 1;
  }

  copy(slot: number, from: number, to: number): void {
    this.block(slot, to)[this.index(slot, to)] = this.stored(slot, from);
  }

  erase(slot: number, sample: number): void {
    const block = this.blocks[this.blockIndex(slot, sample)];
    if (block !== undefined) block[this.index(slot, sample)] = 0;
  }

  /** The lag, NaN where it was not known; −1 where it was not sampled. */
  read(slot: number, sample: number): number {
    return this.stored(slot, sample) - 1;
  }

  join(history: LagHistory): void {
    this.histories.add(history);
  }

  leave(history: LagHistory): void {
    this.histories.delete(history);
  }

  /** Partitions that have a line, and those that have none; bytes in use, and bytes when all lines are. */
  usage(): { readonly kept: number; readonly left: number; readonly bytes: number; readonly limit: number } {
    let wanted = 0;
    for (const history of this.histories) wanted += history.count;
    return {
      kept: this.taken,
      left: wanted - this.taken,
      bytes: this.bytes,
      limit: Math.ceil(this.lines / this.stride) * this.stride * this.width * bytesASample,
    };
  }

  /**
   * Hands lines from the partitions with the least lag to those with the most, where there are not enough for all: once a
   * minute, and only to one with more than twice the lag, so that equals do not rob each other of their past.
   */
  rank(at: Millis): void {
    if (at - this.ranked < rankEvery) return;
    this.ranked = at;
    const { kept, left } = this.usage();
    if (left === 0 || !this.mayChange()) return;
    const lags = new Float64Array(kept + left);
    let count = 0;
    for (const history of this.histories) count += history.copyLags(lags.subarray(count));
    const bar = lags.subarray(0, count).sort()[Math.max(0, count - this.lines)] ?? 0;
    const poor: Line[] = [];
    const rich: Line[] = [];
    for (const history of this.histories)
      history.each((line, lag, has) => {
        if (has && lag < bar) poor.push({ history, line, lag });
        else if (!has && lag >= bar) rich.push({ history, line, lag });
      });
    rich.sort((a, b) => b.lag - a.lag);
    poor.sort((a, b) => a.lag - b.lag);
    for (const [i, to] of rich.entries()) {
      const from = poor[i];
      if (this.free.length === 0 && this.made >= this.lines) {
        if (from === undefined || to.lag <= 2 * from.lag) return;
        from.history.release(from.line);
      }
      to.history.claim(to.line);
    }
  }

  /** Whether any partition without a line has enough lag to take one from another. It has not, most often: then no list is made. */
  private mayChange(): boolean {
    if (this.free.length > 0 || this.made < this.lines) return true;
    let least = Infinity;
    let most = -Infinity;
    for (const history of this.histories) {
      least = Math.min(least, history.leastKept());
      most = Math.max(most, history.mostLeft());
    }
    return most > 2 * least;
  }

  private stored(slot: number, sample: number): number {
    return this.blocks[this.blockIndex(slot, sample)]?.[this.index(slot, sample)] ?? 0;
  }

  /** The block to write to. */
  private block(slot: number, sample: number): Float32Array {
    return this.blocks[this.blockIndex(slot, sample)] ?? this.open(slot, sample);
  }

  private open(slot: number, sample: number): Float32Array {
    const begin = sample - (sample % samplesABlock);
    const block = new Float32Array(this.stride * Math.min(samplesABlock, this.width - begin));
    this.blocks[this.blockIndex(slot, sample)] = block;
    this.bytes += block.byteLength;
    return block;
  }

  private blockIndex(slot: number, sample: number): number {
    return (slot >> this.bits) * this.blocksALine + (sample >> bitsOfSamples);
  }

  private index(slot: number, sample: number): number {
    return ((sample & (samplesABlock - 1)) << this.bits) + (slot & (this.stride - 1));
  }
}

type Line = { readonly history: LagHistory; readonly line: number; readonly lag: number };
