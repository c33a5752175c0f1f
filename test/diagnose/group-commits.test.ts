import { describe, expect, it } from 'vitest';
import { GroupTruth, GroupWatch } from '../support/group-truth.js';

describe('a group whose members went', () => {
  it('has stopped after a minute, as a warning, and critically once its first unread record is old', () => {
    const truth = new GroupTruth();
    const watch = new GroupWatch(truth).run(300);
    truth.members = [];
    watch.run(60);
    expect(watch.find('group-commits')).toMatchObject({ verdict: 'stopped', phase: 'pending' });
    watch.run(10);
    expect(watch.find('group-commits')).toMatchObject({
      verdict: 'stopped',
      phase: 'firing',
      severity: 'warning',
      sinceIsBound: false,
      confidence: 'high',
    });
    watch.run(300);
    const found = watch.find('group-commits');
    expect(found).toMatchObject({
      severity: 'critical',
      sentence: expect.stringMatching(/no members, the last left/),
    });
    expect(found?.consequence).toMatch(/^lag 22\d\.?\d*k, \+600\/s$/);
    expect(watch.findings.map(f => f.rule)).toEqual(['group-commits']);
  });

  it('is told for information where kmon never saw it at work, and has stopped at least so long', () => {
    const truth = new GroupTruth(6, 0);
    truth.end.fill(500_000);
    const watch = new GroupWatch(truth).run(90);
    expect(watch.find('group-commits')).toMatchObject({
      verdict: 'stopped',
      severity: 'info',
      phase: 'firing',
      sinceIsBound: true,
    });
    expect(watch.find('group-commits')?.unchecked.join()).toContain('whether it ever runs');
  });

  it('is over as soon as a member commits', () => {
    const truth = new GroupTruth();
    const watch = new GroupWatch(truth).run(120);
    const { members } = truth;
    truth.members = [];
    watch.run(120);
    truth.members = members;
    watch.run(120);
    expect(watch.find('group-commits')).toBeUndefined();
  });

  it('is a batch job that is overdue, where it ran twice and did not come', () => {
    const truth = new GroupTruth(6, 0, 100);
    const watch = new GroupWatch(truth).run(1_800, second => {
      truth.members = second % 900 >= 780 ? [{ name: 'job', perSecond: 50_000 }] : [];
    });
    truth.members = [];
    watch.run(1_500);
    expect(watch.find('group-commits')?.sentence).toContain('overdue');
  });
});

describe('commits that stand still under members', () => {
  it('are stalled in the partition with the record that fails, and its owner is named', () => {
    const truth = new GroupTruth();
    const watch = new GroupWatch(truth).run(120);
    truth.poisoned.add(4);
    watch.run(280);
    expect(watch.find('group-commits')).toBeUndefined();
    watch.run(40);
    const found = watch.find('group-commits');
    expect(found).toMatchObject({ verdict: 'stalled', severity: 'critical', phase: 'firing' });
    expect(found?.sentence).toMatch(/^commit stands still for 5m in orders\/4, owned by c-1@10\.0\.0\.2$/);
    expect(found?.advice.flatMap(a => a.lines)).toContain('enable.auto.commit=false');
  });

  it.each([
    ['classic', 'kafka-consumer-groups.sh', '--topic'],
    ['consumer', 'kafka-consumer-groups.sh', '--topic'],
    ['streams', 'kafka-streams-groups.sh', '--input-topic'],
  ] as const)('are looked into with the tool that knows %s groups', (type, tool, scope) => {
    const truth = new GroupTruth();
    truth.type = type;
    const watch = new GroupWatch(truth).run(120);
    truth.poisoned.add(4);
    watch.run(320);
    const asked = `${tool} --bootstrap-server us-1:9092`;
    expect(watch.find('group-commits')?.byHand).toEqual([
      `${asked} --describe --group billing`,
      `${asked} --describe --group billing --members --verbose`,
      `${asked} --describe --group billing --state`,
      `${asked} --group billing ${scope} orders --reset-offsets --to-offset <offset> --dry-run`,
    ]);
  });

  it('are a group that polls and does not commit, after twice the poll interval without a rebalance', () => {
    const truth = new GroupTruth();
    const watch = new GroupWatch(truth).run(120);
    truth.commits = false;
    watch.run(320);
    expect(watch.find('group-commits')).toMatchObject({ verdict: 'stalled', severity: 'critical' });
    watch.run(300);
    expect(watch.find('group-commits')).toMatchObject({ verdict: 'not-committing', phase: 'firing' });
  });

  it('are not judged while the group rebalances, nor right after', () => {
    const truth = new GroupTruth();
    const watch = new GroupWatch(truth).run(120);
    truth.state = 'PreparingRebalance';
    watch.run(310);
    expect(watch.find('group-commits')).toBeUndefined();
    expect(watch.find('group-rebalances')).toMatchObject({ verdict: 'long-rebalance', severity: 'critical' });
    truth.state = 'Stable';
    watch.run(30);
    expect(watch.find('group-commits')).toBeUndefined();
  });

  it('are partitions that nobody owns, while the others are read', () => {
    const truth = new GroupTruth();
    const watch = new GroupWatch(truth).run(120);
    truth.forgotten.add(5);
    watch.run(320);
    expect(watch.find('group-commits')).toMatchObject({
      verdict: 'unowned',
      severity: 'critical',
      sentence: 'no member owns orders/5, while 3 members read the rest',
    });
  });
});

describe('a share group', () => {
  it('has stalled where its start offsets stand still and nothing behind them is acknowledged', () => {
    const truth = new GroupTruth();
    truth.type = 'share';
    const watch = new GroupWatch(truth).run(120);
    truth.commits = false;
    watch.run(320);
    const found = watch.find('group-commits');
    expect(found).toMatchObject({ verdict: 'stalled', severity: 'critical', phase: 'firing' });
    expect(found?.sentence).toMatch(
      /^start offset stands still for 5m in 6 of 6 partitions, read by c-0@10\.0\.0\.1, /,
    );
    expect(found?.advice.flatMap(a => a.lines)).toContain('share.acknowledgement.mode=explicit');
    expect(found?.byHand).toContain(
      'kafka-share-groups.sh --bootstrap-server us-1:9092 --group billing --topic orders --reset-offsets --to-datetime <YYYY-MM-DDThh:mm:ss.sss> --dry-run',
    );
    watch.run(300);
    expect(watch.find('group-commits')?.sentence).toMatch(
      /^members are there and acknowledge nothing for 10m/,
    );
  });

  it('has not where one record is held and those behind it are acknowledged', () => {
    const truth = new GroupTruth();
    truth.type = 'share';
    const watch = new GroupWatch(truth).run(120);
    truth.held.add(4);
    watch.run(600);
    expect(watch.fired).toEqual(new Set());
  });

  it('has stopped when its members went', () => {
    const truth = new GroupTruth();
    truth.type = 'share';
    const watch = new GroupWatch(truth).run(120);
    truth.members = [];
    watch.run(70);
    expect(watch.find('group-commits')).toMatchObject({ verdict: 'stopped', phase: 'firing' });
  });
});
