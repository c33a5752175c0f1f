import { expect, it } from 'vitest';
import { parseLag } from '../../lab/lag.js';

const output = `
GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID            HOST            CLIENT-ID
audit           eu.payments     0          49657           49743           86              oNPIh1u-TVOG-CxwbvOjhA /127.0.0.1      console-consumer

Consumer group 'idle' has no active members.

GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID
idle            eu.orders       11         -               51937           -               -               -               -
`;

it('reads what kafka-consumer-groups prints, one entry a partition', () => {
  expect(parseLag(output)).toEqual([
    { group: 'audit', topic: 'eu.payments', partition: 0, committed: 49657, end: 49743, lag: 86 },
    { group: 'idle', topic: 'eu.orders', partition: 11, committed: null, end: 51937, lag: null },
  ]);
});

const ofStreams = `
GROUP           TOPIC                             PARTITION  CURRENT-OFFSET  LEADER-EPOCH    LOG-END-OFFSET  OFFSET-LAG     
sales-totals    sales-totals-by-digit-repartition 2          80              0               80              0              
sales-totals    sales                             3          100             0               107             7              
sales-totals    sales                             1          -               -               107             -              
`;

it('reads what kafka-streams-groups prints, whose columns are others', () => {
  const [group, topic] = ['sales-totals', 'sales'];
  expect(parseLag(ofStreams)).toEqual([
    { group, topic: 'sales-totals-by-digit-repartition', partition: 2, committed: 80, end: 80, lag: 0 },
    { group, topic, partition: 3, committed: 100, end: 107, lag: 7 },
    { group, topic, partition: 1, committed: null, end: 107, lag: null },
  ]);
});
