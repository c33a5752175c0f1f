import type { KafkaLink, KafkaRequest } from '../link.js';
import { writeOnce, type Said, type Verdict, type Written } from '../written.js';

type OneGroup = { readonly group: string };

/**
 * DeleteGroups (42): forgets groups without members, with all that they have committed. Ask their coordinator. Needs Delete
 * on the group.
 */
export function deleteGroups(
  link: KafkaLink,
  coordinator: number,
  groups: readonly string[],
  signal?: AbortSignal,
): Promise<Written<OneGroup>> {
  const items = groups.map(group => ({ group }));
  return writeOnce(link, coordinator, request(groups), items, ({ group }) => group, signal);
}

function request(groups: readonly string[]): KafkaRequest<Said> {
  return {
    key: 42,
    name: 'DeleteGroups',
    versions: [0, 1, 2],
    flexibleFrom: 2,
    encode: body => {
      body.list(groups, group => body.text(group)).tags();
    },
    decode: answer => {
      answer.throttle();
      const items = answer.list((): readonly [string, Verdict] => {
        const group = answer.name();
        const verdict = { code: answer.int16() };
        answer.tags();
        return [group, verdict];
      });
      return { throttled: answer.throttled, items: new Map(items) };
    },
  };
}
