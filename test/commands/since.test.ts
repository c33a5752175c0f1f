import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { wantedMark } from '../../source/commands/baseline.js';
import { pastMomentOf } from '../../source/commands/quantities.js';
import type { Comparison } from '../../source/commands/since.js';
import { verdictOf, verdictShape, type Verdict } from '../../source/commands/verdict.js';
import { failure } from '../../source/core/failure.js';
import { seen, unknown } from '../../source/core/known.js';
import { Limits, defaultLimits } from '../../source/diagnose/limits.js';
import { openPlayback } from '../../source/record/player.js';
import type { GroupView } from '../../source/model/snapshot.js';
import { baselineOf, type Mark } from '../../source/session/mark.js';
import { nothingRemembered, type MemoryPort } from '../../source/session/memory.js';
import type { View } from '../../source/session/view.js';
import * as views from '../support/views.js';

const { now } = views;

const withGroups = (...groups: readonly GroupView[]): View => views.view({}, { groups });
const markOf = (view: View): Mark => ({ at: now - 600_000, label: 'v42', baseline: baselineOf(view) });

function since(then: View, view: View, limits = defaultLimits): Verdict {
  const comparison: Comparison = { mark: markOf(then), from: 'mark', limits };
  const verdict = verdictOf(view, '0.1.0', comparison);
  expect(verdictShape.parse(verdict)).toEqual(verdict);
  return verdict;
}

/** A quiet site of which so much is found. */
const found = (...findings: View['findings']): View => ({ ...views.healthy(), findings });
const [limited, hot] = [views.firing(views.targetLimited, 11), views.firing(views.hotPartition, 18)];

const changeOf = (verdict: Verdict, name: string) =>
  verdict.since?.changes.find(change => change.subject.name === name);

describe('a verdict since a mark', () => {
  test('is ok where nothing is worse than it was, and names the mark', () => {
    const verdict = since(views.healthy(), views.healthy());
    expect(verdict).toMatchObject({ verdict: 'ok', reason: 'nothing is worse than it was' });
    expect(verdict.since).toMatchObject({ mark: { label: 'v42' }, seconds: 600, newFindings: [] });
  });

  test('does not count what fired then as it does now', () => {
    const verdict = since(found(limited, hot), found(limited, hot));
    expect(verdict.verdict).toBe('ok');
    expect(verdict.findings.map(f => f.severity)).toEqual(['critical', 'warning']);
  });

  test('is critical over a critical finding that is new, whatever fired then', () => {
    const verdict = since(found(hot), found(limited, hot));
    expect(verdict).toMatchObject({ verdict: 'critical' });
    expect(verdict.since?.newFindings).toEqual([limited.key]);
  });

  test('tells what ended', () => {
    const verdict = since(found(limited, hot), found());
    expect(verdict.since?.endedFindings).toHaveLength(2);
  });

  test('is unknown where a new finding forms, and not where one that fired then is formed again', () => {
    const forming = found(views.firing(views.targetLimited, 0, { phase: 'pending' }));
    expect(since(found(), forming).verdict).toBe('unknown');
    expect(since(found(limited), forming).verdict).toBe('ok');
  });

  describe('over lag', () => {
    test('is a warning where a group’s grew by more than a minute of what it consumes', () => {
      const verdict = since(
        withGroups(views.group('billing', 12_000)),
        withGroups(views.group('billing', 88_200)),
      );
      expect(verdict).toMatchObject({
        verdict: 'warning',
        reason: 'group billing: lag grew by 76.2k, to 88.2k',
      });
      expect(changeOf(verdict, 'billing')?.lag).toEqual({
        then: { low: 12_000, high: 12_000 },
        now: { low: 88_200, high: 88_200 },
        least: 76_200,
        most: 76_200,
        limit: 72_000,
      });
    });

    test('is ok below that, and whatever the configuration says is that', () => {
      const [then, later] = [withGroups(views.group('a', 0)), withGroups(views.group('a', 900))];
      expect(since(then, later).verdict).toBe('ok');
      const strict = new Limits({ 'mark-lag-records': 100, 'mark-lag-time': 0.1 });
      expect(since(then, later, strict)).toMatchObject({ verdict: 'warning' });
    });

    test('is unknown where it was not known at the mark, or is not now', () => {
      const hidden = unknown<number>(failure('timeout', 'OffsetFetch of a'), now);
      const [known, not] = [
        withGroups(views.group('a', 0)),
        withGroups(views.group('a', 0, { lag: hidden })),
      ];
      expect(since(not, known)).toMatchObject({
        verdict: 'unknown',
        reason: 'growth of lag of group a could not be judged: it was not known at the mark',
      });
      expect(since(known, not).verdict).toBe('unknown');
    });

    test('has nothing to compare of a group that had committed nothing, or was not there', () => {
      const without = unknown<number>(failure('absent', 'a', 'no committed offsets'), now);
      const later = withGroups(views.group('a', 10));
      expect(since(withGroups(views.group('a', 0, { lag: without })), later).verdict).toBe('ok');
      const fresh = since(withGroups(), later);
      expect(fresh.verdict).toBe('ok');
      expect(changeOf(fresh, 'a')).toMatchObject({ is: 'new', lag: null });
    });

    test('is unknown where a bound leaves it open whether it grew too far', () => {
      const flow = (high: number): View => {
        const lag = seen({ low: 0, high, method: 'bounded' as const, rested: false }, now);
        return views.view({}, { flows: [views.healthyFlow({ lag, lagSeries: views.empty() })], groups: [] });
      };
      expect(since(flow(300), flow(290_000)).verdict).toBe('ok');
      const open = since(flow(300), flow(400_000));
      expect(open.reason).toContain('it may have grown by up to 400k, and more than 294k would be worse');
      expect(open.verdict).toBe('unknown');
    });
  });

  test('is unknown where not all was seen at the mark: what it does not have may have been there', () => {
    const { snapshot, findings } = withGroups();
    const baseline = baselineOf({ snapshot, findings, endpoints: views.connectDown().endpoints });
    const comparison = {
      mark: { at: now - 600_000, baseline },
      from: 'mark' as const,
      limits: defaultLimits,
    };
    const verdict = verdictOf(withGroups(views.group('a', 10)), '0.1.0', comparison);
    expect(verdict.reason).toBe(
      'what changed of a could not be judged: not all flows and groups were seen at the mark',
    );
    expect(verdict.verdict).toBe('unknown');
  });

  test('is a warning where a group or a flow is gone', () => {
    const verdict = since(
      withGroups(views.group('a', 0), views.group('b', 0)),
      withGroups(views.group('a', 0)),
    );
    expect(verdict).toMatchObject({
      verdict: 'warning',
      reason: 'group us/b: it was there at the mark, and is not now',
    });
  });

  describe('over rebalances', () => {
    const with_ = (total: number, from: number, name = 'a'): View =>
      withGroups(
        views.group(name, 0, { id: 'us/a', rebalances: views.rebalances([], { total, since: from }) }),
      );

    test('is a warning beyond what a rolling restart of all members makes', () => {
      expect(since(with_(2, 0), with_(10, 0)).verdict).toBe('ok');
      expect(since(with_(2, 0), with_(20, 0)).reason).toBe('group a: 18 rebalances since then');
    });

    test('counts what another process can still see of them, and says that it is not all', () => {
      const restarted = since(with_(2, 0), with_(0, now - 60_000, 'others'));
      expect(changeOf(restarted, 'others')?.rebalances).toMatchObject({ seen: 1, all: false });
      const same = since(with_(2, 0), with_(0, now - 60_000));
      expect(changeOf(same, 'a')?.rebalances).toMatchObject({ seen: 0, all: false });
      expect(same.notJudged.map(one => [one.what, one.required])).toContainEqual([
        'rebalances of group a',
        false,
      ]);
    });

    test('is unknown where nothing tells of them', () => {
      const members = unknown<never>(failure('unauthorised', 'DescribeGroups'), now);
      const later = with_(0, now - 60_000);
      const groups = later.snapshot.groups.map(group => ({ ...group, members }));
      const verdict = since(with_(2, 0), { ...later, snapshot: { ...later.snapshot, groups } });
      expect(verdict.reason).toContain('rebalances of group a could not be judged');
    });
  });
});

describe('which mark is meant', () => {
  const baseline = baselineOf(views.healthy());
  const marks: readonly Mark[] = [
    { at: now - 3_600_000, label: 'v41', baseline },
    { at: now - 1_800_000, label: 'v42', baseline },
    { at: now - 720_000, baseline },
  ];
  const memory = (kept: readonly Mark[]): MemoryPort => ({
    read: () => Promise.resolve({ ...nothingRemembered, marks: kept }),
    change: () => Promise.reject(new Error('a check changes nothing')),
  });
  const wanted = async (flags: Parameters<typeof wantedMark>[0], kept = marks) =>
    (await wantedMark(flags, memory(kept), now))?.mark.at;

  test.each([
    ['the newest', { sinceMark: '' }, now - 720_000],
    ['one by its label', { sinceMark: 'v41' }, now - 3_600_000],
    ['one by its age', { sinceMark: '30m' }, now - 1_800_000],
    ['one by its time', { since: new Date(now - 1_790_000).toISOString() }, now - 1_800_000],
    ['none', {}, undefined],
  ])('%s', async (_what, flags, at) => {
    expect(await wanted(flags)).toBe(at);
  });

  test.each([
    [{ sinceMark: 'v43' }, marks, 'there is no mark v43', 'did you mean --since-mark=v41?'],
    [{ sinceMark: '' }, [], 'there is no mark of this context', 'kmon mark [LABEL] sets one'],
    [{ since: '20m' }, marks, 'no mark of 2026-11-22T14:12:08Z', 'there are: v41 of 2026-11-22T13:32:08Z'],
    [{ since: 'noon' }, marks, '--since noon: not a time', 'for example'],
    [{ since: '2030-01-01' }, marks, 'not a time before now', '--since 12m'],
    [{ from: 'x.kmon' }, marks, '--from needs --since', '--since 14:05 --from'],
    [{ since: '12m', sinceMark: '' }, marks, 'cannot be given together', 'give one of them'],
    [{ since: '12m', from: '/no/x.kmon' }, marks, 'no such file', 'kmon record wrote'],
  ])('%o is refused', async (flags, kept, problem, next) => {
    await expect(wanted(flags, kept)).rejects.toMatchObject({
      problem: expect.stringContaining(problem) as string,
      next: expect.stringContaining(next) as string,
    });
  });

  test('the state of then is that of a recording, where one is given', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'kmon-since-'));
    const file = path.join(folder, 'lab.kmon');
    await copyFile('test/record/fixtures/lab.kmon', file);
    const opened = await openPlayback(file);
    if ('failed' in opened) throw new Error(opened.failed.detail);
    const { start } = opened.ok.header;
    opened.ok.close();
    const flags = { since: new Date(start + 30_000).toISOString(), from: file };
    const later = start + 7_200_000;
    const then = await wantedMark(flags, memory([]), later);
    expect(then).toMatchObject({ from: 'recording' });
    expect(then?.mark.baseline.flows.map(flow => flow.id)).toContain('us/mm2-source');
    const late = { since: new Date(start + 3_600_000).toISOString(), from: file };
    await expect(wantedMark(late, memory([]), later)).rejects.toMatchObject({
      problem: expect.stringContaining('it has nothing of') as string,
    });
  });

  test('a time of day is the last one that was', () => {
    const noon = new Date(2026, 10, 22, 12, 0, 0).getTime();
    expect(pastMomentOf('--since', '11:30', noon)).toBe(noon - 1_800_000);
    expect(pastMomentOf('--since', '12:30', noon)).toBe(noon - 23.5 * 3_600_000);
    expect(pastMomentOf('--since', '90s', noon)).toBe(noon - 90_000);
  });
});
