import { describe, expect, it } from 'vitest';
import { GroupTruth, GroupWatch } from '../support/group-truth.js';

/** What fired in a quarter of an hour, or longer. */
function fired(truth: GroupTruth, each: (second: number) => void = () => undefined, seconds = 900): string[] {
  return [...new GroupWatch(truth).run(seconds, each).fired];
}

describe('nothing is said of', () => {
  it('a healthy group', () => {
    expect(fired(new GroupTruth())).toEqual([]);
  });

  it('one that commits once a minute, as Connect’s sinks do', () => {
    const truth = new GroupTruth(6, 3, 1_000);
    truth.commitEvery = 60_000;
    expect(fired(truth)).toEqual([]);
  });

  it('an idle topic, whose members have nothing to commit, or have gone', () => {
    const truth = new GroupTruth(6, 3, 0);
    expect(fired(truth, second => second === 300 && (truth.members = []))).toEqual([]);
  });

  it('an idle topic of which some records were never read', () => {
    const truth = new GroupTruth(6, 3, 0);
    truth.end.fill(90_000);
    truth.members = [];
    expect(fired(truth)).toEqual([]);
  });

  it('a topic in which something arrives once in ten minutes', () => {
    const truth = new GroupTruth(6, 3, 0);
    const drops = (second: number): void => {
      truth.arrival.fill(second % 600 === 0 ? 20 : 0);
    };
    expect(fired(truth, drops, 2_400)).toEqual([]);
  });

  it('a consumer that is no member and commits', () => {
    const truth = new GroupTruth(6, 0, 1_000);
    truth.simple = 6_000;
    truth.commitEvery = 20_000;
    expect(fired(truth)).toEqual([]);
  });

  it('the lag of 1 that the markers of transactions leave', () => {
    const truth = new GroupTruth(6, 3, 0);
    truth.end.fill(1_001);
    const marker = (second: number): void => {
      if (second % 60 === 0) truth.end.forEach((end, p) => (truth.end[p] = end + 1));
      truth.position.forEach((_, p) => (truth.position[p] = (truth.end[p] ?? 0) - 1));
    };
    truth.poisoned.add(0).add(1).add(2).add(3).add(4).add(5);
    expect(fired(truth, marker)).toEqual([]);
  });

  it('a share group that acknowledges what it reads', () => {
    const truth = new GroupTruth();
    truth.type = 'share';
    expect(fired(truth)).toEqual([]);
  });

  it('a batch job between its runs', () => {
    const truth = new GroupTruth(6, 0, 100);
    const hourly = (second: number): void => {
      truth.members = second % 900 >= 780 ? [{ name: 'job', perSecond: 50_000 }] : [];
    };
    const watch = new GroupWatch(truth).run(1_800, hourly);
    watch.fired.clear();
    expect([...watch.run(1_800, second => hourly(second)).fired]).toEqual([]);
  });

  it('a burst that is worked off', () => {
    const truth = new GroupTruth(6, 3, 100);
    truth.members.forEach(m => (m.perSecond = 400));
    const burst = (second: number): void => {
      truth.arrival.fill(second >= 300 && second < 345 ? 1_000 : 100);
    };
    expect(fired(truth, burst)).toEqual([]);
  });
});

describe('only for information is told', () => {
  it('a rolling restart, and what follows from it is excused', () => {
    const truth = new GroupTruth(6, 3, 200);
    const all = truth.members;
    const roll = (second: number): void => {
      const away = second >= 120 && second < 420 ? Math.floor((second - 120) / 100) : -1;
      const isAway = away >= 0 && (second - 120) % 100 < 40;
      truth.members = all.filter((_, i) => !(isAway && i === away));
    };
    expect(fired(truth, roll)).toEqual(['group-rebalances rolling-restart info']);
  });

  it('a deployment, after which the members have other names', () => {
    const truth = new GroupTruth(6, 3, 200);
    const deploy = (second: number): void => {
      truth.members = truth.members.map((m, i) =>
        second === 120 + i * 60 ? { ...m, name: `pod-${second}` } : m,
      );
    };
    expect(fired(truth, deploy)).toEqual(['group-rebalances rolling-restart info']);
  });

  it('that members are added', () => {
    const truth = new GroupTruth(6, 2, 200);
    const scale = (second: number): void => {
      if (second === 120 || second === 180)
        truth.members = [...truth.members, { name: `more-${second}`, perSecond: 10_000 }];
    };
    expect(fired(truth, scale)).toEqual(['group-rebalances scaling info']);
  });
});
