import type { Millis } from '../core/clock.js';
import type { OffsetsSeen, PositionsSeen } from '../core/observation.js';
import { eachCell } from './each-cell.js';
import { FlowPartition } from './flow-partition.js';
import type { FlowIdentity } from './flows.js';
import type { LagHistory } from './lag-history.js';
import { RemovalPace } from './removal-pace.js';
import type { Repeats } from './snapshot.js';
import { median } from './trend.js';

/** `offset.flush.interval.ms` of Connect's workers, by default. */
const defaultFlush: Millis = 60_000;
const keptIntervals = 64;

/** The partitions of the source that a MirrorMaker 2 source connector copies, and where it stands in them. */
export class FlowPartitions {
  lastFlush: Millis | undefined;
  repeats: Repeats | undefined;
  private readonly partitions = new Map<string, (FlowPartition | undefined)[]>();
  private readonly sourceOf = new Map<string, string>();
  /** By topic of the source. */
  private readonly removals = new Map<string, RemovalPace>();
  /** Times between two moves of one partition's flushed position; tasks flush at times of their own. */
  private flushIntervals: Millis[] = [];

  constructor(private readonly past: LagHistory) {}

  /** The one of that name, made where there is none yet; undefined where the connector does not copy its topic. */
  partition(identity: FlowIdentity, topic: string, partition: number, at: Millis): FlowPartition | undefined {
    if (!identity.replicates(topic)) return undefined;
    let row = this.partitions.get(topic);
    if (row === undefined) {
      this.partitions.set(topic, (row = []));
      if (identity.remoteTopic) this.sourceOf.set(identity.remoteTopic(topic), topic);
    }
    return (row[partition] ??= new FlowPartition(topic, partition, this.past.line(), identity.copying, at));
  }

  observePositions(o: PositionsSeen, identity: FlowIdentity): void {
    if ('failed' in o.answer) return;
    for (const { sourceAlias, topics } of o.answer.ok) {
      if (sourceAlias !== identity.source?.alias) continue;
      for (const column of topics)
        eachCell(column, [], (partition, offset) => {
          if (Number.isNaN(offset)) return;
          const p = this.partition(identity, column.topic, partition, o.answered);
          const interval = p?.observeFlushed(o.asked, o.answered, offset);
          if (interval === undefined) return;
          this.lastFlush = o.answered;
          if (!Number.isNaN(interval)) this.flushIntervals.push(interval);
        });
    }
    this.flushIntervals = this.flushIntervals.slice(-keptIntervals);
  }

  /** End offsets of the target. */
  observeTarget(o: OffsetsSeen): void {
    for (const column of o.topics) {
      const topic = this.sourceOf.get(column.topic);
      if (topic === undefined) continue;
      const { flush } = this;
      eachCell(column, o.failures, (partition, offset, failed, epoch) =>
        this.at(topic, partition)?.observeTarget(o.asked, o.answered, offset, failed, flush, epoch),
      );
    }
  }

  /** End offsets of the source; returns whether any was of one of these. */
  observeSource(o: OffsetsSeen): boolean {
    let touched = false;
    for (const column of o.topics) {
      if (!this.partitions.has(column.topic)) continue;
      eachCell(column, o.failures, (partition, offset, failed, epoch) => {
        const p = this.at(column.topic, partition);
        p?.observeSource(o.asked, o.answered, offset, failed, epoch);
        touched ||= p !== undefined;
      });
    }
    return touched;
  }

  /** Log starts of the source. */
  observeStarts(o: OffsetsSeen): void {
    for (const column of o.topics) {
      if (!this.partitions.has(column.topic)) continue;
      const pace = this.removals.get(column.topic) ?? new RemovalPace();
      this.removals.set(column.topic, pace);
      eachCell(column, o.failures, (partition, offset) => {
        if (!Number.isNaN(offset)) this.at(column.topic, partition)?.observeStart(offset, pace, o.answered);
      });
    }
  }

  /** Topics of the source that are no longer there. */
  retain(exists: (topic: string) => boolean): void {
    for (const [topic, row] of this.partitions)
      if (!exists(topic)) {
        for (const p of row) p?.series.drop();
        this.partitions.delete(topic);
        this.removals.delete(topic);
      }
    for (const [remote, topic] of this.sourceOf) if (!exists(topic)) this.sourceOf.delete(remote);
  }

  /** While a restart is too fresh to be bounded, what was known before it stands. */
  countRepeats(): void {
    const counted = [...this.all()].flatMap(p => p.position.repeats ?? []);
    if (counted.length === 0) return;
    const sum = counted.reduce((a, b) => ({
      low: a.low + b.low,
      high: a.high + b.high,
      at: Math.max(a.at, b.at),
      causes: [...new Set([...a.causes, ...b.causes])],
    }));
    if (sum.high !== Infinity) this.repeats = sum;
  }

  /** Milliseconds between flushes, as seen, else the default. */
  get flush(): Millis {
    return median(this.flushIntervals) ?? defaultFlush;
  }

  /** Whether any flush was seen to follow another. */
  get sawFlushes(): boolean {
    return this.flushIntervals.length > 0;
  }

  /** Topics of the source that it reads, and of the target that it writes. */
  get topics(): { readonly reads: readonly string[]; readonly writes: readonly string[] } {
    return { reads: [...this.partitions.keys()], writes: [...this.sourceOf.keys()] };
  }

  *all(): Generator<FlowPartition> {
    for (const row of this.partitions.values()) for (const p of row) if (p !== undefined) yield p;
  }

  forget(): void {
    for (const p of this.all()) p.series.drop();
    this.partitions.clear();
    this.sourceOf.clear();
    this.removals.clear();
    this.flushIntervals = [];
    this.repeats = undefined;
  }

  private at(topic: string, partition: number): FlowPartition | undefined {
    return this.partitions.get(topic)?.[partition];
  }
}
