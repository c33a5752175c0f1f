/** The process of the load: `load.ts <lab>`. Writes at a steady pace until it is ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Message, type Producer, Partitioners } from 'kafkajs';
import { kafkaClient, withAdmin } from '../clients.js';
import { type LoadSettings, loadFile } from '../load.js';
import { openLab } from '../site.js';
import { stamped } from '../stamp.js';
import { type SourceTopic, sourceTopicNames, sourceTopics } from '../topics.js';
import { messageOf } from '../wait.js';

const site = openLab(process.argv[2]);
const log = (line: string): void => void process.stderr.write(`${new Date().toISOString()} ${line}\n`);

/** Milliseconds between two writes. */
const beat = 100;
/** What a stall may leave to be made up for, in milliseconds of load; more is given up, or it would end in a flood. */
const mostOwed = 2_000;
const hotKey = 'customer-hot';

/** A key and the partition that Kafka's default partitioner gives it. */
interface Key {
  readonly key: string;
  readonly partition: number;
}

/** Keys of each partition of a topic, so that an even choice of partitions is an even choice of keys. */
function keysByPartition(topic: SourceTopic): Key[][] {
  const byPartition: Key[][] = Array.from({ length: sourceTopics[topic] }, () => []);
  for (let i = 0; i < 2_000; i++) {
    const key = keyOf(topic, `customer-${i}`);
    byPartition[key.partition]?.push(key);
  }
  return byPartition;
}

function keyOf(topic: SourceTopic, key: string): Key {
  const partitionMetadata = Array.from({ length: sourceTopics[topic] }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 1,
    replicas: [1],
    isr: [1],
    offlineReplicas: [],
  }));
  return { key, partition: partitioner({ topic, partitionMetadata, message: { key, value: null } }) };
}
const partitioner = Partitioners.DefaultPartitioner();

const allPartitions = sourceTopicNames.reduce((sum, topic) => sum + sourceTopics[topic], 0);

/** The writer of one topic: which records come next, and the sequence of each partition. */
class TopicWriter {
  readonly topic: SourceTopic;
  readonly #keys: Key[][];
  readonly #hot: Key;
  /** Next sequence of each partition. */
  readonly #next: number[] = [];
  #turn = 0;
  #hotOwed = 0;

  constructor(topic: SourceTopic) {
    this.topic = topic;
    this.#keys = keysByPartition(topic);
    this.#hot = keyOf(topic, hotKey);
  }

  /** Sets the sequences to the ends of the partitions: a record's sequence is its offset. */
  async synchronise(): Promise<void> {
    const ends = await withAdmin(site, 'eu', admin => admin.fetchTopicOffsets(this.topic));
    for (const { partition, high } of ends) this.#next[partition] = Number(high);
  }

  /** The next records, stamped, of which `hotShare` with the hot key, the others in turn over all partitions. */
  take(count: number, { bytes, hotShare }: LoadSettings): Message[] {
    return Array.from({ length: count }, () => {
      const { key, partition } = this.#pick(this.topic === 'orders' ? hotShare : 0);
      const sequence = this.#next[partition] ?? 0;
      this.#next[partition] = sequence + 1;
      const sent = Date.now();
      return { key, partition, value: stamped({ sequence, sent }, bytes), timestamp: String(sent) };
    });
  }

  #pick(hotShare: number): Key {
    this.#hotOwed += hotShare;
    if (this.#hotOwed >= 1) {
      this.#hotOwed -= 1;
      return this.#hot;
    }
    const keys = this.#keys[this.#turn++ % this.#keys.length] ?? [];
    return keys[Math.floor(Math.random() * keys.length)] ?? this.#hot;
  }

  /** Throws when the records did not land where their sequences say. */
  check(messages: readonly Message[], landed: ReadonlyMap<number, number>): void {
    const counts = new Map<number, number>();
    for (const { partition = 0 } of messages) counts.set(partition, (counts.get(partition) ?? 0) + 1);
    for (const [partition, count] of counts) {
      const expected = (this.#next[partition] ?? 0) - count;
      const offset = landed.get(partition);
      if (offset !== expected)
        throw new Error(`${this.topic}-${partition}: sequence ${expected} landed at offset ${offset}`);
    }
  }
}

/** Writes one beat's records of all topics. */
async function write(
  producer: Producer,
  writers: readonly TopicWriter[],
  count: number,
  settings: LoadSettings,
): Promise<void> {
  const batches = writers.map(writer => ({
    writer,
    messages: writer.take(countOf(writer.topic, count), settings),
  }));
  const results = await producer.sendBatch({
    acks: -1,
    topicMessages: batches
      .filter(({ messages }) => messages.length > 0)
      .map(({ writer, messages }) => ({ topic: writer.topic, messages })),
  });
  for (const { writer, messages } of batches) {
    const landed = new Map(
      results
        .filter(({ topicName }) => topicName === writer.topic)
        .map(({ partition, baseOffset }) => [partition, Number(baseOffset)]),
    );
    writer.check(messages, landed);
  }
}

/** Each topic's part of the load follows its partitions, the fraction carried over to the next beat. */
function countOf(topic: SourceTopic, count: number): number {
  const exact = (count * sourceTopics[topic]) / allPartitions + (carried.get(topic) ?? 0);
  carried.set(topic, exact - Math.floor(exact));
  return Math.floor(exact);
}
const carried = new Map<SourceTopic, number>();

let settings: LoadSettings = loadFile.read(site);
loadFile.follow(site, now => {
  settings = now;
  log(`load: ${JSON.stringify(now)}`);
});
const ending = new AbortController();
for (const end of ['SIGTERM', 'SIGINT'] as const) process.once(end, () => ending.abort());

const producer = kafkaClient(site, 'eu', { clientId: 'load', log }).producer({
  idempotent: true,
  maxInFlightRequests: 1,
  createPartitioner: Partitioners.DefaultPartitioner,
});
const writers = sourceTopicNames.map(topic => new TopicWriter(topic));

let synchronised = false;
let owed = 0;
let before = performance.now();
while (!ending.signal.aborted) {
  const now = performance.now();
  owed = Math.min(owed + (settings.rate * (now - before)) / 1_000, (settings.rate * mostOwed) / 1_000);
  before = now;
  const count = Math.floor(owed);
  try {
    if (!synchronised) {
      await producer.connect();
      for (const writer of writers) await writer.synchronise();
      synchronised = true;
    } else if (count > 0) {
      owed -= count;
      await write(producer, writers, count, settings);
    }
  } catch (error) {
    // Whether the records of a failed write are there is not known: start again from the partitions' ends.
    log(`load: ${messageOf(error)}`);
    synchronised = false;
    await sleep(1_000);
  }
  await sleep(Math.max(0, beat - (performance.now() - now)));
}
await producer.disconnect();
process.exit(0);
