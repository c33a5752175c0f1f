import { expect, test } from 'vitest';
import { memberOf, type KafkaSetting } from '../../../../source/simulator/kafka/state.js';
import { readClassicGroups } from '../../../../source/wire/kafka/reads/describe-groups.js';
import { LastAnswer } from '../../../../source/wire/kafka/reads/last-answer.js';
import { readListGroups, type LastListed } from '../../../../source/wire/kafka/reads/list-groups.js';
import { readMetadata, type LastMetadata } from '../../../../source/wire/kafka/reads/metadata.js';
import type { LastDescribed } from '../../../../source/wire/kafka/reads/described.js';
import { ok } from '../../../support/answers.js';
import { acquainted } from '../support.js';

const site: KafkaSetting = {
  topics: { orders: 4 },
  groups: {
    billing: { coordinator: 1, members: [memberOf({ id: 'b-1', assignment: { orders: [0, 1] } })] },
  },
};

test('what is described in the same bytes is the same object, until it is described in others', async () => {
  const { kafka, us } = await acquainted(site);
  const last: LastDescribed = new LastAnswer();
  const read = async () => (await readClassicGroups(us, 1, ['billing'], undefined, last)).groups[0]?.answer;
  const first = await read();
  expect(await read()).toBe(first);
  kafka.state.groups['billing']?.members.push(memberOf({ id: 'b-2' }));
  expect(await read()).toMatchObject({ ok: { members: [{ member: 'b-1' }, { member: 'b-2' }] } });
  kafka.state.groups['billing']?.members.pop();
  expect(await read()).toEqual(first);
});

test('the times of an answer are its own, whatever it says', async () => {
  const { us } = await acquainted(site);
  const last: LastListed = new LastAnswer();
  const first = await readListGroups(us, 1, undefined, last);
  const second = await readListGroups(us, 1, undefined, last);
  expect(ok(second.answer)).toBe(ok(first.answer));
  expect(second.asked).toBeGreaterThanOrEqual(first.answered);
});

test('another broker that is asked is named in what failed, though it says the same', async () => {
  const { us } = await acquainted(site);
  const last: LastDescribed = new LastAnswer();
  const subjects: unknown[] = [];
  for (const broker of [2, 3]) {
    const { groups } = await readClassicGroups(us, broker, ['billing'], undefined, last);
    for (const { answer } of groups) subjects.push('failed' in answer && answer.failed.subject);
  }
  expect(subjects).toEqual([
    expect.stringContaining(`at ${us.nameOf(2)}`),
    expect.stringContaining(`at ${us.nameOf(3)}`),
  ]);
});

test('metadata that did not change has the topics of before, and tells of a change at once', async () => {
  const { kafka, us } = await acquainted(site);
  const last: LastMetadata = new LastAnswer();
  const first = ok((await readMetadata(us, undefined, last)).answer);
  expect(ok((await readMetadata(us, undefined, last)).answer)).toBe(first);
  const [partition] = kafka.state.topics['orders']?.partitions ?? [];
  if (partition) partition.leader = -1;
  expect(ok((await readMetadata(us, undefined, last)).answer).topics[0]?.leader[0]).toBe(-1);
});
