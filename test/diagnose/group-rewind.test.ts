import { expect, it } from 'vitest';
import { GroupTruth, GroupWatch } from '../support/group-truth.js';

function rewind(truth: GroupTruth, by: number): void {
  truth.position[2] = (truth.position[2] ?? 0) - by;
  truth.committed[2] = truth.position[2];
}

it('says how many records a group reads again, and is over when it has passed them', () => {
  const truth = new GroupTruth(6, 3, 100);
  const watch = new GroupWatch(truth).run(120);
  truth.members.forEach(m => (m.perSecond = 400));
  rewind(truth, 9_000);
  watch.run(20);
  expect(watch.find('group-rewind')).toMatchObject({
    verdict: 'rewound',
    phase: 'firing',
    severity: 'warning',
    sentence: 'went back behind its commits in orders/2',
    consequence: expect.stringMatching(/^8\.00k records are read again/),
  });
  watch.run(200);
  expect(watch.find('group-rewind')).toBeUndefined();
});

it('is critical from ten thousand records on', () => {
  const truth = new GroupTruth(6, 3, 100);
  const watch = new GroupWatch(truth).run(300);
  truth.members.forEach(m => (m.perSecond = 210));
  rewind(truth, 25_000);
  watch.run(20);
  expect(watch.find('group-rewind')?.severity).toBe('critical');
});

it('says nothing of a late commit that is passed at once', () => {
  const truth = new GroupTruth(6, 3, 100);
  const watch = new GroupWatch(truth).run(120);
  truth.committed[2] = (truth.committed[2] ?? 0) - 300;
  watch.run(60);
  expect(watch.fired).toEqual(new Set());
});

it('is for information where a tool set back a group without members', () => {
  const truth = new GroupTruth(6, 3, 0);
  const watch = new GroupWatch(truth).run(60);
  truth.members = [];
  watch.run(60);
  truth.committed.fill(0);
  truth.position.fill(0);
  watch.run(30);
  expect(watch.find('group-rewind')).toMatchObject({
    severity: 'info',
    sentence: 'was set back without members in orders/0, orders/1, orders/2 and 3 more',
    advice: [],
  });
});
