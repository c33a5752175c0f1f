/**
 * The truth about replication: how far the target really is behind, read from the records themselves. Nothing here uses
 * Connect's offsets or a metric, so it can judge whatever kmon derives from them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isOfMovedLeader, PartitionReader } from './partitions.js';
import type { LabSite } from './site.js';
import { readStamp } from './stamp.js';
import { type SourceTopic, sourceTopicNames, targetTopic } from './topics.js';

/** One source partition. All numbers are records or offsets. */
export interface PartitionTruth {
  readonly topic: SourceTopic;
  readonly partition: number;
  /** End offset at the source, asked after the target was read: `behind` may be too high by what was written meanwhile. */
  readonly sourceEnd: number;
  /** Offset of the newest record of the target partition, plus one. */
  readonly targetEnd: number;
  /** Sequence (= source offset) of the newest record in the target partition; null while it is empty. */
  readonly newestTargetSequence: number | null;
  /**
   * The highest sequence this reader has ever seen in the target partition. It is above `newestTargetSequence` while a
   * restarted task writes again what had been written since its last flush.
   */
  readonly furthestTargetSequence: number | null;
  /** sourceEnd − (newestTargetSequence + 1), or sourceEnd while the target partition is empty. */
  readonly behind: number;
}

export interface Truth {
  /** When the source was asked, milliseconds since the epoch. */
  readonly at: number;
  /** By topic and partition. */
  readonly partitions: readonly PartitionTruth[];
  /** Sum of `behind`. */
  readonly behind: number;
}

/** An election is known everywhere within a second or two. */
const triesForLeaders = 10;

/** Reads the truth again and again over the same connections. */
export class TruthReader {
  readonly #source: PartitionReader;
  readonly #target: PartitionReader;
  readonly #furthest = new Map<string, number>();

  constructor(site: LabSite) {
    this.#source = new PartitionReader(site, 'eu');
    this.#target = new PartitionReader(site, 'us');
  }

  async read(): Promise<Truth> {
    for (let tried = 0; ; tried++) {
      try {
        if (tried > 0) await Promise.all([this.#source.findLeaders(), this.#target.findLeaders()]);
        return await this.#readOnce();
      } catch (error) {
        if (tried === triesForLeaders || !isOfMovedLeader(error)) throw error;
        await sleep(200);
      }
    }
  }

  async #readOnce(): Promise<Truth> {
    const targetEnds = await this.#target.ends(sourceTopicNames.map(targetTopic));
    const records = await this.#target.lastRecords(targetEnds);
    const sourceEnds = await this.#source.ends(sourceTopicNames);
    const at = Date.now();
    const partitions = sourceTopicNames.flatMap(topic =>
      [...(sourceEnds.get(topic) ?? [])]
        .sort(([a], [b]) => a - b)
        .map(([partition, sourceEnd]): PartitionTruth => {
          const last = (records.get(targetTopic(topic))?.get(partition) ?? []).at(-1);
          const newest = last ? (readStamp(last.value)?.sequence ?? null) : null;
          return {
            topic,
            partition,
            sourceEnd,
            targetEnd: last ? last.offset + 1 : 0,
            newestTargetSequence: newest,
            furthestTargetSequence: this.#remember(`${topic}-${partition}`, newest),
            behind: sourceEnd - (newest === null ? 0 : newest + 1),
          };
        }),
    );
    return { at, partitions, behind: partitions.reduce((sum, { behind }) => sum + behind, 0) };
  }

  #remember(partition: string, sequence: number | null): number | null {
    const furthest = Math.max(this.#furthest.get(partition) ?? -1, sequence ?? -1);
    if (furthest < 0) return null;
    this.#furthest.set(partition, furthest);
    return furthest;
  }

  async close(): Promise<void> {
    await Promise.all([this.#source.close(), this.#target.close()]);
  }
}

/** One reading of the truth, with connections of its own. */
export async function truth(site: LabSite): Promise<Truth> {
  const reader = new TruthReader(site);
  try {
    return await reader.read();
  } finally {
    await reader.close();
  }
}
