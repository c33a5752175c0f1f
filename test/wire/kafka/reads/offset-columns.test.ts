import { expect, test } from 'vitest';
import { OffsetColumns } from '../../../../source/wire/kafka/reads/offset-columns.js';

test('columns of one answer lie in one block, and none shows a row of another', () => {
  const columns = new OffsetColumns();
  columns.begin(2, 5);
  columns.add(0, 10, 0, 3);
  columns.add(1, NaN, 1, NaN);
  const orders = columns.finish('orders');
  columns.begin(3, 3);
  columns.add(7, 70, 0, NaN);
  const payments = columns.finish('payments');
  expect(orders).toEqual({
    topic: 'orders',
    partition: Int32Array.of(0, 1),
    offset: Float64Array.of(10, NaN),
    failure: Uint8Array.of(0, 1),
    leaderEpoch: Float64Array.of(3, NaN),
  });
  expect(payments).toEqual({
    topic: 'payments',
    partition: Int32Array.of(7),
    offset: Float64Array.of(70),
    failure: Uint8Array.of(0),
  });
  expect(payments.offset.buffer).toBe(orders.offset.buffer);
});

test('rows before the first known epoch have none, also where another column left one', () => {
  const columns = new OffsetColumns();
  columns.begin(2, 4);
  columns.add(0, 1, 0, 9);
  columns.add(1, 1, 0, 9);
  columns.finish('dropped');
  columns.begin(2, 2);
  columns.add(0, 1, 0, NaN);
  columns.add(1, 1, 0, 4);
  expect(columns.finish('kept').leaderEpoch).toEqual(Float64Array.of(NaN, 4));
});

test('more rows than were expected get a block of their own', () => {
  const columns = new OffsetColumns();
  columns.begin(1, 1);
  columns.add(0, 1, 0, NaN);
  const first = columns.finish('first');
  columns.begin(1, 0);
  columns.add(5, 2, 0, NaN);
  expect(columns.finish('second').offset).toEqual(Float64Array.of(2));
  expect(first.offset).toEqual(Float64Array.of(1));
});
