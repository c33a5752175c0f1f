import type { KafkaLink, KafkaRequest } from '../link.js';
import { writeOnce, type Said, type Verdict, type Written } from '../written.js';

type OneMember = { readonly instance: string };

/**
 * LeaveGroup (13, from v3: KIP-345, Kafka 2.4) on behalf of static members, by their `group.instance.id`: the group gives their
 * partitions to the others at once, instead of when their session ends. One that still lives joins again. Ask the group's
 * coordinator. Needs Read on the group.
 */
export function removeMembers(
  link: KafkaLink,
  coordinator: number,
  group: string,
  instances: readonly string[],
  reason: string,
  signal?: AbortSignal,
): Promise<Written<OneMember>> {
  const items = instances.map(instance => ({ instance }));
  return writeOnce(link, coordinator, leaveGroup(group, instances, reason), items, i => i.instance, signal);
}

function leaveGroup(group: string, instances: readonly string[], reason: string): KafkaRequest<Said> {
  return {
    key: 13,
    name: 'LeaveGroup',
    versions: [3, 4, 5],
    flexibleFrom: 4,
    encode: (body, version) => {
      const whoeverItIs = '';
      body.text(group).list(instances, instance => {
        body.text(whoeverItIs).text(instance);
        if (version >= 5) body.text(reason);
        body.tags();
      });
      body.tags();
    },
    decode: answer => {
      answer.throttle();
      const whole = { code: answer.int16() };
      const items = answer.list((): readonly [string, Verdict] => {
        answer.skipText();
        const instance = answer.name();
        const verdict = { code: answer.int16() };
        answer.tags();
        return [instance, verdict];
      });
      return { throttled: answer.throttled, whole, items: new Map(items) };
    },
  };
}
