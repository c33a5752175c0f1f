import { failure, type Failure } from '../../../core/failure.js';
import type { Timing, TopicConfigsSeen } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';

/** Every topic that was asked for, with its own outcome. */
export type TopicConfigs = Timing & Pick<TopicConfigsSeen, 'topics'>;

/** What decides whether records can be lost, refused or compacted away, and how fast a log turns over. */
const keys: readonly string[] = [
  'cleanup.policy',
  'compression.type',
  'delete.retention.ms',
  'max.message.bytes',
  'message.timestamp.type',
  'min.insync.replicas',
  'retention.bytes',
  'retention.ms',
  'segment.bytes',
  'segment.ms',
  'unclean.leader.election.enable',
];

const aTopic = 2;
const setOnTheTopic = 1;

/**
 * DescribeConfigs (32): configuration of topics; any broker answers for all of them. Needs DescribeConfigs on each topic: one
 * that this user may not read fails alone. A sensitive value is dropped as it is read.
 */
export async function readTopicConfigs(
  link: KafkaLink,
  broker: number,
  topics: readonly string[],
  signal?: AbortSignal,
): Promise<TopicConfigs> {
  const who = link.nameOf(broker);
  const { asked, answered, answer } = await link.send(broker, describeConfigs(topics, who), signal);
  if ('failed' in answer) {
    const { failed } = answer;
    return { asked, answered, topics: topics.map(topic => ({ topic, answer: { failed } })) };
  }
  const byTopic = new Map(answer.ok.map(seen => [seen.topic, seen]));
  return {
    asked,
    answered,
    topics: topics.map(topic => byTopic.get(topic) ?? { topic, answer: { failed: leftOut(topic, who) } }),
  };
}

type OfTopic = TopicConfigsSeen['topics'][number];

function describeConfigs(topics: readonly string[], who: string): KafkaRequest<readonly OfTopic[]> {
  return {
    key: 32,
    name: 'DescribeConfigs',
    versions: [1, 2, 3, 4],
    flexibleFrom: 4,
    encode: (body, version) => {
      const [withSynonyms, withDocumentation] = [false, false];
      body.list(topics, topic => {
        body
          .int8(aTopic)
          .text(topic)
          .list(keys, key => body.text(key))
          .tags();
      });
      body.flag(withSynonyms);
      if (version >= 3) body.flag(withDocumentation);
      body.tags();
    },
    decode: (answer, version) => {
      answer.throttle();
      return answer.list(() => ofTopic(answer, version, who));
    },
  };
}

function ofTopic(answer: Reader, version: number, who: string): OfTopic {
  const code = answer.int16();
  const message = answer.text();
  answer.int8();
  const topic = answer.name();
  const configs = answer.list(() => config(answer, version));
  answer.tags();
  const failed = failureOfCode(code, `DescribeConfigs of topic ${topic} at ${who}`, message);
  if (failed) return { topic, answer: { failed } };
  const values: Record<string, string> = {};
  const own: string[] = [];
  for (const { name, value, isOwn } of configs) {
    if (value === undefined) continue;
    values[name] = value;
    if (isOwn) own.push(name);
  }
  return { topic, answer: { ok: { values, own } } };
}

function config(
  answer: Reader,
  version: number,
): { readonly name: string; readonly value: string | undefined; readonly isOwn: boolean } {
  const name = answer.name();
  const value = answer.text();
  answer.flag();
  const isOwn = answer.int8() === setOnTheTopic;
  const isSensitive = answer.flag();
  answer.list(() => synonym(answer));
  if (version >= 3) {
    answer.int8();
    answer.skipText();
  }
  answer.tags();
  return { name, value: isSensitive ? undefined : value, isOwn };
}

function synonym(answer: Reader): void {
  answer.skipText();
  answer.skipText();
  answer.int8();
  answer.tags();
}

function leftOut(topic: string, who: string): Failure {
  return failure('malformed', `DescribeConfigs of ${who}`, `the answer does not speak of topic ${topic}`);
}
