import { quoted } from '../../core/shell.js';
import { valueOf } from '../../core/known.js';
import { refusal, type Action } from '../action.js';
import { kafkaDraft } from '../changes/kafka.js';
import { commitsEffect, offsetsByHand, offsetsWrite } from '../changes/offsets.js';
import { momentEffect } from '../effect.js';
import { groupOf, groupOffers, inUse } from '../group-subject.js';
import { bootstrap, onKafka } from '../kafka-action.js';
import type { Change } from '../plan.js';
import { placeKey } from '../worlds/kafka.js';

/** A static member that died keeps its partitions until its session ends, which may be half an hour. */
export const removeMember: Action = onKafka({
  id: 'remove-member',
  title: 'Remove a dead static member',
  kind: 'group',
  about: {
    changes: 'one member with a `group.instance.id` leaves; its partitions go to the others at once',
    risk: 'medium: the group rebalances; a member that lives after all joins again, with another rebalance',
    undo: 'none: a member that lives joins again by itself',
    byHand: 'none of Kafka’s own tools does it: `AdminClient.removeMembersFromConsumerGroup`',
  },
  asks: { prompt: 'the group.instance.id of the member', example: 'billing-3' },
  offer: (snapshot, subject) =>
    groupOffers(snapshot, subject, { active: true }).map(offered => {
      const view = groupOf(snapshot, offered.target);
      const members = view && valueOf(view.members);
      const isEmpty = view !== undefined && valueOf(view.state) === 'Empty';
      const isWithout = isEmpty || members?.every(m => m.instance === undefined) === true;
      return isWithout && offered.disabled === undefined
        ? { ...offered, disabled: 'it has no static members' }
        : offered;
    }),
  plan(input) {
    const { target, world, argument } = input;
    const statics = world.members.flatMap(m => m.instance ?? []);
    const refuse = (reason: string): ReturnType<typeof refusal> =>
      refusal(
        removeMember.id,
        target,
        reason,
        statics.map(id => `static member: ${id}`),
      );
    if (statics.length === 0)
      return refuse('it has no static members: others are gone when their session ends');
    const member = world.members.find(m => m.instance === argument);
    if (member === undefined) return refuse(`it has no static member "${argument}"`);
    const who = `${member.clientId}@${member.host}`;
    const owned = member.assignment?.reduce((n, { partitions }) => n + partitions.length, 0);
    const others = world.members.length - 1;
    return kafkaDraft(input, {
      action: removeMember.id,
      title: `Remove member ${argument} of ${target.group} on ${target.cluster}`,
      changes: [{ key: `member ${argument}`, from: who, to: undefined }],
      why: `by hand: ${who} is taken for dead; it holds ${owned ?? 'an unknown number of'} partitions until its session ends`,
      cure: {
        verdict: 'may-cure',
        reason: 'whether it is dead is not seen from here: look at its host first',
      },
      expect: [
        others > 0
          ? `its partitions go to the ${others} other ${others === 1 ? 'member' : 'members'} with one rebalance`
          : 'it is the only member: the group is empty then, and nobody reads',
      ],
      risk: {
        level: 'medium',
        text: 'one rebalance; if it lives it joins again, and what it has read and not committed is read again',
      },
      effect: momentEffect('members', String(others), snapshot => {
        const view = groupOf(snapshot, target);
        return view && valueOf(view.members)?.length;
      }),
      verified: 'it is no member any more',
      write: () => ({ request: 'remove-member', target, instance: argument }),
      byHand: () => [
        `kafka-consumer-groups.sh ${bootstrap(world.brokers)} --describe --group ${quoted(target.group)} --members --verbose`,
        'AdminClient.removeMembersFromConsumerGroup: none of the command-line tools does it',
      ],
      back: {
        never: 'a member that lives joins again by itself; one that is dead has nothing to bring back',
      },
    });
  },
});

export const deleteOffsetsOfTopic: Action = onKafka({
  id: 'delete-offsets',
  title: 'Forget what it has committed in one topic',
  kind: 'group',
  about: {
    changes:
      'the committed offsets of a stopped group in one topic: gone, so that its lag there is counted no more',
    risk: 'high: if it reads the topic again it begins where `auto.offset.reset` says',
    undo: 'the offsets of before are committed again',
    byHand: '`kafka-consumer-groups.sh --delete-offsets --group GROUP --topic TOPIC`',
  },
  asks: { prompt: 'the topic', example: 'orders' },
  offer: (snapshot, subject) => groupOffers(snapshot, subject, { active: false }),
  plan(input) {
    const { target, world, argument } = input;
    const refuse = (reason: string): ReturnType<typeof refusal> =>
      refusal(deleteOffsetsOfTopic.id, target, reason, offsetsByHand(input, []));
    const busy = inUse(world);
    if (busy !== undefined) return refuse(busy);
    const places = world.offsets.filter(place => place.topic === argument);
    if (places.length === 0) return refuse(`${target.group} has committed nothing in topic "${argument}"`);
    const left = world.offsets.length - places.length;
    return kafkaDraft(input, {
      action: deleteOffsetsOfTopic.id,
      title: `Forget what ${target.group} has committed in ${argument} on ${target.cluster}`,
      changes: places.map((place): Change => ({
        key: placeKey(place),
        from: String(place.committed),
        to: undefined,
      })),
      why: 'by hand: it reads the topic no more, and its lag there is no lag',
      cure: { verdict: 'may-cure', reason: 'only where the group does not read the topic any more' },
      expect: [`${places.length} partitions without a commit, ${left} keep theirs`],
      risk: {
        level: 'high',
        text: 'if it reads the topic again, auto.offset.reset decides: everything again, or nothing of what is there',
      },
      effect: commitsEffect(target, String(left)),
      verified: 'nothing is committed there',
      unrest: inUse,
      write: changes => offsetsWrite(target, changes),
      byHand: changes => offsetsByHand(input, changes),
      back: {
        undo: 'the offsets of before are committed again, while the group is stopped',
        expect: 'the group goes on where it was',
        risk: { level: 'medium', text: 'its lag there is counted again' },
        effect: commitsEffect(target, String(world.offsets.length)),
      },
    });
  },
});

export const deleteGroup: Action = onKafka({
  id: 'delete-group',
  title: 'Delete the group',
  kind: 'group',
  about: {
    changes: 'an empty group and all that it has committed: gone',
    risk: 'high: if its application comes back it begins where `auto.offset.reset` says; nothing takes it back',
    undo: 'none; its offsets stay in the audit file',
    byHand: '`kafka-consumer-groups.sh --delete --group GROUP`',
  },
  offer: (snapshot, subject) => groupOffers(snapshot, subject, { active: false }),
  plan(input) {
    const { target, world } = input;
    const busy = inUse(world);
    if (busy !== undefined) return refusal(deleteGroup.id, target, busy);
    return kafkaDraft(input, {
      action: deleteGroup.id,
      title: `Delete group ${target.group} on ${target.cluster}`,
      changes: [
        { key: 'state', from: world.state, to: undefined },
        ...world.offsets.map((o): Change => ({ key: placeKey(o), from: String(o.committed), to: undefined })),
      ],
      why: 'by hand: nobody uses it any more',
      cure: {
        verdict: 'will-not-cure',
        reason: 'a group that is behind is not cured by deleting it: it would only be seen no more',
      },
      expect: [`the group is gone, with what it has committed in ${world.offsets.length} partitions`],
      risk: {
        level: 'high',
        text: 'if its application comes back, auto.offset.reset decides: everything again, or nothing of what is there',
      },
      effect: commitsEffect(target, 'none: the group is gone'),
      verified: 'there is no such group',
      unrest: inUse,
      write: () => ({ request: 'delete-group', target }),
      byHand: () => [
        `kafka-consumer-groups.sh ${bootstrap(world.brokers)} --describe --group ${quoted(target.group)}`,
        `kafka-consumer-groups.sh ${bootstrap(world.brokers)} --delete --group ${quoted(target.group)}`,
      ],
      back: {
        never: 'kmon does not make groups; what it had committed is in the lines above and in the audit file',
      },
    });
  },
});
