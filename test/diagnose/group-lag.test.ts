import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { groupLag } from '../../source/diagnose/rules/group-lag.js';
import { changed } from '../support/changed.js';
import { GroupTruth, GroupWatch } from '../support/group-truth.js';
import { smallFlow } from '../support/views.js';

describe('a group that is too slow', () => {
  const truth = new GroupTruth(6, 3, 200);
  const watch = new GroupWatch(truth).run(60);

  it('falls behind, once that is a trend', () => {
    truth.members.forEach(m => (m.perSecond = 320));
    watch.run(420);
    expect(watch.find('group-lag')).toMatchObject({
      verdict: 'falling-behind',
      phase: 'firing',
      severity: 'warning',
    });
    expect(watch.find('group-lag')?.sentence).toMatch(
      /^consumes 9\d\d\/s of 1\.\d+k\/s that arrive: 3 members for 6 partitions$/,
    );
    expect(watch.find('group-lag')?.advice[0]?.lines[0]).toBe('# instances: 3 → up to 6');
  });

  it('is critical when its first unread record is five minutes old', () => {
    watch.run(1_200);
    expect(watch.find('group-lag')).toMatchObject({ severity: 'critical' });
  });

  it('drains, with the time, when it is given more', () => {
    truth.members.forEach(m => (m.perSecond = 500));
    watch.run(400);
    expect(watch.find('group-lag')).toMatchObject({ verdict: 'draining', severity: 'info' });
    expect(watch.find('group-lag')?.sentence).toMatch(
      /^catches up, and has read everything in \d+m at this pace$/,
    );
  });
});

it('does not promise more members where every partition has one', () => {
  const truth = new GroupTruth(3, 3, 200);
  const watch = new GroupWatch(truth).run(60);
  truth.members.forEach(m => (m.perSecond = 150));
  watch.run(480);
  expect(watch.find('group-lag')?.sentence).toContain('every partition has its own member already');
  expect(watch.find('group-lag')?.advice.map(a => a.lines[0])).toEqual(['max.poll.records=100']);
});

it('promises more members to a share group, however few partitions there are', () => {
  const truth = new GroupTruth(3, 3, 200);
  truth.type = 'share';
  const watch = new GroupWatch(truth).run(60);
  truth.members.forEach(m => (m.perSecond = 150));
  watch.run(480);
  const found = watch.find('group-lag');
  expect(found).toMatchObject({ verdict: 'falling-behind', phase: 'firing' });
  expect(found?.sentence).toContain(': 3 partitions shared by 3 members');
  expect(found?.advice.map(a => a.lines[0])).toEqual(['# instances: 3 → more, also beyond the 3 partitions']);
});

it('is not judged before there is a trend to judge by', () => {
  const truth = new GroupTruth(6, 3, 200);
  truth.members.forEach(m => (m.perSecond = 100));
  const watch = new GroupWatch(truth).run(200);
  expect(watch.fired).toEqual(new Set());
});

it('offers more tasks where its members are those of a sink connector', () => {
  const truth = new GroupTruth(6, 3, 200);
  const watch = new GroupWatch(truth).run(60);
  truth.members.forEach(m => (m.perSecond = 320));
  watch.run(420);
  const groups = watch.snapshot.groups.map(g => changed(g, { group: 'connect-jdbc' }));
  const flows = [smallFlow('jdbc', 'sink'), smallFlow('other', 'sink')];
  const [judgement] = groupLag.judge({ ...watch.snapshot, groups, flows }, defaultLimits);
  expect(judgement?.finding?.remedies).toEqual([
    {
      action: 'tasks-max',
      cures: true,
      note: 'up to 6 tasks can share its partitions',
      target: { kind: 'flow', id: 'connect us/jdbc', name: 'jdbc' },
    },
  ]);
});
