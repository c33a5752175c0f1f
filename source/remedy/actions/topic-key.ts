import { valueOf } from '../../core/known.js';
import { isSecret } from '../../wire/connect/redact.js';
import { refusal, type Action, type Effect } from '../action.js';
import { describeTopicByHand, topicKeysDraft } from '../changes/topic-config.js';
import { momentEffect } from '../effect.js';
import { onKafka } from '../kafka-action.js';
import type { Plan } from '../plan.js';
import { topicOffers, topicOf, type TopicTarget } from '../topic-subject.js';

/** How many replicas must have a record before a write with acks=all is answered. */
export const minInSync: Action = onKafka({
  id: 'min-insync',
  title: 'Set min.insync.replicas',
  kind: 'topic',
  about: {
    changes: '`min.insync.replicas` of one topic',
    risk: 'medium, high where all replicas are asked for: writes with acks=all are refused while fewer are in sync; lowered, records can be lost',
    undo: 'back to what it was, or unset',
    byHand:
      '`kafka-configs.sh --alter --add-config min.insync.replicas=2 --entity-type topics --entity-name TOPIC`',
  },
  asks: { prompt: 'how many replicas must have a record before its producer is told', example: '2' },
  offer: (snapshot, subject) => topicOffers(snapshot, subject, 'Set min.insync.replicas'),
  plan(input) {
    const { target, world, argument } = input;
    const refuse = (reason: string): ReturnType<typeof refusal> =>
      refusal(minInSync.id, target, reason, [describeTopicByHand(input)]);
    const wanted = Number(argument);
    if (argument === '' || !Number.isInteger(wanted) || wanted < 1)
      return refuse(`"${argument}" is no number of replicas`);
    const now = Number(world.values['min.insync.replicas'] ?? NaN);
    const own = world.own.includes('min.insync.replicas');
    if (wanted === now && own) return refuse(`it is so already: min.insync.replicas is ${now}`);
    const least = Math.min(...world.partitions.map(p => p.replicas.length));
    if (wanted > least)
      return refuse(`its partitions have ${least} replicas: no write with acks=all would be taken`);
    const short = world.partitions.filter(p => p.inSync.length < wanted).length;
    if (short > 0)
      return refuse(
        `${short} of ${world.partitions.length} partitions have fewer replicas in sync now: writes to them would be refused`,
      );
    const lowers = wanted < now;
    return topicKeysDraft(input, {
      action: minInSync.id,
      title: `Set min.insync.replicas of ${target.topic} on ${target.cluster}`,
      keys: { 'min.insync.replicas': String(wanted) },
      why: `by hand: ${now} now, of ${least} replicas`,
      cure: {
        verdict: 'may-cure',
        reason: 'it decides over writes with acks=all alone',
      },
      expect: [
        lowers
          ? `writes go on while ${least - wanted} of ${least} replicas are gone`
          : `a record that was acknowledged is on ${wanted} brokers; while fewer are in sync, writes are refused`,
      ],
      risk: lowers
        ? {
            level: 'high',
            text: `a record may be on ${wanted} broker${wanted === 1 ? '' : 's'} alone when it is acknowledged, and be lost with it`,
          }
        : least === wanted
          ? { level: 'high', text: 'writes with acks=all stop as soon as one replica is not in sync' }
          : {
              level: 'medium',
              text: `writes with acks=all stop when more than ${least - wanted} of ${least} replicas are not in sync`,
            },
      effect: underMinimum(target),
    });
  },
});

/** Any single key that the user names. */
export const setTopicKey: Action = onKafka({
  id: 'set-topic-key',
  title: 'Set one key of the topic by hand',
  kind: 'topic',
  about: {
    changes: 'any one key that a topic has; empty takes away what was set on it, and the default holds again',
    risk: 'medium; high where it makes records go: retention shortened, the clean-up changed, unclean elections',
    undo: 'the key back to what it was, or unset; records that are gone stay gone',
    byHand: '`kafka-configs.sh --alter --add-config KEY=VALUE --entity-type topics --entity-name TOPIC`',
  },
  asks: { prompt: 'key=value; key= takes the key away', example: 'segment.ms=3600000' },
  offer: (snapshot, subject) => topicOffers(snapshot, subject, 'Set one key by hand'),
  plan(input) {
    const { target, world, argument } = input;
    const refuse = (reason: string): ReturnType<typeof refusal> =>
      refusal(setTopicKey.id, target, reason, [describeTopicByHand(input)]);
    const [, key = '', value = ''] = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(argument) ?? [];
    if (key === '') return refuse(`"${argument}" is not of the form key=value`);
    if (isSecret(key, value)) return refuse(`${key} looks like a secret: kmon neither shows nor takes any`);
    if (!Object.hasOwn(world.values, key)) return refuse(`a topic of ${target.cluster} has no key ${key}`);
    const from = world.own.includes(key) ? world.values[key] : undefined;
    const to = value === '' ? undefined : value;
    if (from === to) return refuse(`it is so already: ${key} is ${from ?? 'not set'}`);
    return topicKeysDraft(input, {
      action: setTopicKey.id,
      title: `Set ${key} of ${target.topic} on ${target.cluster}`,
      keys: { [key]: to },
      why: 'by hand',
      cure: { verdict: 'may-cure', reason: 'kmon does not know what you expect of this key' },
      expect: [`${target.cluster} is asked before whether it accepts ${key}`, 'nothing restarts'],
      risk: riskOfKey(key, world.values[key], to),
      effect: underMinimum(target),
    });
  },
});

function riskOfKey(key: string, now: string | undefined, to: string | undefined): Plan['risk'] {
  const shorter = to === undefined || Number(to) < 0 ? to === undefined : !(Number(to) >= Number(now));
  const wider = Number(now) < 0 && Number(to) >= 0;
  if (key.startsWith('retention.') && (shorter || wider))
    return {
      level: 'high',
      text: 'records beyond the new bound are removed within minutes, read or not: no undo brings them back',
    };
  if (key === 'cleanup.policy')
    return { level: 'high', text: 'records that the other policy would have kept are removed' };
  if (key === 'unclean.leader.election.enable' && to === 'true')
    return { level: 'high', text: 'a replica that misses records may lead: what it misses is lost' };
  return { level: 'medium', text: 'kmon does not know all that this key does' };
}

function underMinimum(target: TopicTarget): Effect {
  return momentEffect('partitions under min.insync.replicas', 'none', snapshot => {
    const view = topicOf(snapshot, target);
    return view && valueOf(view.underMinInSync);
  });
}
