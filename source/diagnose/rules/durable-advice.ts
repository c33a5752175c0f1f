import type { Advice } from '../finding.js';

/** What keeps an acknowledged record when a broker is lost. */
export function durableTopic(topic: string): Advice {
  return {
    where: `topic ${topic}`,
    lines: ['replication.factor=3', 'min.insync.replicas=2', 'unclean.leader.election.enable=false'],
    why: 'an acknowledged record is then on two brokers at least. It costs the disk of two more replicas, and writes are refused while two of the three are away; replication of a topic that exists is raised by a reassignment',
  };
}

export function durableProducer(where: string): Advice {
  return {
    where,
    lines: ['acks=all', 'enable.idempotence=true', 'retries=2147483647', 'delivery.timeout.ms=120000'],
    why: 'a write counts when all replicas in sync have it, and what is sent again is written once and in order. It costs the time of the slowest follower',
  };
}

export function commitAfterWork(group: string): Advice {
  return {
    where: `consumers of ${group}`,
    lines: ['enable.auto.commit=false', 'auto.offset.reset=none'],
    why: 'commit after the records were processed, also in onPartitionsRevoked: a crash then repeats records and loses none. `none` makes a consumer stop where its offset is gone, instead of passing over what was lost without a word',
  };
}

/** Of a connector’s own producer; Connect turns idempotence off unless it is asked for. */
export function idempotentConnector(connector: string): Advice {
  return {
    where: `connector ${connector}`,
    lines: [
      'producer.override.enable.idempotence=true',
      'producer.override.acks=all',
      'producer.override.max.in.flight.requests.per.connection=5',
    ],
    why: 'Connect’s producers are not idempotent by default (`enable.idempotence=false`): a batch whose answer is lost is written twice. Workers must allow it (connector.client.config.override.policy=All); brokers before 2.8 ask for the ACL IdempotentWrite',
  };
}

export function exactlyOnce(connector: string): Advice {
  return {
    where: `connector ${connector}, and all workers`,
    lines: [
      'exactly.once.source.support=enabled        # connect-distributed.properties, all workers',
      'exactly.once.support=required              # the connector',
      'source.consumer.isolation.level=read_committed',
    ],
    why: 'records and positions are written in one transaction, so that a restart repeats nothing. It costs latency and throughput, consumers must read committed records only, and the transaction markers take offsets in the target',
  };
}
