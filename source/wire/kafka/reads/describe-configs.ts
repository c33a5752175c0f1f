import { failure, type Failure } from '../../../core/failure.js';
import type { Answer, Timing } from '../../../core/observation.js';
import type { KafkaLink, KafkaRequest } from '../link.js';
import { failureOfCode } from '../protocol-errors.js';
import type { Reader } from '../reader.js';

/** The kinds of things that have a configuration, by the protocol's number. */
const kinds = { topic: 2, broker: 4 } as const;

export type Configured = {
  readonly name: string;
  readonly answer: Answer<{
    /** Every value that was asked for, defaults included. */
    readonly values: Readonly<Record<string, string>>;
    /** The keys that were set on the topic itself. */
    readonly own: readonly string[];
  }>;
};

const setOnTheTopic = 1;

/**
 * DescribeConfigs (32): some or all keys of the configuration of topics, or of a broker. Every one that was asked for has its own
 * outcome. A sensitive value is dropped as it is read.
 */
export async function readConfigs(
  link: KafkaLink,
  broker: number,
  wanted: {
    readonly kind: keyof typeof kinds;
    readonly names: readonly string[];
    readonly keys: readonly string[] | 'all';
  },
  signal?: AbortSignal,
): Promise<Timing & { readonly resources: readonly Configured[] }> {
  const who = link.nameOf(broker);
  const { kind, names } = wanted;
  const { asked, answered, answer } = await link.send(broker, describeConfigs(wanted, who), signal);
  if ('failed' in answer) {
    const { failed } = answer;
    return { asked, answered, resources: names.map(name => ({ name, answer: { failed } })) };
  }
  const byName = new Map(answer.ok.map(seen => [seen.name, seen]));
  return {
    asked,
    answered,
    resources: names.map(
      name => byName.get(name) ?? { name, answer: { failed: leftOut(`${kind} ${name}`, who) } },
    ),
  };
}

function describeConfigs(
  { kind, names, keys }: Parameters<typeof readConfigs>[2],
  who: string,
): KafkaRequest<readonly Configured[]> {
  return {
    key: 32,
    name: 'DescribeConfigs',
    versions: [1, 2, 3, 4],
    flexibleFrom: 4,
    encode: (body, version) => {
      const [withSynonyms, withDocumentation] = [false, false];
      body.list(names, name => {
        body.int8(kinds[kind]).text(name);
        if (keys === 'all') body.all();
        else body.list(keys, key => body.text(key));
        body.tags();
      });
      body.flag(withSynonyms);
      if (version >= 3) body.flag(withDocumentation);
      body.tags();
    },
    decode: (answer, version) => {
      answer.throttle();
      return answer.list(() => configured(answer, version, kind, who));
    },
  };
}

function configured(answer: Reader, version: number, kind: string, who: string): Configured {
  const code = answer.int16();
  const message = answer.text();
  answer.int8();
  const name = answer.name();
  const configs = answer.list(() => config(answer, version));
  answer.tags();
  const failed = failureOfCode(code, `DescribeConfigs of ${kind} ${name} at ${who}`, message);
  if (failed) return { name, answer: { failed } };
  const values: Record<string, string> = {};
  const own: string[] = [];
  for (const { name, value, isOwn } of configs) {
    if (value === undefined) continue;
    values[name] = value;
    if (isOwn) own.push(name);
  }
  return { name, answer: { ok: { values, own } } };
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

function leftOut(what: string, who: string): Failure {
  return failure('malformed', `DescribeConfigs of ${who}`, `the answer does not speak of ${what}`);
}
