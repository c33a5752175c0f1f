import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { checkText } from '../../source/commands/check.js';
import { exitCodes, isRipe, noVerdict, verdictOf, verdictShape } from '../../source/commands/verdict.js';
import { failure, type Failure, type FailureKind } from '../../source/core/failure.js';
import { needsEnough } from '../../source/model/trend.js';
import { unknown } from '../../source/core/known.js';
import type { SubjectKind } from '../../source/diagnose/finding.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import type { View } from '../../source/session/view.js';
import * as views from '../support/views.js';

const judged = (view: View) => {
  const verdict = verdictOf(view, '0.1.0');
  return { ...verdict, blocking: verdict.notJudged.filter(m => m.required).map(m => m.what) };
};

describe('the verdict', () => {
  test('on a healthy site is ok, and says over how much', () => {
    const verdict = judged(views.healthy());
    expect(verdict).toMatchObject({ verdict: 'ok', reason: 'nothing found wrong', blocking: [] });
    expect(verdict.seen.flows).toBeGreaterThan(0);
    expect(verdict.seen.groups).toBeGreaterThan(0);
  });

  test('is critical where something critical fires, with what was compared', () => {
    const verdict = judged(views.incident());
    expect(verdict.verdict).toBe('critical');
    expect(verdict.reason).toContain('target limits writes');
    expect(verdict.findings[0]?.evidence.length).toBeGreaterThan(0);
  });

  test('carries the tree that was walked, as the schema says', () => {
    const verdict = verdictOf(views.walked(), '0.1.0');
    expect(verdictShape.parse(verdict)).toEqual(verdict);
    const behind = verdict.findings[0]?.tree?.steps.find(step => step.taken);
    expect(behind?.id).toBe('behind');
    expect(behind?.steps.find(step => step.taken)).toMatchObject({ id: 'held-back', answer: 'yes' });
  });

  test.each<[string, () => View]>([
    ['Connect does not answer', views.connectDown],
    ['Prometheus does not answer', views.prometheusDown],
    ['a broker is down', views.brokerStopped],
    ['the user may see nothing', views.blind],
    ['nothing has answered yet', views.starting],
  ])('is never ok while %s', (_what, view) => {
    const verdict = judged({ ...view(), findings: [] });
    expect(verdict.verdict).toBe('unknown');
    expect(verdict.blocking).not.toEqual([]);
    expect(verdict.reason).toContain(verdict.blocking[0]);
  });

  test('is unknown where one group may not be seen', () => {
    const view = views.healthy();
    const hidden = unknown<number>(failure('unauthorised', 'OffsetFetch of payroll'), 0);
    const groups = [...view.snapshot.groups, views.group('payroll', 0, { lag: hidden })];
    const verdict = judged({ ...view, snapshot: { ...view.snapshot, groups } });
    expect(verdict).toMatchObject({ verdict: 'unknown', blocking: ['lag of group payroll'] });
  });

  describe('over what rules cannot judge', () => {
    const without = (kind: SubjectKind, why: Failure, ...names: readonly string[]): View => ({
      ...views.healthy(),
      unjudged: names.map(name => ({ rule: 'some-rule', subject: { kind, id: `us/${name}`, name }, why })),
    });

    test.each<[SubjectKind, string, string]>([
      ['group', 'payroll', 'some-rule of group payroll'],
      ['topic', 'orders', 'some-rule of topic orders'],
      ['broker', 'broker 2 of us', 'some-rule of broker 2 of us'],
      ['cluster', 'us', 'some-rule of cluster us'],
      ['worker', '10.0.3.11:8083', 'some-rule of worker 10.0.3.11:8083'],
    ])('of a %s is unknown where kmon asked and did not get to see', (kind, name, what) => {
      for (const why of ['unauthorised', 'timeout', 'unreachable', 'partial'] as const) {
        const verdict = judged(without(kind, failure(why, 'DescribeConfigs'), name));
        expect(verdict).toMatchObject({ verdict: 'unknown', blocking: [what] });
        expect(verdict.reason).toContain(`${what} could not be judged: DescribeConfigs`);
      }
    });

    test.each(['unsupported', 'absent', 'early'] as const)('is ok where it is %s, and lists it', why => {
      const verdict = judged(without('group', failure(why, 'rates of payroll'), 'payroll'));
      expect(verdict).toMatchObject({ verdict: 'ok', blocking: [] });
      expect(verdict.notJudged.map(one => one.what)).toContain('some-rule of group payroll');
    });

    test('names many in one line, and a group whose lag is unknown only once', () => {
      const why = failure('unauthorised', 'DescribeConfigs of orders');
      const names = ['orders', 'payments', 'clicks', 'views', 'mails'];
      expect(judged(without('topic', why, ...names)).blocking).toEqual([
        'some-rule of 5 topics (orders, payments, clicks, …)',
      ]);
      const view = without('group', why, 'payroll');
      const hidden = unknown<number>(failure('unauthorised', 'OffsetFetch of payroll'), 0);
      const groups = [...view.snapshot.groups, views.group('payroll', 0, { lag: hidden })];
      const told = judged({ ...view, snapshot: { ...view.snapshot, groups } });
      expect(told.blocking).toEqual(['lag of group payroll']);
    });
  });

  test.each<[string, string, FailureKind, string, boolean]>([
    ['ok', 'producer-retries', 'unsupported', 'unavailable', false],
    ['unknown', 'producer-retries', 'absent', 'unseen', true],
    ['unknown', 'producer-retries', 'early', 'early', true],
    ['unknown', 'flow-limits', 'unsupported', 'unseen', true],
  ])('is %s where %s of a flow lacks a metric (%s): %s', (verdict, rule, kind, state, required) => {
    const { id, connector: name } = views.healthyFlow();
    const why = failure(kind, 'producer-record-retry-rate');
    const view = {
      ...views.healthy(),
      unjudged: [{ rule, subject: { kind: 'flow' as const, id, name }, why }],
    };
    const told = verdictOf(view, '');
    expect(told.verdict).toBe(verdict);
    expect(told.notJudged).toMatchObject([{ state, required }]);
    expect(checkText(told).includes('not judged here  producer-retries of flow mm2-source')).toBe(!required);
  });

  test('is unknown while the window of a flow is not filled, and ripe once it is', () => {
    const view = views.healthy();
    const early = unknown<number>(failure('early', 'growth of lag', needsEnough), 0);
    const flows = view.snapshot.flows.map(f => ({ ...f, lagSlope: early }));
    const snapshot = { ...view.snapshot, flows };
    const young = { ...view, snapshot, unjudged: new Lifecycle().judge(snapshot).unjudged };
    expect(judged(young).verdict).toBe('unknown');
    expect(judged(young).reason).toContain(needsEnough);
    expect(isRipe(young)).toBe(false);
    expect(isRipe(view)).toBe(true);
  });

  test('is unknown where there is nothing to judge: silence is not ok', () => {
    const view = views.healthy();
    const verdict = judged({ ...view, snapshot: { ...view.snapshot, flows: [], groups: [] } });
    expect(verdict).toMatchObject({ verdict: 'unknown', blocking: ['flows and groups'] });
  });

  test('is unknown while a finding has not held long enough', () => {
    const forming = views.firing(views.targetLimited, 0, { phase: 'pending' });
    expect(judged({ ...views.healthy(), findings: [forming] })).toMatchObject({ verdict: 'unknown' });
  });

  test('is a warning after a critical finding that ceased a moment ago', () => {
    const gone = views.firing(views.targetLimited, 3, { phase: 'resolving' });
    expect(judged({ ...views.healthy(), findings: [gone] })).toMatchObject({ verdict: 'warning' });
  });

  test('that is critical stays so where something else is not seen', () => {
    const findings = views.incident().findings;
    expect(judged({ ...views.connectDown(), findings }).verdict).toBe('critical');
  });
});

describe('its JSON', () => {
  test.each<[string, () => View]>([
    ['healthy', views.healthy],
    ['incident', views.incident],
    ['connectDown', views.connectDown],
    ['starting', views.starting],
  ])('of %s is as the schema says', (_name, view) => {
    const text = JSON.stringify(verdictOf(view(), '0.1.0'));
    expect(verdictShape.safeParse(JSON.parse(text)).error).toBeUndefined();
  });

  test('of a check that could not begin is as the schema says, and unknown', () => {
    const verdict = noVerdict('anything', 'no address given', 'give one', '0.1.0', 0);
    expect(verdictShape.safeParse(verdict).error).toBeUndefined();
    expect(exitCodes[verdict.verdict]).toBe(3);
  });

  test('has the schema that docs/check.schema.json publishes', async () => {
    const published: unknown = JSON.parse(await readFile('docs/check.schema.json', 'utf8'));
    expect(z.toJSONSchema(verdictShape)).toEqual(published);
  });
});
