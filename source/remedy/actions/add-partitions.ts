import { count, duration } from '../../core/units.js';
import { quoted } from '../../core/shell.js';
import { valueOf } from '../../core/known.js';
import { refusal, type Action } from '../action.js';
import { kafkaDraft } from '../changes/kafka.js';
import { momentEffect } from '../effect.js';
import { bootstrap, onKafka, type KafkaInput } from '../kafka-action.js';
import { topicOffers, topicOf } from '../topic-subject.js';

/** `refresh.topics.interval.seconds` of MirrorMaker 2, and `metadata.max.age.ms` of consumers, by default. */
const refreshOfMirror = 600;
const refreshOfConsumers = 300_000;

export const addPartitions: Action = onKafka({
  id: 'add-partitions',
  title: 'Add partitions',
  kind: 'topic',
  about: {
    changes: 'how many partitions a topic has, upwards alone; the cluster places them',
    risk: 'high (red): records of a key go to another partition from then on, so that their order is lost; nothing takes it back',
    undo: 'none: Kafka takes no partition away',
    byHand: '`kafka-topics.sh --alter --topic TOPIC --partitions N`',
  },
  asks: { prompt: 'how many partitions it shall have in all', example: '24' },
  offer: (snapshot, subject) => topicOffers(snapshot, subject, 'Add partitions'),
  plan(input) {
    const { target, world, argument } = input;
    const refuse = (reason: string): ReturnType<typeof refusal> => refusal(addPartitions.id, target, reason);
    const wanted = Number(argument);
    const has = world.partitions.length;
    if (argument === '' || !Number.isInteger(wanted) || wanted < 1)
      return refuse(`"${argument}" is no number of partitions`);
    if (wanted <= has) return refuse(`it has ${has} already, and Kafka takes no partition away`);
    if (wanted > has * 10) return refuse(`${wanted} is more than ten times the ${has} of now: is it a slip?`);
    const replicas = Math.max(0, ...world.partitions.map(p => p.replicas.length));
    return kafkaDraft(input, {
      action: addPartitions.id,
      title: `Add partitions to ${target.topic} on ${target.cluster}`,
      changes: [{ key: 'partitions', from: String(has), to: String(wanted) }],
      why: 'by hand: a partition is read by one member of a group, and by one task of MirrorMaker 2',
      cure: {
        verdict: 'may-cure',
        reason: 'what is in the old partitions stays there: only new records are spread over more',
      },
      expect: [
        `${wanted - has} more partitions of ${replicas} replicas: ${(wanted - has) * replicas} more on the brokers`,
        ...consequences(input),
      ],
      risk: {
        level: 'high',
        text:
          'ORDER IS LOST BY KEY: where producers choose the partition by the key, most keys go to another one from now on, while their ' +
          'older records wait in the old one; what counts on the order of a key (compaction, joins, state) breaks. Stop producers and let ' +
          'groups catch up first, or make a new topic',
      },
      effect: momentEffect(
        'partitions',
        String(wanted),
        snapshot => topicOf(snapshot, target)?.partitionCount,
      ),
      verified: `it has ${wanted} partitions`,
      write: () => ({ request: 'add-partitions', target, count: wanted }),
      byHand: () => [
        `kafka-topics.sh ${bootstrap(world.brokers)} --describe --topic ${quoted(target.topic)}`,
        `kafka-topics.sh ${bootstrap(world.brokers)} --alter --topic ${quoted(target.topic)} --partitions ${wanted}`,
      ],
      back: { never: 'Kafka takes no partition away, and records that were spread stay where they are' },
    });
  },
});

/** What MirrorMaker 2 and the groups do then. */
function consequences({ snapshot, target }: KafkaInput<'topic'>): readonly string[] {
  const view = topicOf(snapshot, target);
  const flows = snapshot.flows.filter(flow => view?.readers.flows.includes(flow.id));
  const mirrored = flows.map(flow => {
    const known = valueOf(flow.config)?.['refresh.topics.interval.seconds'];
    const seconds = known === undefined ? refreshOfMirror : Number(known);
    return (
      `${flow.connector} notices within ${duration(seconds * 1000)} (refresh.topics.interval.seconds${known === undefined ? ', by default' : ''}), ` +
      'gives the copy as many partitions, and all its tasks restart'
    );
  });
  const written = snapshot.flows.filter(flow => view?.writers.includes(flow.id));
  const groups = view?.readers.groups.length ?? 0;
  return [
    ...mirrored,
    ...written.map(
      ({ connector }) =>
        `${connector} writes partition p of the source to partition p here: the new ones stay empty until the source has as many`,
    ),
    ...(groups > 0
      ? [
          `${count(groups)} ${groups === 1 ? 'group notices' : 'groups notice'} within ${duration(refreshOfConsumers)} (metadata.max.age.ms) and rebalance; ` +
            'with auto.offset.reset=latest what arrives in the new partitions before that is skipped',
        ]
      : []),
  ];
}
