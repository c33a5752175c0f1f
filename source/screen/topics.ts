import { isKnown, valueOf } from '../core/known.js';
import { duration, plural } from '../core/units.js';
import type { TopicView } from '../model/snapshot.js';
import type { View } from '../session/view.js';
import { glyphs } from './glyphs.js';
import { remembered } from './remembered.js';
import { segment, type Segment } from './row.js';

/** How bad the state of a topic's partitions is: 4 not described, 3 without leader, 2 writes refused, 1 under-replicated, 0 well. */
export const topicRank = remembered((topic: TopicView): number => {
  if (topic.failed) return 4;
  if (topic.leaderless > 0) return 3;
  if ((valueOf(topic.underMinInSync) ?? 0) > 0) return 2;
  return topic.underReplicated > 0 || topic.unknownPartitions > 0 ? 1 : 0;
});

/** Records/s that arrive; worked out once, for it takes a look at all partitions. */
export const topicArrival = remembered((topic: TopicView) => topic.arrival);

/** The worst of it in a few words; what is not known is never well. */
export function topicState(topic: TopicView): Segment {
  const { failed, leaderless, underReplicated, unknownPartitions, partitionCount } = topic;
  const refused = valueOf(topic.underMinInSync) ?? 0;
  if (failed) return segment(`${glyphs.unsure} ${failed.kind}`, 'warning');
  if (leaderless > 0) return segment(`${glyphs.critical} ${leaderless} no leader`, 'critical');
  if (refused > 0) return segment(`${glyphs.critical} ${refused} below min ISR`, 'critical');
  if (underReplicated > 0) return segment(`${glyphs.warning} ${underReplicated} under-repl.`, 'warning');
  if (unknownPartitions > 0) return segment(`${glyphs.unsure} ${unknownPartitions} not known`, 'info');
  if (partitionCount === 0) return segment('no partition', 'dim');
  return segment('in sync', 'dim');
}

/** `95s ago`: when it was like that last, where its cluster does not tell any more. */
export function lastSeen(topic: TopicView, { snapshot, at }: View): string | undefined {
  const partitions = snapshot.clusters.find(({ name }) => name === topic.cluster)?.partitions;
  if (partitions === undefined || isKnown(partitions) || topic.failed) return undefined;
  return partitions.last && `${duration(at - partitions.last.at)} ago`;
}

/** The same with all that is wrong, for the topic's own view. */
export function topicTroubles(topic: TopicView): readonly Segment[] {
  const refused = valueOf(topic.underMinInSync) ?? 0;
  const out = [
    ...(topic.leaderless > 0
      ? [
          segment(
            `${glyphs.critical} ${plural(topic.leaderless, 'partition')} without leader: ${withoutLeader(topic)}`,
            'critical',
          ),
        ]
      : []),
    ...(refused > 0
      ? [segment(`${glyphs.critical} ${refused} below min.insync.replicas: acks=all is refused`, 'critical')]
      : []),
    ...(topic.underReplicated > 0
      ? [segment(`${glyphs.warning} ${topic.underReplicated} under-replicated`, 'warning')]
      : []),
    ...(topic.unknownPartitions > 0
      ? [segment(`${glyphs.unsure} state of ${topic.unknownPartitions} not known`, 'info')]
      : []),
  ];
  if (out.length > 0) return out;
  return topic.partitionCount === 0 || topic.failed
    ? []
    : [segment(`${glyphs.holds} all replicas in sync`, 'ok')];
}

/** `3, 7, 12 and 40 more`. */
function withoutLeader({ leaders, leaderless }: TopicView): string {
  const first: number[] = [];
  for (let p = 0; p < leaders.length && first.length < 3; p++) if (leaders[p] === -1) first.push(p);
  const more = leaderless - first.length;
  return `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `3`, or `2–3` where partitions differ. */
export function replicasText({ least, most }: { readonly least: number; readonly most: number }): string {
  return least === most ? String(least) : `${least}–${most}`;
}

/** How much more arrives in the busiest partition than in the mean one, and which it is: `×5.2 p3`. */
export function skewText(topic: TopicView): string | undefined {
  const { arrival } = topic.skew;
  if (!isKnown(arrival)) return undefined;
  const { maxToMean, top } = arrival.value;
  const partition = top.slice(top.lastIndexOf('/') + 1);
  return maxToMean < 1.5 ? 'even' : `×${maxToMean.toFixed(maxToMean < 9.95 ? 1 : 0)} p${partition}`;
}

/** What an id says after its cluster: `us/billing` → `billing`. */
export function nameInId(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
