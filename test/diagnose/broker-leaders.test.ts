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

  it('are not judged where there are few, or one broker', () => {
    expect(judged([6, 0, 0])?.finding).toBeUndefined();
    expect(judged([500])?.finding).toBeUndefined();
    expect(judged([])?.finding).toBeUndefined();
  });
});
