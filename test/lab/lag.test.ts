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
