import { describe, expect, test } from 'vitest';
import type { LagReport } from '../../source/commands/lag-report.js';
import { lagCsv, lagTable } from '../../source/commands/lag-text.js';
import { Owners } from '../../source/commands/owners.js';

const owner = { consumerId: 'billing-1-6d2f', host: '/10.0.5.1', clientId: 'billing-1' };

const report: LagReport = {
  at: '2026-01-31T14:05:30.000Z',
  groups: [
    {
      cluster: 'us',
      group: 'billing',
      type: 'classic',
      state: 'Stable',
      lag: 7,
      unknownPartitions: 0,
      partitions: [
        { topic: 'invoices', partition: 10, committed: 50, end: 50, lag: 0 },
        { topic: 'invoices', partition: 2, committed: 43, end: 50, lag: 7, owner },
        { topic: 'invoices', partition: 3, committed: null, end: null, lag: null, reason: 'no leader' },
      ],
      idle: [{ consumerId: 'billing-2-a81c', host: '/10.0.5.2', clientId: 'billing-2' }],
    },
  ],
  flows: [
    {
      connect: 'us',
      connector: 'mm2-source',
      lag: { low: 3, high: 9, method: 'bounded', rested: false },
      partitions: [
        { topic: 'orders', partition: 0, lag: { low: 3, high: 9, method: 'bounded', rested: false } },
        { topic: 'orders', partition: 1, lag: null, reason: 'not flushed' },
      ],
    },
  ],
  failing: [],
};

describe('kmon lag', () => {
  test('prints the columns of kafka-consumer-groups, and a dash for what is not known', () => {
    expect(lagTable(report).split('\n')).toEqual([
      'GROUP   TOPIC    PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID    HOST      CLIENT-ID',
      'billing invoices 2         43             50             7   billing-1-6d2f /10.0.5.1 billing-1',
      'billing invoices 3         -              -              -   -              -         -',
      'billing invoices 10        50             50             0   -              -         -',
      'billing -        -         -              -              -   billing-2-a81c /10.0.5.2 billing-2',
      '',
      'FLOW       TOPIC  PARTITION LAG',
      'mm2-source orders 0         3..9',
      'mm2-source orders 1         -',
    ]);
  });

  test('names the cluster where there are several', () => {
    const groups = [...report.groups, ...report.groups.map(g => ({ ...g, cluster: 'eu' }))];
    const table = lagTable({ ...report, groups });
    expect(table.match(/^CLUSTER .*$/gm)).toEqual(['CLUSTER us', 'CLUSTER eu']);
  });

  test('says why something is missing', () => {
    const failing = [{ endpoint: 'kafka eu', reason: 'nothing listens there', next: 'is it up?' }];
    expect(lagTable({ ...report, failing })).toContain('kafka eu: nothing listens there; is it up?');
  });

  test('as CSV is one line a partition, quoted where it must be', () => {
    const groups = report.groups.map(g => ({ ...g, group: 'old, "report"' }));
    expect(lagCsv({ ...report, groups }).split('\r\n')).toEqual([
      'KIND,CLUSTER,GROUP,TOPIC,PARTITION,CURRENT-OFFSET,LOG-END-OFFSET,LAG,LAG-LOW,CONSUMER-ID,HOST,CLIENT-ID',
      'group,us,"old, ""report""",invoices,2,43,50,7,7,billing-1-6d2f,/10.0.5.1,billing-1',
      'group,us,"old, ""report""",invoices,3,,,,,,,',
      'group,us,"old, ""report""",invoices,10,50,50,0,0,,,',
      'group,us,"old, ""report""",,,,,,,billing-2-a81c,/10.0.5.2,billing-2',
      'flow,us,mm2-source,orders,0,,,9,3,,,',
      'flow,us,mm2-source,orders,1,,,,,,,',
    ]);
  });
});

describe('who owns what', () => {
  test('comes from the newest description of each group', () => {
    const owners = new Owners();
    const described = (partitions: number[]): void =>
      owners.fold({
        kind: 'described',
        cluster: 'us',
        broker: 1,
        asked: 0,
        answered: 0,
        groups: [
          {
            group: 'billing',
            answer: {
              ok: {
                group: 'billing',
                state: 'Stable',
                protocolType: 'consumer',
                members: [
                  {
                    member: 'm1',
                    clientId: 'c1',
                    host: '/h1',
                    assignment: [{ topic: 'invoices', partitions: Int32Array.from(partitions) }],
                  },
                  { member: 'm2', clientId: 'c2', host: '/h2' },
                ],
              },
            },
          },
        ],
      });
    described([0, 1]);
    described([1]);
    const billing = owners.of('us', 'billing');
    expect(billing?.ownerOf('invoices', 1)).toEqual({ consumerId: 'm1', host: '/h1', clientId: 'c1' });
    expect(billing?.ownerOf('invoices', 0)).toBeUndefined();
    expect(billing?.idle).toEqual([{ consumerId: 'm2', host: '/h2', clientId: 'c2' }]);
    expect(owners.of('eu', 'billing')).toBeUndefined();
  });
});
