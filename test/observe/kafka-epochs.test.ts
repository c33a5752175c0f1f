import { expect, test } from 'vitest';
import type { TopicSeen } from '../../source/core/observation.js';
import { EpochQuestions } from '../../source/observe/kafka-epochs.js';

/** `orders` with one partition, led by broker 1 under epoch 5. */
function orders(topicId: string): ReadonlyMap<string, TopicSeen> {
  const [leader, leaderEpoch] = [Float64Array.of(1), Float64Array.of(5)];
  const [replicas, inSync] = [Float64Array.of(3), Float64Array.of(3)];
  return new Map([
    ['orders', { topic: 'orders', topicId, internal: false, leader, leaderEpoch, replicas, inSync }],
  ]);
}

test('a topic that was made anew is asked about again: what was answered is of the former one', () => {
  const questions = new EpochQuestions();
  const of = { topic: 'orders', partition: Int32Array.of(0), failure: Uint8Array.of(0) };
  questions.learn(1, 'billing', {
    ok: [{ ...of, offset: Float64Array.of(100), leaderEpoch: Float64Array.of(4) }],
  });
  const first = orders('kVY0bTQ_R4WYmLhVt2Q8Vg');
  expect([...questions.wanted(first).keys()]).toEqual([1]);
  questions.note({ ...of, wanted: Int32Array.of(4) }, first.get('orders'));
  expect([...questions.wanted(first)]).toEqual([]);

  const anew = orders('a5Jf0n2rQZ-1GkqgH3b7Xw');
  expect([...questions.wanted(anew)]).toEqual([
    [1, [{ topic: 'orders', partitions: Int32Array.of(0), epochs: Int32Array.of(4) }]],
  ]);
});
