import { count } from '../../core/units.js';
import { refusal, type Action } from '../action.js';
import { kafkaDraft } from '../changes/kafka.js';
import { lagEffect, offsetsByHand, offsetsWrite } from '../changes/offsets.js';
import { groupOffers, inUse } from '../group-subject.js';
import { onKafka } from '../kafka-action.js';
import type { Change } from '../plan.js';
import { whereTo, type WhereTo } from '../where-to.js';
import type { GroupOffset } from '../worlds/group.js';
import { placeKey } from '../worlds/kafka.js';

/** The new offsets are read from the logs and committed as numbers, never as "the end": what is typed is what is committed. */
export const resetOffsets: Action = onKafka({
  id: 'reset-offsets',
  title: 'Reset its offsets',
  kind: 'group',
  about: {
    changes:
      'where a stopped group goes on, in all partitions, one topic or one partition: the beginning or the end of the log, a time, so long ago, an offset',
    risk: 'high: records are read again, or never; how many, by partition, is in the diff',
    undo: 'the offsets that were committed before, as long as the group has not moved on',
    byHand: '`kafka-consumer-groups.sh --reset-offsets --group GROUP --from-file FILE --execute`',
  },
  asks: {
    prompt:
      'earliest, latest, 2h (so long ago), 2026-11-22T14:00:00Z or offset N; first the topic or the partition where not all is meant',
    example: 'orders 2h',
  },
  offer: (snapshot, subject) => groupOffers(snapshot, subject, { active: false }),
  time(argument, now) {
    const to = whereTo(argument, now)?.to;
    return to?.is === 'time' ? to.at : undefined;
  },
  plan(input) {
    const { target, world, argument, at } = input;
    const refuse = (reason: string): ReturnType<typeof refusal> =>
      refusal(resetOffsets.id, target, reason, offsetsByHand(input, []));
    const wanted = whereTo(argument, at);
    if (wanted === undefined) return refuse(`"${argument}" says not where to go on`);
    const busy = inUse(world);
    if (busy !== undefined) return refuse(busy);
    const places = world.offsets.filter(
      place =>
        (wanted.topic === undefined || wanted.topic === place.topic) &&
        (wanted.partition === undefined || wanted.partition === place.partition),
    );
    if (places.length === 0) return refuse(`${target.group} has committed nothing in what you named`);
    const moves = places.map(place => ({ place, to: newOffset(place, wanted.to) }));
    const blind = moves.find(({ to }) => to === undefined);
    if (blind !== undefined)
      return refuse(
        `the log of ${placeKey(blind.place)} could not be read: nothing can be planned without it`,
      );
    const known = moves.flatMap(({ place, to }) => (to === undefined ? [] : [{ place, to }]));
    const changed = known.filter(({ place, to }) => place.committed !== to);
    if (changed.length === 0) return refuse('it is there already, in every partition');
    const again = sum(changed, ({ place, to }) => Math.max(0, place.committed - to));
    const skipped = sum(changed, ({ place, to }) => Math.max(0, to - place.committed));
    const lag = sum(known, ({ place, to }) => Math.max(0, (place.end ?? to) - to));
    return kafkaDraft(input, {
      action: resetOffsets.id,
      title: `Reset offsets of ${target.group} on ${target.cluster}`,
      changes: changed.map(({ place, to }): Change => ({
        key: placeKey(place),
        from: String(place.committed),
        to: String(to),
        note: noteOf(place.committed, to),
      })),
      why: `by hand: ${argument}, as the logs were at the time of this plan`,
      cure: {
        verdict: 'may-cure',
        reason: 'it moves where the group goes on; why it stopped or fell behind stays as it is',
      },
      expect: [
        ...(again > 0 ? [`${again} records are read again`] : []),
        ...(skipped > 0 ? [`${skipped} records are SKIPPED: this group never reads them`] : []),
        `lag ${count(sum(places, p => Math.max(0, (p.end ?? p.committed) - p.committed)))} → ${count(lag)}, ` +
          `${changed.length} of ${places.length} partitions change`,
      ],
      ...(again > 0 && { repeats: `${again} records are read again: whoever handles them must bear that` }),
      risk: {
        level: 'high',
        text:
          skipped > 0
            ? `${skipped} records are skipped by this group, for ever unless it is undone`
            : `${again} records are handled twice`,
      },
      effect: lagEffect(target, count(lag)),
      verified: 'the new offsets read back',
      unrest: inUse,
      write: changes => offsetsWrite(target, changes),
      byHand: changes => offsetsByHand(input, changes),
      back: {
        undo: 'the offsets of before, by partition, while the group is still stopped and has not moved on',
        expect: 'the group goes on where it was',
        risk: { level: 'high', text: 'what it did in between is skipped or done again' },
        effect: lagEffect(target, 'as before the change'),
      },
    });
  },
});

/** Within the log; undefined where that is not known. */
function newOffset({ start, end, atTime }: GroupOffset, to: WhereTo['to']): number | undefined {
  switch (to.is) {
    case 'earliest':
      return start;
    case 'latest':
      return end;
    case 'time':
      return atTime;
    case 'offset':
      return start === undefined || end === undefined ? undefined : Math.min(Math.max(to.offset, start), end);
  }
}

function noteOf(from: number, to: number): string {
  return to < from ? `${from - to} read again` : `${to - from} skipped`;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
