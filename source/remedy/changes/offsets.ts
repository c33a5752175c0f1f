import { quoted } from '../../core/shell.js';
import type { Effect } from '../action.js';
import { meanOf, momentEffect } from '../effect.js';
import { groupOf, type GroupTarget } from '../group-subject.js';
import { bootstrap, type KafkaInput } from '../kafka-action.js';
import type { Change } from '../plan.js';
import { placeOfKey } from '../worlds/kafka.js';
import type { Write } from '../write.js';

/** What a group has committed, as a diff says it: lines whose key is no partition are something else. */
export function offsetsWrite(target: GroupTarget, changes: readonly Change[]): Write {
  const offsets = changes.flatMap(({ key, to }) => {
    const place = placeOfKey(key);
    return place === undefined ? [] : [{ ...place, offset: to === undefined ? null : Number(to) }];
  });
  return { request: 'set-offsets', target, offsets };
}

/** The same with Kafka's own tools, which take a file of partitions and offsets. */
export function offsetsByHand(
  { target, world }: KafkaInput<'group'>,
  changes: readonly Change[],
): readonly string[] {
  const tool = `kafka-consumer-groups.sh ${bootstrap(world.brokers)}`;
  const group = quoted(target.group);
  const places = changes.flatMap(({ key, to }) => {
    const place = placeOfKey(key);
    return place === undefined ? [] : [{ ...place, to }];
  });
  const set = places.filter(place => place.to !== undefined);
  const shown = set.slice(0, 3).map(p => `${p.topic},${p.partition},${p.to ?? ''}`);
  const more = set.length > shown.length ? ' …' : '';
  const topics = [...new Set(places.filter(place => place.to === undefined).map(place => place.topic))];
  return [
    `${tool} --describe --group ${group}`,
    ...(set.length === 0
      ? []
      : [
          `${tool} --reset-offsets --group ${group} --from-file offsets.csv --execute   # offsets.csv: ${shown.join(' ')}${more}`,
        ]),
    ...topics.map(topic => `${tool} --delete-offsets --group ${group} --topic ${quoted(topic)}`),
  ];
}

/** Lag of the group, by its own history. */
export function lagEffect(target: GroupTarget, expected: string): Effect {
  return {
    what: 'lag',
    expected,
    mean: (snapshot, from, to) => meanOf(groupOf(snapshot, target)?.lagSeries, from, to),
  };
}

/** How many partitions the group has a commit in. */
export function commitsEffect(target: GroupTarget, expected: string): Effect {
  return momentEffect(
    'partitions with a commit',
    expected,
    snapshot => groupOf(snapshot, target)?.partitionCount,
  );
}
