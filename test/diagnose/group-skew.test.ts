import { describe, expect, it } from 'vitest';
import { mapKnown, seen } from '../../source/core/known.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { topicSkew } from '../../source/diagnose/rules/topic-skew.js';
import type { BrokerView } from '../../source/model/snapshot.js';
import { GroupTruth, GroupWatch } from '../support/group-truth.js';

describe('the lag of a group that lies on', () => {
  it('one partition that takes most of the arrival: it is hot, and the topic is the cause', () => {
    const truth = new GroupTruth(6, 6, 50);
    truth.members.forEach(m => (m.perSecond = 200));
    const watch = new GroupWatch(truth).run(60);
    truth.arrival[3] = 500;
    watch.run(420);
    const topic = watch.find('topic-skew');
    expect(topic).toMatchObject({ verdict: 'hot-partition', phase: 'firing' });
    expect(topic?.sentence).toBe('orders/3 takes 67% of the arrival: 6 partitions do the work of 1.5');
    expect(topic?.unchecked.join()).toContain('keys');
    expect(topic?.consequences.map(c => `${c.rule} ${c.verdict}`)).toEqual(['group-skew hot-partition']);
    const skew = watch.find('group-skew');
    expect(skew?.sentence).toMatch(/^orders\/3 is hot: 67% of the arrival, 100% of the lag, owned by c-3@/);
    expect(skew?.severity).not.toBe('info');
    expect(skew?.consequences.map(c => c.rule)).toContain('group-lag');
  });

  it('one partition at which no more arrives: it is slow, not hot', () => {
    const truth = new GroupTruth(6, 6, 100);
    const watch = new GroupWatch(truth).run(60);
    const [, slow] = truth.members;
    if (slow !== undefined) slow.perSecond = 50;
    watch.run(400);
    expect(watch.find('group-skew')).toMatchObject({ verdict: 'slow-partition', severity: 'warning' });
    expect(watch.find('topic-skew')).toBeUndefined();
  });

  it('one member, while the others keep up: it is slow', () => {
    const truth = new GroupTruth(9, 3, 100);
    truth.leader = p => 1 + (Math.floor(p / 3) % 3);
    const watch = new GroupWatch(truth).run(60);
    const [, slow] = truth.members;
    if (slow !== undefined) slow.perSecond = 100;
    watch.run(400);
    const found = watch.find('group-skew');
    expect(found).toMatchObject({ verdict: 'slow-member', phase: 'firing', severity: 'warning' });
    expect(found?.sentence).toBe(
      'c-1@10.0.0.2 consumes 100/s of 300/s, and the others keep up: 100% of the lag',
    );
  });

  it('one member that owns most: the assignment is uneven', () => {
    const truth = new GroupTruth(9, 3, 100);
    truth.owns = p => (p < 7 ? 0 : p - 6);
    const watch = new GroupWatch(truth).run(60);
    truth.members.forEach(m => (m.perSecond = 400));
    watch.run(400);
    const found = watch.find('group-skew');
    expect(found).toMatchObject({ verdict: 'uneven', phase: 'firing' });
    expect(found?.sentence).toMatch(/^c-0@10\.0\.0\.1 owns 7 of 9 partitions, 78% of the arrival/);
  });

  it('the partitions of one broker, whoever owns them: it is slow', () => {
    const truth = new GroupTruth(9, 3, 100);
    truth.owns = p => Math.floor(p / 3);
    const watch = new GroupWatch(truth).run(60);
    watch.run(400, () => {
      for (const p of [0, 3, 6]) {
        truth.poisoned.add(p);
        truth.position[p] = (truth.position[p] ?? 0) + 150;
      }
    });
    expect(watch.find('group-skew')).toMatchObject({ verdict: 'slow-leader', phase: 'firing' });
    expect(watch.find('group-skew')?.sentence).toContain('that broker 1 leads, whoever owns them');
  });
});

describe('without lag, for information', () => {
  it('members without a partition are told, with the arithmetic', () => {
    const watch = new GroupWatch(new GroupTruth(3, 5, 100)).run(180);
    expect(watch.find('group-skew')).toMatchObject({
      verdict: 'idle-members',
      severity: 'info',
      sentence: '2 members of 5 own no partition: there are 3',
    });
  });

  it('members that own very different numbers are told', () => {
    const truth = new GroupTruth(9, 3, 100);
    truth.owns = p => (p < 7 ? 0 : p - 6);
    expect(new GroupWatch(truth).run(180).find('group-skew')).toMatchObject({
      verdict: 'uneven',
      severity: 'info',
      sentence: 'members own from 1 to 7 partitions',
    });
  });

  it('a hot partition is no more than that while nobody is behind', () => {
    const truth = new GroupTruth(6, 6, 50);
    truth.arrival[3] = 500;
    const watch = new GroupWatch(truth).run(400);
    expect(watch.fired).toEqual(new Set(['topic-skew hot-partition info']));
  });
});

describe('a hot partition on a busy host', () => {
  /** The CPU of its leader's host is used up, and so much is written to that broker, records/s. */
  const severity = (written: number): string | undefined => {
    const truth = new GroupTruth(6, 6, 50);
    truth.arrival[3] = 500;
    const { snapshot } = new GroupWatch(truth).run(400);
    const busy = (broker: BrokerView): BrokerView => ({
      ...broker,
      machine: { ...broker.machine, hostCpu: seen(0.97, snapshot.at) },
      arrival: { ...broker.arrival, perSecond: written },
    });
    const clusters = snapshot.clusters.map(c => ({
      ...c,
      brokers: mapKnown(c.brokers, all => all.map(busy)),
    }));
    return topicSkew.judge({ ...snapshot, clusters }, defaultLimits)[0]?.finding?.severity;
  };

  it('is a warning where it may be what the CPU goes into', () => {
    expect(severity(750)).toBe('warning');
  });

  it('is only told where next to nothing of what that broker takes goes there', () => {
    expect(severity(10_000)).toBe('info');
  });
});

describe('nothing is said of', () => {
  it('a topic with so few records that chance makes them uneven', () => {
    const truth = new GroupTruth(6, 6, 0);
    truth.arrival[3] = 8;
    expect(new GroupWatch(truth).run(400).fired).toEqual(new Set());
  });

  it('a partition that takes twice as much as the others', () => {
    const truth = new GroupTruth(6, 6, 100);
    truth.arrival[3] = 200;
    expect(new GroupWatch(truth).run(400).fired).toEqual(new Set());
  });
});
