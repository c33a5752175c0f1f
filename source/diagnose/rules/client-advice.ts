import type { GroupType } from '../../core/observation.js';
import { plural } from '../../core/units.js';
import type { Advice } from '../finding.js';

/**
 * What the owner of an application should set, in the words of the Java client's configuration, each with what it costs. Lines that hold
 * for classic groups alone say so: of a KIP-848 group the broker decides (`group.consumer.session.timeout.ms`).
 */

export function consumersOf(group: string): string {
  return `consumers of ${group}`;
}

/** Work between two polls takes longer than the group allows. */
export function pollInterval(group: string): Advice {
  return {
    where: consumersOf(group),
    lines: ['max.poll.records=100', 'max.poll.interval.ms=600000'],
    why:
      'a member that does not poll within max.poll.interval.ms (300000) leaves the group. Fewer records a poll (500) is the safer of the two: ' +
      'with a longer interval a consumer that hangs is noticed later. Aim at twice the slowest batch.',
  };
}

/** Of these groups the broker decides how long a member may be silent; each kind has keys of its own. */
const decidedByBroker = {
  consumer: { kind: 'KIP-848', keys: 'group.consumer' },
  share: { kind: 'share', keys: 'group.share' },
  streams: { kind: 'streams', keys: 'group.streams' },
} as const;

/** Heartbeats do not arrive in time. */
export function sessionTimeout(group: string, type: GroupType): Advice {
  const broker = type === 'classic' || type === 'unknown' ? undefined : decidedByBroker[type];
  return {
    where: broker ? `brokers, for ${broker.kind} groups such as ${group}` : consumersOf(group),
    lines: broker
      ? [`${broker.keys}.session.timeout.ms=45000`, `${broker.keys}.heartbeat.interval.ms=5000`]
      : ['session.timeout.ms=45000', 'heartbeat.interval.ms=15000'],
    why:
      'a member whose heartbeats stay away so long is taken for dead. 45 s outlasts a pause of the garbage collector; a member that is dead ' +
      'is noticed so much later, and the broker’s group.max.session.timeout.ms (30 min) is the most.',
  };
}

export function cooperative(group: string): Advice {
  return {
    where: consumersOf(group),
    lines: [
      'partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor,org.apache.kafka.clients.consumer.RangeAssignor',
      '# and once every member runs with it:',
      'partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
    ],
    why:
      'an eager assignor stops every partition at every rebalance, a cooperative one only those that move. It takes two rolling restarts: while ' +
      'both are listed and some member knows only range, range is chosen. Never go from eager to cooperative in one.',
  };
}

export function staticMembers(group: string): Advice {
  return {
    where: consumersOf(group),
    lines: ['group.instance.id=<a name of this instance, the same after its restart>'],
    why:
      'a member that is back within session.timeout.ms takes its partitions again without a rebalance. Two instances with one name fence each ' +
      'other off, and the partitions of one that does not return rest until the session time-out.',
  };
}

/** Connect's own, of the worker and not of a connector. */
export function workerTimeouts(connect: string): Advice {
  return {
    where: `workers of ${connect} (connect-distributed.properties, not a connector)`,
    lines: [
      'session.timeout.ms=30000',
      'heartbeat.interval.ms=10000',
      'scheduled.rebalance.max.delay.ms=60000',
    ],
    why:
      'a worker whose heartbeats stay away for session.timeout.ms (10000) is taken for dead. Its tasks then rest for ' +
      'scheduled.rebalance.max.delay.ms (300000) in case it returns: shorter moves them sooner, and twice if it does return.',
  };
}

export function commitByHand({ group, type }: { readonly group: string; readonly type: GroupType }): Advice {
  if (type === 'streams')
    return {
      where: `application ${group} (Kafka Streams)`,
      lines: ['commit.interval.ms=5000'],
      why:
        'it commits by itself, once in so long (30000; 100 with exactly_once_v2), within the loop that works records off: what it works on for long ' +
        'is committed late. A record that always fails needs a deserialization or processing exception handler, or its partition stands still again.',
    };
  return {
    where: consumersOf(group),
    lines: ['enable.auto.commit=false', '# and commitSync() after each batch that was worked off'],
    why:
      'a failed asynchronous commit is only logged, and automatic commits are made within poll() alone. A commit a batch costs a round trip; ' +
      'a record that always fails must be put aside (a dead-letter topic), or its partition stands still again.',
  };
}

/** Somebody goes back behind what was committed. */
export function commitForward(group: string): Advice {
  return {
    where: consumersOf(group),
    lines: ['auto.offset.reset=none', '# and commitSync() in ConsumerRebalanceListener.onPartitionsRevoked'],
    why:
      'an old owner that commits after it lost a partition sets it back, and so does auto.offset.reset=earliest after an offset out of range. With ' +
      'none the consumer stops with an exception instead: someone must then say where to go on.',
  };
}

export function roundRobin(group: string): Advice {
  return {
    where: consumersOf(group),
    lines: ['partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor'],
    why:
      'range deals each topic by itself, so that with several topics the first members get one more of each. Sticky and round-robin deal all ' +
      'partitions together. From an eager assignor it takes two rolling restarts, see rebalances.',
  };
}

export function spreadKeys(topic: string): Advice {
  return {
    where: `producers of ${topic}`,
    lines: ['# key = original key + "-" + (n mod 8), where order matters only within a part of it'],
    why:
      'all records of one key go to one partition, and one member reads it. Salting spreads them and gives up their order; a topic of its own for ' +
      'the largest customer keeps it. More partitions do not help one hot key, and they move the other keys, which breaks their order.',
  };
}

export function moreMembers(group: string, members: number, partitions: number): Advice {
  return {
    where: consumersOf(group),
    lines: [`# instances: ${members} → up to ${partitions}`, 'max.poll.records=500'],
    why:
      `each partition is read by one member, so that more than ${partitions} stay idle. A new member costs a rebalance. max.poll.records above 500 makes ` +
      'work per poll longer, and does not make records cheaper: leave it unless a poll returns in no time.',
  };
}

/** Of a share group any member may get any record. */
export function moreShareMembers(group: string, members: number, partitions: number): Advice {
  return {
    where: consumersOf(group),
    lines: [
      `# instances: ${members} → more, also beyond the ${plural(partitions, 'partition')}`,
      '# and of the group, where members wait: share.partition.max.record.locks=4000',
    ],
    why:
      'a share group deals records and not partitions. Of each partition share.partition.max.record.locks (2000) records at the most are with members ' +
      'at a time (kafka-configs.sh --entity-type groups): more of them let more members work, and are given again when a member dies.',
  };
}

/** What is read in a share group is not acknowledged. */
export function acknowledge(group: string): Advice {
  return {
    where: consumersOf(group),
    lines: [
      'share.acknowledgement.mode=explicit',
      '# and acknowledge(record, ACCEPT), or REJECT for one that fails, and commitSync() after each batch',
    ],
    why:
      'what nobody acknowledges is given to a member again when its lock ends (share.record.lock.duration.ms, 30 s), share.delivery.count.limit (5) times in ' +
      'all, and is archived then: the start offset moves on at the latest after that. Where it does not, members get nothing: start one anew and look.',
  };
}
