import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../source/commands/verdict.js';
import { failure, type Failure } from '../../source/core/failure.js';
import { unknown } from '../../source/core/known.js';
import type { Severity } from '../../source/diagnose/finding.js';
import type { GroupView } from '../../source/model/snapshot.js';
import { needsEnough } from '../../source/model/trend.js';
import { calmRow } from '../../source/screen/calm.js';
import { plainText } from '../../source/screen/row.js';
import { width } from '../../source/screen/text.js';
import type { View } from '../../source/session/view.js';
import * as views from '../support/views.js';

/** What stands where nothing is found: well only where all was asked, has answered and was judged. */

const said = (view: View, columns = 120): string => plainText(calmRow(view, columns)).trim();

const window = failure('early', 'growth of lag', needsEnough);
const refused = failure('unauthorised', 'OffsetFetch of group payroll', 'GROUP_AUTHORIZATION_FAILED');
const asking = { is: 'asking', what: 'metadata', since: views.startedAt } as const;

const withGroups = (...groups: readonly GroupView[]): View => views.view({}, { groups });
const withUnjudged = (why: Failure, ...names: readonly string[]): View => ({
  ...views.healthy(),
  unjudged: names.map(name => ({
    rule: 'group-lag',
    subject: { kind: 'group', id: `us/${name}`, name },
    why,
  })),
});
const young = (name: string): GroupView =>
  views.group(name, 0, { isYoung: true, lagSlope: unknown(window, views.startedAt) });

const firstSecond = (): View => ({
  ...views.healthy(),
  endpoints: [views.endpoints.eu, { ...views.endpoints.us, status: asking }],
});
const youngFlow = (): View => ({
  ...views.healthy(),
  unjudged: [
    {
      rule: 'flow-limits',
      subject: { kind: 'flow', id: views.healthyFlow().id, name: 'mm2-source' },
      why: window,
    },
  ],
});
const undescribed = (): View =>
  withGroups(views.group('payroll', 0, { assignment: unknown(refused, views.startedAt) }));
const unread = (): View => withGroups(views.group('payroll', 0, { lag: unknown(refused, views.startedAt) }));

describe('where nothing is found', () => {
  it('all is well where all was seen and judged, and it says how much that is', () => {
    expect(said(views.healthy())).toBe('✓ nothing found wrong  3 flows, 3 groups, 2 workers seen');
  });

  it.each<[string, () => View, string]>([
    ['an endpoint has not answered yet', firstSecond, 'kafka us (no answer yet)'],
    ['the window of a flow is not filled', youngFlow, `flow mm2-source (${needsEnough})`],
    [
      'no group has a trend yet',
      () => withGroups(young('a'), young('b')),
      `trend of 2 groups (${needsEnough})`,
    ],
    [
      'a rule waits in all groups',
      () => withUnjudged(window, ...views.healthy().snapshot.groups.map(g => g.group)),
      'group-lag of 3 groups',
    ],
  ])('it is only so yet while %s', (_, view, what) => {
    expect(said(view(), 160)).toContain(`? not judged yet: ${what}`);
    expect(said(view(), 160)).toContain('groups, 2 workers seen');
  });

  it.each<[string, () => View, string]>([
    ['a group could not be described', undescribed, 'members of group payroll (unauthorised)'],
    ['the commits of a group may not be read', unread, 'lag of group payroll (unauthorised)'],
    ['a rule was refused what it needs', () => withUnjudged(refused, 'a'), 'group-lag of group a'],
    ['an endpoint does not answer', views.prometheusDown, 'prometheus (refused)'],
    ['the user may see nothing', views.blind, 'cluster us (unauthorised)'],
    ['there is nothing to judge', views.emptySite, 'flows and groups (there is none)'],
  ])('it is only so in what can be seen while %s', (_, view, what) => {
    expect(said(view())).toContain(`? nothing found wrong in what can be seen  not judged: ${what}`);
  });

  it('one new group among many does not make all uncertain, and is told', () => {
    expect(said(withGroups(young('a'), views.group('b', 0)))).toBe(
      '✓ nothing found wrong  3 flows, 2 groups, 2 workers seen; 1 not judged yet',
    );
  });

  it.each(['unsupported', 'absent'] as const)('nothing is missing of what is %s', kind => {
    expect(said(withUnjudged(failure(kind, 'share lag'), 'a'))).toMatch(/^✓ nothing found wrong {2}.* seen$/);
  });

  const notExported = failure('unsupported', 'producer-record-retry-rate', 'none of these exists: a, b');
  const flowWithout = (rule: string, why: Failure): View => ({
    ...views.healthy(),
    unjudged: [{ rule, subject: { kind: 'flow', id: views.healthyFlow().id, name: 'mm2-source' }, why }],
  });

  it('a rule for which this site exports no metric leaves all well, and is told beside it', () => {
    const view = flowWithout('producer-retries', notExported);
    expect(said(view, 160)).toBe(
      '✓ nothing found wrong  3 flows, 3 groups, 2 workers seen; not judged here: producer-retries, no producer-record-retry-rate',
    );
    expect(said(view, 80)).toBe(
      '✓ nothing found wrong  3 flows, 3 groups, 2 workers seen; 1 not judged here',
    );
    expect(width(said(view, 80))).toBeLessThan(80);
  });

  it('a rule whose metric is exported, and not seen now, does not', () => {
    const why = failure('absent', 'producer-record-retry-rate of mm2-source', 'no series names it');
    expect(said(flowWithout('producer-retries', why))).toContain('? nothing found wrong in what can be seen');
  });

  it.each(['flow-running', 'flow-limits'])('nothing is well where %s has no metric', rule => {
    expect(said(flowWithout(rule, notExported))).toContain('? nothing found wrong in what can be seen');
  });

  it.each([40, 60, 80, 120, 200])('says in %i columns that something is not judged', columns => {
    for (const view of [firstSecond(), youngFlow(), unread(), views.brokerStopped()]) {
      const line = said(view, columns).slice(0, columns);
      expect(line).toMatch(
        columns < 60
          ? /^\? (nothing wrong seen: \d not judged|\d not judged yet)$/
          : /^\? (nothing found wrong in what can be seen {2}not judged|not judged yet): \S/,
      );
    }
  });

  it('names as many as there is room for, and counts the others', () => {
    const many = withGroups(
      ...Array.from({ length: 12 }, (_, i) => views.group(`g${i}`, 0, { lag: unknown(refused, 0) })),
    );
    expect(said(many, 80)).toMatch(/not judged: lag of group g0, 11 more/);
    expect(said(many, 160)).toMatch(
      /not judged: lag of group g0 \(unauthorised\), .*g2 \(unauthorised\), 9 more; /,
    );
    for (const columns of [80, 120, 160])
      expect(width(said(many, columns).replace(/;.*/, ''))).toBeLessThanOrEqual(columns);
  });

  it.each<[string, () => View]>([
    ['a healthy site', views.healthy],
    ['an incident', views.incident],
    ['the first second', views.starting],
    ['one endpoint that was not heard of', firstSecond],
    ['a young flow', youngFlow],
    ['a group that could not be described', undescribed],
    ['a group whose commits may not be read', unread],
    ['a group that may not be seen', views.unauthorisedGroup],
    ['Connect that does not answer', views.connectDown],
    ['Prometheus that does not answer', views.prometheusDown],
    ['a cluster that fell silent', views.kafkaDown],
    ['a broker that hangs', views.brokerStopped],
    ['a user who sees nothing', views.blind],
    ['an empty cluster', views.emptySite],
    ['a metric that is not exported', () => flowWithout('producer-retries', notExported)],
    ['a main rule without its metric', () => flowWithout('flow-limits', notExported)],
  ])('it is never well where a check of the same is not: %s', (_, make) => {
    const pending = (severity: Severity) => [
      views.firing({ ...views.targetLimited, severity }, 0, { phase: 'pending' }),
    ];
    for (const findings of [[], pending('warning'), pending('info')]) {
      const view = { ...make(), findings };
      expect(said(view).startsWith('✓')).toBe(verdictOf(view, '').verdict === 'ok');
    }
  });
});
