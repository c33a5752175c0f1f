import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../source/core/clock.js';
import { startKafka, type SimulatedKafka } from '../../../../source/simulator/kafka/start.js';
import {
  partitionOf,
  type KafkaSetting,
  type SimulatedRecord,
} from '../../../../source/simulator/kafka/state.js';
import { openKafka, type KafkaLink } from '../../../../source/wire/kafka/link.js';
import { readMetadata } from '../../../../source/wire/kafka/reads/metadata.js';
import { readRecordSample } from '../../../../source/wire/kafka/reads/record-sample.js';

let kafka: SimulatedKafka | undefined;
let link: KafkaLink | undefined;
afterEach(async () => {
  await link?.close();
  await kafka?.stop();
});

/** A topic of one partition with these records. */
async function holding(
  records: readonly SimulatedRecord[],
  configs: Record<string, string> = {},
  setting: KafkaSetting = {},
): Promise<KafkaLink> {
  const at = (offset: number): SimulatedRecord => records[offset] ?? record({});
  const partitions = [partitionOf({ logEnd: records.length, records: at }, [1])];
  kafka = await startKafka({ brokers: 1, topics: { orders: { partitions, configs } }, ...setting });
  link = openKafka(
    {
      cluster: 'eu',
      bootstrap: kafka.bootstrap,
      security: {},
      clientId: 'kmon',
      requestTimeout: 5_000,
      connectTimeout: 3_000,
    },
    { clock: systemClock },
  );
  await readMetadata(link);
  return link;
}

function record(of: Partial<SimulatedRecord>): SimulatedRecord {
  return { key: 'a', value: 'v', timestamp: 1_700_000_000_000, ...of };
}

const wanted = { topic: 'orders', partition: 0, partitions: 6, from: 0, maxBytes: 1 << 20 };

async function sampled(records: readonly SimulatedRecord[], from = 0) {
  const { answer } = await readRecordSample(await holding(records), 1, { ...wanted, from });
  if ('failed' in answer) throw new Error(answer.failed.detail);
  return answer.ok;
}

describe('a sample of records', () => {
  it('counts keys, and tells the most frequent by hashes that give nothing of them away', async () => {
    const sample = await sampled([
      ...Array.from({ length: 7 }, () => record({ key: 'hot' })),
      record({ key: 'cold' }),
      record({ key: null }),
      record({ key: '' }),
    ]);
    expect(sample).toMatchObject({ from: 0, to: 9, records: 10, unkeyed: 1, empty: 1, distinct: 3 });
    expect(sample.keys.map(k => k.records)).toEqual([7, 1, 1]);
    expect(JSON.stringify(sample)).not.toMatch(/hot|cold/);
  });

  it('reads many batches, compressed ones too, from the offset on that was asked for', async () => {
    const records = Array.from({ length: 250 }, (_, i) =>
      record({ key: `k${i % 5}`, gzip: true, value: 'x'.repeat(50) }),
    );
    const sample = await sampled(records, 30);
    expect(sample).toMatchObject({ from: 30, to: 249, records: 220, distinct: 5 });
  });

  it('holds times of one producer against each other, and those of others apart', async () => {
    const t = 1_700_000_000_000;
    const sample = await sampled([
      record({ producerId: 1, timestamp: t }),
      record({ producerId: 2, timestamp: t - 60_000 }),
      record({ producerId: 2, timestamp: t - 59_000 }),
      record({ producerId: 1, timestamp: t - 9_000 }),
      record({ timestamp: t - 30_000 }),
    ]);
    expect(sample).toMatchObject({ idempotent: 4, back: 1, furthestBack: 9_000, backOfAll: 4 });
  });

  it('says of the broker’s own times that nothing can go back in them', async () => {
    const sample = await sampled([
      record({ appendTime: true, producerId: 1, timestamp: 2_000_000 }),
      record({ appendTime: true, producerId: 1, timestamp: 1_000 }),
    ]);
    expect(sample).toMatchObject({ appendTimes: 2, back: 0, backOfAll: 0 });
  });

  it('is of a topic that is to be kept in zstd too, which brokers give to nobody who asks in an older version', async () => {
    const zstd = { 'compression.type': 'zstd' };
    const sample = await readRecordSample(await holding([record({}), record({})], zstd), 1, wanted);
    expect(sample.answer).toMatchObject({ ok: { from: 0, to: 1, records: 2 } });
    await link?.close();
    await kafka?.stop();
    const { answer } = await readRecordSample(
      await holding([record({})], zstd, { newest: { 1: 9 } }),
      1,
      wanted,
    );
    expect(answer).toMatchObject({ failed: { kind: 'unsupported', detail: 'UNSUPPORTED_COMPRESSION_TYPE' } });
  });

  it('says so where the log no longer has the offset, which retention may take away meanwhile', async () => {
    const { answer } = await readRecordSample(await holding([record({})]), 1, { ...wanted, from: 9 });
    expect(answer).toMatchObject({ failed: { kind: 'absent', detail: 'OFFSET_OUT_OF_RANGE' } });
  });

  it('names why it has none', async () => {
    const { answer } = await readRecordSample(await holding([record({})]), 1, { ...wanted, topic: 'other' });
    expect(answer).toMatchObject({ failed: { kind: 'absent', subject: expect.stringContaining('other/0') } });
  });
});
