import type { KafkaLink, KafkaRequest } from '../link.js';
import { writeOnce, type Said, type Verdict, type Written } from '../written.js';

/** The keys of one topic or broker that get another value; null takes away what was set on it, and the default holds again. */
export type ConfigChange = {
  readonly kind: 'topic' | 'broker';
  /** A broker's is its id. */
  readonly name: string;
  readonly set: Readonly<Record<string, string | null>>;
};

const kinds = { topic: 2, broker: 4 } as const;
const [setIt, deleteIt] = [0, 1];

/**
 * IncrementalAlterConfigs (44, KIP-339, Kafka 2.3): changes these keys and leaves all others as they are. A broker's
 * configuration is asked of that broker, a topic's of any (before KRaft of the controller). Needs AlterConfigs on it.
 */
export function alterConfigs(
  link: KafkaLink,
  broker: number,
  changes: readonly ConfigChange[],
  { validateOnly = false }: { readonly validateOnly?: boolean } = {},
  signal?: AbortSignal,
): Promise<Written<ConfigChange>> {
  return writeOnce(link, broker, incrementalAlterConfigs(changes, validateOnly), changes, keyOf, signal);
}

function keyOf({ kind, name }: Pick<ConfigChange, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

function incrementalAlterConfigs(
  changes: readonly ConfigChange[],
  validateOnly: boolean,
): KafkaRequest<Said> {
  return {
    key: 44,
    name: 'IncrementalAlterConfigs',
    versions: [0, 1],
    flexibleFrom: 1,
    encode: body => {
      body.list(changes, ({ kind, name, set }) => {
        body.int8(kinds[kind]).text(name);
        body.list(Object.entries(set), ([key, value]) => {
          body
            .text(key)
            .int8(value === null ? deleteIt : setIt)
            .text(value)
            .tags();
        });
        body.tags();
      });
      body.flag(validateOnly).tags();
    },
    decode: answer => {
      answer.throttle();
      const items = answer.list((): readonly [string, Verdict] => {
        const verdict = { code: answer.int16(), message: answer.text() };
        const kind = answer.int8() === kinds.topic ? 'topic' : 'broker';
        const name = answer.name();
        answer.tags();
        return [keyOf({ kind, name }), verdict];
      });
      return { throttled: answer.throttled, items: new Map(items) };
    },
  };
}
