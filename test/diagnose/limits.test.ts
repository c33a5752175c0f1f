import { describe, expect, it, test } from 'vitest';
import { weigh } from '../../source/diagnose/confidence.js';
import { defaultLimits, Limits } from '../../source/diagnose/limits.js';
import { rules } from '../../source/diagnose/rules.js';
import { thresholdFamilies, thresholdNames, thresholds } from '../../source/diagnose/thresholds.js';

describe('thresholds', () => {
  test('have names of their own, over all families', () => {
    const names = thresholdFamilies.flatMap(family => Object.keys(family));
    expect(names).toHaveLength(new Set(names).size);
    expect(new Set(names)).toEqual(new Set(thresholdNames));
  });

  test('are each used by a rule, by the life of findings, or by a check since a mark', () => {
    const used = new Set<string>(rules.flatMap(rule => rule.description.thresholds));
    const ofLife = new Set(['life-share', 'life-grace', 'life-hold', 'clear-level', 'cause-lead']);
    const ofMarks = new Set(['mark-lag-time', 'mark-lag-records', 'mark-rebalances']);
    expect(thresholdNames.filter(name => !used.has(name) && !ofLife.has(name) && !ofMarks.has(name))).toEqual(
      [],
    );
  });

  test('of shares are shares', () => {
    for (const [name, { value, unit }] of Object.entries(thresholds))
      if (unit === 'share') expect(value, name).toBeLessThanOrEqual(1);
  });
});

describe('a comparison', () => {
  it('says the numbers that it compared, as text and as numbers, and whose threshold it is', () => {
    expect(
      defaultLimits.compare('throttle', 180, '>', 'produce-throttle', { window: 60, samples: 12 }),
    ).toEqual({
      what: 'throttle',
      value: '180ms',
      threshold: '> 100ms',
      origin: 'operations runbook',
      holds: true,
      measured: 180,
      limit: 100,
      unit: 'ms',
      setting: 'produce-throttle',
      window: 60,
      samples: 12,
    });
  });

  it('of what is not known has no number, and holds neither nor fails', () => {
    const { holds, value, measured } = defaultLimits.compare('throttle', undefined, '>', 'produce-throttle');
    expect({ holds, value, measured }).toEqual({ holds: 'unknown', value: '–', measured: undefined });
    expect(defaultLimits.compare('throttle', NaN, '>', 'produce-throttle').holds).toBe('unknown');
  });

  it('takes what the configuration says, and says that it does', () => {
    const { holds, origin } = new Limits({ 'produce-throttle': 200 }).compare(
      'throttle',
      180,
      '>',
      'produce-throttle',
    );
    expect(holds).toBe(false);
    expect(origin).toBe('configuration (default 100ms: operations runbook)');
  });

  it('has a clear level apart from the threshold, on the side that is well', () => {
    const levels = (sign: '≥' | '<', values: readonly number[]): string[] =>
      values.map(value => defaultLimits.level(value, sign, 'buffer-used'));
    expect(levels('≥', [0.7, 0.6, 0.48])).toEqual(['met', 'between', 'clear']);
    expect(levels('<', [0.69, 0.8, 1])).toEqual(['met', 'between', 'clear']);
    expect(defaultLimits.level(undefined, '≥', 'buffer-used')).toBe('unknown');
  });
});

describe('confidence', () => {
  const support = (holds: boolean | 'unknown') => ({ what: 'buffers', holds, by: 0.4 });
  const against = (holds: boolean | 'unknown') => ({ what: 'a transform', holds, by: -0.4 });

  it('is the base and what was looked at', () => {
    expect(weigh(0.5, [support(true), against(false)])).toEqual({
      confidence: 'high',
      certainty: 0.9,
      raise: [],
    });
    expect(weigh(0.5, [support(false)])).toMatchObject({ confidence: 'medium', certainty: 0.5 });
    expect(weigh(0.5, [against(true)])).toMatchObject({ confidence: 'low', certainty: 0.1 });
  });

  it('is less where less is known, and says what would raise it', () => {
    expect(weigh(0.5, [support('unknown'), against('unknown')])).toEqual({
      confidence: 'low',
      certainty: 0.3,
      raise: ['buffers', 'a transform'],
    });
  });

  it('stays between 0 and 1', () => {
    expect(weigh(0.9, [support(true)]).certainty).toBe(1);
    expect(weigh(0.1, [against(true)]).certainty).toBe(0);
  });
});
