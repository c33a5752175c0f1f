import type { KafkaLink, KafkaRequest } from '../link.js';
import { brokerTimeout, writeOnce, type Said, type Verdict, type Written } from '../written.js';

export type MorePartitions = {
  readonly topic: string;
  /** How many it shall have in all. */
  readonly count: number;
};

/**
 * CreatePartitions (37): gives topics more partitions, placed by the cluster. It cannot be taken back. Ask the controller; in
 * KRaft every broker passes it on. Needs Alter on the topic.
 */
export function createPartitions(
  link: KafkaLink,
  broker: number,
  topics: readonly MorePartitions[],
  { validateOnly = false }: { readonly validateOnly?: boolean } = {},
  signal?: AbortSignal,
): Promise<Written<MorePartitions>> {
  return writeOnce(link, broker, request(topics, validateOnly), topics, ({ topic }) => topic, signal);
}

function request(topics: readonly MorePartitions[], validateOnly: boolean): KafkaRequest<Said> {
  return {
    key: 37,
    name: 'CreatePartitions',
    versions: [0, 1, 2, 3],
    flexibleFrom: 2,
    encode: body => {
      // Without an assignment the cluster places them.
      body.list(topics, ({ topic, count }) => body.text(topic).int32(count).all().tags());
      body.int32(brokerTimeout).flag(validateOnly).tags();
    },
    decode: answer => {
      answer.throttle();
      const items = answer.list((): readonly [string, Verdict] => {
        const topic = answer.name();
        const verdict = { code: answer.int16(), message: answer.text() };
        answer.tags();
        return [topic, verdict];
      });
      return { throttled: answer.throttled, items: new Map(items) };
    },
  };
}
