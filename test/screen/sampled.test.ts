import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { seen, unknown, type Known } from '../../source/core/known.js';
import type { RecordSample } from '../../source/core/observation.js';
import { changed } from '../support/changed.js';
import { textOf } from '../support/screens.js';
import * as views from '../support/views.js';

const sample: RecordSample = {
  from: 0,
  to: 1_999,
  records: 2_000,
  bytes: 1e6,
  unread: { 'zstd (Node has it from 22.15 on)': 300 },
  unkeyed: 500,
  empty: 0,
  distinct: 40,
  keys: [{ hash: 1, records: 800 }],
  elsewhere: 0,
  idempotent: 0,
  appendTimes: 0,
  back: 0,
  backOfAll: 0,
  furthestBack: 0,
};

function topicScreen(sampled: readonly Known<RecordSample>[] | undefined): string {
  const [topic] = views.topics();
  if (topic === undefined) throw new Error('no topic');
  const of = sampled && { sampled: sampled.map((one, partition) => ({ partition, sample: one })) };
  const view = views.view({}, { topics: [changed(topic, of ?? {})] });
  return textOf(view, { columns: 120, rows: 40 }, { at: 'topic', topic: topic.id }).join('\n');
}

describe('the view of a topic', () => {
  it('says what samples of its records tell of its keys', () => {
    expect(topicScreen([seen(sample, 1), seen(sample, 1)])).toMatch(
      / sampled 4\.00k records of 2 of \d+ partitions, 80 keys, the top one 40% of its partition, 25% unkeyed, 600 not unpacked/,
    );
  });

  it('says why there are none, and nothing where nobody asked for them', () => {
    const refused = failure('unauthorised', 'Fetch of orders/0', 'no READ on the topic');
    expect(topicScreen([unknown(refused, 1)])).toMatch(/records not sampled: .*no READ on the topic/);
    expect(topicScreen(undefined)).not.toContain('sampled');
  });
});
