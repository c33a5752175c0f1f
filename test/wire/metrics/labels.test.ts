import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownerOf, ownerOfClient } from '../../../source/wire/metrics/labels.js';

describe('the task that a series speaks of', () => {
  it.each([
    [
      { connector: 'mm2-source', task: '3' },
      { connector: 'mm2-source', task: 3 },
    ],
    [
      { connector: '"eu->us.MirrorSourceConnector"', task: '0' },
      { connector: 'eu->us.MirrorSourceConnector', task: 0 },
    ],
    [{ client_id: 'connector-producer-mm2-source-12' }, { connector: 'mm2-source', task: 12 }],
    [{ clientid: 'connector-producer-a-b-c-1' }, { connector: 'a-b-c', task: 1 }],
    [{ client_id: '"eu->us|mm2-source-0|replication-consumer"' }, { connector: 'mm2-source', task: 0 }],
    [
      { clientId: 'eu->us|eu->us.MirrorSourceConnector-7|replication-consumer' },
      { connector: 'eu->us.MirrorSourceConnector', task: 7 },
    ],
  ])('%o', (labels, owner) => {
    expect(ownerOf(labels)).toEqual(owner);
  });

  it.each([
    {},
    { client_id: 'producer-1' },
    { client_id: 'connector-producer-' },
    { connector: 'a', task: 'x' },
  ])('is nobody: %o', labels => {
    expect(ownerOf(labels)).toBeUndefined();
  });

  it('is found whatever the name of the connector holds', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(999), (connector, task) => {
        expect(ownerOfClient(`connector-producer-${connector}-${task}`)).toEqual({ connector, task });
      }),
    );
  });
});
