import { valueOf } from '../../core/known.js';
import { bytes, duration } from '../../core/units.js';
import { refusal, type Action } from '../action.js';
import { describeTopicByHand, topicKeysDraft } from '../changes/topic-config.js';
import { momentEffect } from '../effect.js';
import { onKafka, type KafkaInput } from '../kafka-action.js';
import { retentionOffers, topicOf } from '../topic-subject.js';

/** Both bounds grow to twice what they are: which of them removes records is not known from outside. */
const times = 2;

/** Time for a group that is behind: what it has not read stays longer. */
export const lengthenRetention: Action = onKafka({
  id: 'lengthen-retention',
  title: 'Keep records twice as long',
  kind: 'topic',
  about: {
    changes: '`retention.ms`, and `retention.bytes` where it bounds too, to twice what they are',
    risk: 'medium: the topic may take twice the disk, on each broker that has a replica',
    undo: 'both back, or unset; what is older than they say is removed then',
    byHand:
      '`kafka-configs.sh --alter --add-config retention.ms=1209600000 --entity-type topics --entity-name TOPIC`',
  },
  offer: (snapshot, subject) => retentionOffers(snapshot, subject, 'Keep records twice as long'),
  plan(input) {
    const { target, world, snapshot } = input;
    const refuse = (reason: string): ReturnType<typeof refusal> =>
      refusal(lengthenRetention.id, target, reason, [describeTopicByHand(input)]);
    const { values } = world;
    if (values['cleanup.policy'] === 'compact')
      return refuse('it is compacted: retention removes nothing from it');
    const now = Number(values['retention.ms'] ?? NaN);
    const most = Number(values['retention.bytes'] ?? NaN);
    if (Number.isNaN(now)) return refuse(`retention.ms of ${target.topic} is not known`);
    if (now < 0 && !(most >= 0)) return refuse('its records are kept for ever already');
    const keys = {
      ...(now >= 0 && { 'retention.ms': String(now * times) }),
      ...(most >= 0 && { 'retention.bytes': String(most * times) }),
    };
    const view = topicOf(snapshot, target);
    const size = view && valueOf(view.bytes);
    const soonest = soonestLoss(input);
    return topicKeysDraft(input, {
      action: lengthenRetention.id,
      title: `Keep records of ${target.topic} on ${target.cluster} twice as long`,
      keys,
      why:
        soonest === undefined
          ? `by hand: kmon sees no group of ${target.topic} from which retention takes what it has not read`
          : `retention reaches what ${soonest.group} has not read in ${duration(soonest.ms)}`,
      cure:
        soonest === undefined
          ? { verdict: 'may-cure', reason: 'no group is known to lose records here' }
          : { verdict: 'cures', reason: 'the records stay, and the group has time to read them' },
      expect: [
        ...(now >= 0 ? [`records stay ${duration(now * times)} instead of ${duration(now)}`] : []),
        ...(most >= 0 ? [`up to ${bytes(most * times)} of a partition stay instead of ${bytes(most)}`] : []),
        'what was removed already does not come back; the group still has to catch up',
      ],
      risk: {
        level: 'medium',
        text:
          size === undefined
            ? 'the disk that it takes is not known: it may double'
            : `disk: ${bytes(size)} over all replicas may become ${bytes(size * times)}`,
      },
      undo: 'both keys back; what is older than they say is removed within minutes then',
      effect: momentEffect('disk of the topic', 'grows slowly, or not at all', snap => {
        const seen = topicOf(snap, target);
        return seen && valueOf(seen.bytes);
      }),
    });
  },
});

/** The group that loses records of the topic first, and when. */
function soonestLoss({
  snapshot,
  target,
}: KafkaInput<'topic'>): { readonly group: string; readonly ms: number } | undefined {
  const readers = new Set(topicOf(snapshot, target)?.readers.groups ?? []);
  const losing = snapshot.groups
    .filter(group => readers.has(group.id))
    .flatMap(group => {
      const ms = valueOf(group.timeToLoss);
      const isHere = group.partitions.some(p => p.topic === target.topic && valueOf(p.timeToLoss) === ms);
      return ms !== undefined && isHere ? [{ group: group.group, ms }] : [];
    });
  return losing.sort((a, b) => a.ms - b.ms)[0];
}
