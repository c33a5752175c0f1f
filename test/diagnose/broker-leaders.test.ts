import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { seen, unknown } from '../../source/core/known.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { brokerLeaders } from '../../source/diagnose/rules/broker-leaders.js';
import type { BrokerView } from '../../source/model/snapshot.js';
import { broker, cluster, now, view } from '../support/views.js';

function judged(leaders: readonly number[], over: (i: number) => Partial<BrokerView> = () => ({})) {
  const brokers = leaders.map((n, i) => broker(i + 1, `b-${i + 1}:9092`, { leaders: n, ...over(i) }));
  const { snapshot } = view({}, { clusters: [cluster('us', 3, { brokers: seen(brokers, now) })] });
  return brokerLeaders.judge(snapshot, defaultLimits)[0];
}

describe('leaders', () => {
  it('that have gone from a broker are a warning, at once', () => {
    const judgement = judged([120, 0, 0]);
    expect(judgement).not.toHaveProperty('fireAfter');
    expect(judgement?.finding).toMatchObject({
      verdict: 'leaders-gone',
      severity: 'warning',
      sentence: 'broker 2 leads 0 of 120 partitions, broker 1 leads 120',
      subject: { kind: 'cluster', id: 'us' },
    });
    expect(judgement?.finding?.byHand.join()).toContain(
      'kafka-leader-election.sh --bootstrap-server b-1:9092',
    );
  });

  it('that lie unevenly are told for information, after ten minutes', () => {
    expect(judged([54, 33, 33])).toMatchObject({
      fireAfter: 600_000,
      finding: { verdict: 'leaders-uneven', severity: 'info' },
    });
  });

  it('that lie as the replicas do are fair, however uneven', () => {
    expect(
      judged([80, 40, 0], i => ({ replicas: seen([240, 120, 0][i] ?? 0, now) }))?.finding,
    ).toBeUndefined();
  });

  it('are less surely gone where replicas are not known', () => {
    const blind = unknown<number>(failure('unauthorised', 'log directories'), now);
    const [sure, unsure] = [judged([120, 0, 0]), judged([120, 0, 0], () => ({ replicas: blind }))];
    expect(unsure?.finding?.certainty).toBeLessThan(sure?.finding?.certainty ?? 0);
    expect(unsure?.finding?.raise).toContain('replicas of the brokers');
  });

  describe('and the preferred ones', () => {
    const order = (partitions: number, away: number, behind: number, elected: number) => ({
      preferred: seen({ partitions, away, behind, elected }, now),
    });
    const ofAll = (orders: readonly Partial<BrokerView>[]) => (i: number) => orders[i] ?? {};

    it('are elected where they are in sync and do not lead: that cures it', () => {
      const { finding } =
        judged([120, 0, 0], ofAll([order(40, 0, 0, 40), order(40, 40, 0, 40), order(40, 40, 0, 40)])) ?? {};
      expect(finding).toMatchObject({
        remedies: [
          {
            action: 'elect-leaders',
            cures: true,
            note: '80 partitions go back to their preferred leaders, which are in sync: broker 1 leads 120 → 40, broker 2 leads 0 → 40',
          },
        ],
        unchecked: [],
      });
      expect(finding?.evidence).toContainEqual(
        expect.objectContaining({ what: 'leaders that an election would move', value: '80', holds: true }),
      );
    });

    it('are no cure where the order of the replicas is what is one-sided, and it is said what is', () => {
      const { finding } =
        judged([120, 0, 0], ofAll([order(120, 0, 0, 120), order(0, 0, 0, 0), order(0, 0, 0, 0)])) ?? {};
      expect(finding?.remedies).toEqual([
        {
          action: 'elect-leaders',
          cures: false,
          note: 'broker 1 is the first replica of 120 of 120 partitions, and would lead 120 of them: put the replicas into another order',
        },
      ]);
      expect(finding?.byHand.join('\n')).toContain(
        'kafka-reassign-partitions.sh --bootstrap-server b-1:9092',
      );
    });

    it('are no cure either where an election moves some, and leaves it as one-sided', () => {
      const { finding } =
        judged([120, 0, 0], ofAll([order(110, 0, 0, 110), order(10, 10, 0, 10), order(0, 0, 0, 0)])) ?? {};
      expect(finding?.remedies).toMatchObject([
        { cures: false, note: /^broker 1 is the first replica of 110 of 120 partitions, and would lead 110/ },
      ]);
    });

    it('cure what has gone, though they are not as many for each', () => {
      const { finding } =
        judged([120, 0, 0], ofAll([order(56, 0, 0, 56), order(34, 34, 0, 34), order(30, 30, 0, 30)])) ?? {};
      expect(finding?.remedies).toMatchObject([{ cures: true }]);
    });

    it('wait where they are not in sync', () => {
      const { finding } =
        judged([120, 0, 0], ofAll([order(40, 0, 0, 120), order(40, 0, 40, 0), order(40, 0, 40, 0)])) ?? {};
      expect(finding?.remedies).toMatchObject([
        {
          cures: false,
          note: '80 preferred leaders are not in sync: they must catch up before they can be elected',
        },
      ]);
    });

    it('are not spoken of where the order of replicas is not known', () => {
      const dark = unknown<never>(failure('absent', 'preferred leaders', 'not recorded'), now);
      const { finding } = judged([120, 0, 0], () => ({ preferred: dark })) ?? {};
      expect(finding?.remedies).toEqual([]);
      expect(finding?.unchecked).toEqual([
        'which leaders are the preferred ones: preferred leaders: it is not there (not recorded)',
      ]);
    });
  });

  it('are not judged where there are few, or one broker', () => {
    expect(judged([6, 0, 0])?.finding).toBeUndefined();
    expect(judged([500])?.finding).toBeUndefined();
    expect(judged([])?.finding).toBeUndefined();
  });
});
