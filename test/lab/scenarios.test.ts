import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faults } from '../../lab/faults/index.js';
import { calmsAtOnce, faultsAtOnce } from '../../lab/scenarios/at-once.js';
import { calms } from '../../lab/scenarios/calms.js';
import {
  calmSays,
  type Curable,
  type Expectation,
  expectations,
  isCurable,
  nameOf,
} from '../../lab/scenarios/expected.js';
import {
  type CureRun,
  type Dose,
  type FaultRun,
  keep,
  published,
  readResults,
  without,
  writeResults,
} from '../../lab/scenarios/results.js';
import { isCured, isGood, resultsDocument } from '../../lab/scenarios/table.js';
import { matches } from '../../lab/scenarios/wanted.js';
import { actions } from '../../source/remedy/actions.js';
import { rules } from '../../source/diagnose/rules.js';

const said = { rule: 'flow-limits', verdict: 'target-limited', subject: 'flow us/mm2-source' };

/** Of a run in which kmon said nothing. */
const nothing = { false: [], followed: [], beside: [], notes: [], hostCpu: 0, errors: [] };

describe('what is expected', () => {
  it('is written down for every fault of the lab', () => {
    expect(new Set(expectations.map(({ fault }) => fault))).toEqual(new Set(faults.map(({ name }) => name)));
  });

  it('names rules that there are', () => {
    const wanted = [
      ...expectations.flatMap(each => [...each.expected, ...(each.companions ?? [])]),
      ...Object.values(calmSays).flat(),
    ];
    const known = rules.map(({ id }) => id);
    expect(wanted.map(({ rule }) => rule).filter(rule => !known.includes(rule))).toEqual([]);
  });

  it('says of each fault which remedy cures it, or why none does', () => {
    const silent = expectations.filter(
      ({ startAfter, cure }) => startAfter === undefined && cure === undefined,
    );
    expect(silent.map(nameOf)).toEqual([]);
    const known = actions.map(({ id }) => id);
    expect(expectations.filter(isCurable).filter(({ cure }) => !known.includes(cure.by))).toEqual([]);
  });

  it('has one name for each scenario', () => {
    const names = [...expectations.map(nameOf), ...calms.map(({ name }) => name)];
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(calmSays).filter(name => !names.includes(name))).toEqual([]);
  });

  it('is matched by rule, verdict, subject and what the sentence says', () => {
    const sentence = 'target limits writes: produce quota of user mm2-user';
    expect(matches({ rule: 'flow-limits', says: /produce quota/ }, { ...said, sentence })).toBe(true);
    expect(matches({ rule: 'flow-limits', says: /answer in/ }, { ...said, sentence })).toBe(false);
    expect(matches({ rule: 'flow-limits', subject: 'flow us/other' }, { ...said, sentence })).toBe(false);
  });
});

describe('what goes together', () => {
  const fault = (name: string, more: Partial<Expectation> = {}): Expectation => ({
    fault: name,
    expected: [],
    ...more,
  });
  const faultNames = (these: readonly Expectation[], together: boolean): string[] =>
    faultsAtOnce(these, { together }).map(those => those.map(nameOf).join('+'));

  it('are faults that touch different parts of the site, and never one that kmon is started after', () => {
    const these = [
      fault('quota'),
      fault('poison', { touches: ['mm2-source'] }),
      fault('stopped', { touches: ['billing'] }),
      fault('churn', { touches: ['search-indexer'] }),
      fault('rewound', { touches: ['billing'] }),
      fault('moved', { touches: ['leaders of us'] }),
      fault('quota', { startAfter: 600 }),
    ];
    expect(faultNames(these, true)).toEqual(['quota+stopped+churn', 'poison+rewound+moved', 'quota-late']);
    expect(faultNames(these, false)).toEqual([
      'quota',
      'poison',
      'stopped',
      'churn',
      'rewound',
      'moved',
      'quota-late',
    ]);
  });

  it('are all calm situations but those that must be alone', () => {
    const these = [{ name: 'idle', alone: true as const }, { name: 'bursts' }, { name: 'compacted' }];
    const names = (together: boolean): string[] =>
      calmsAtOnce(
        these.map(each => ({ about: '', ...each })),
        { together },
      ).map(those => those.map(({ name }) => name).join('+'));
    expect(names(true)).toEqual(['idle', 'bursts+compacted']);
    expect(names(false)).toEqual(['idle', 'bursts', 'compacted']);
  });
});

describe('a run', () => {
  const expectation = { fault: 'overload', expected: [{ rule: 'flow-limits', within: 60 }], clears: 60 };
  const run: FaultRun = {
    ...nothing,
    injected: 0,
    found: [{ after: 31 }],
    cleared: 12,
    before: [],
  };

  it('is good when all was found in time, and nothing else', () => {
    expect(isGood(expectation, run)).toBe(true);
    expect(isGood(expectation, { ...run, found: [{ after: 61 }] })).toBe(false);
    expect(isGood(expectation, { ...run, found: [{ after: null }] })).toBe(false);
    expect(isGood(expectation, { ...run, false: ['warning group-lag falling-behind, group g: it'] })).toBe(
      false,
    );
    expect(isGood(expectation, { ...run, errors: ['the lab is down'] })).toBe(false);
  });

  it('has its place in the document, as has one that found nothing', () => {
    const runs = [run, { ...run, found: [{ after: null }], cleared: null, hostCpu: 0.97 }];
    const document = resultsDocument({ faults: { overload: runs }, calms: {}, cures: {} }, [expectation], []);
    expect(document).toContain(
      '| overload | flow-limits | 60 s | 31 s, never (host busy) | none | 12 s, – | 2 |',
    );
    const beside = [{ ...run, with: ['slow-consumer'], hostCpu: 0.97 }];
    expect(
      resultsDocument({ faults: { overload: beside }, calms: {}, cures: {} }, [expectation], []),
    ).toContain('| 31 s (with slow-consumer; host busy) |');
  });
});

describe('a cure', () => {
  const overload: Curable = {
    fault: 'overload',
    expected: [{ rule: 'flow-limits', within: 60 }],
    cure: { by: 'tasks-max' },
  };
  const skew: Expectation = {
    fault: 'skew',
    expected: [{ rule: 'topic-skew', within: 60 }],
    cure: { none: 'a partition is read by one task' },
  };
  const dose: Dose = {
    action: 'tasks-max',
    title: 'Raise tasks.max by half',
    changes: ['tasks.max 4 → 6'],
    verdict: 'cures',
    effect: { what: 'write/s', before: 1_900, after: 2_830, expected: 'up to 2.85k' },
    ended: 'write/s 1.90k → 2.83k: it rose',
  };
  const untold: CureRun = {
    injected: 0,
    found: 31,
    doses: [dose],
    gone: 70,
    drained: 95,
    hostCpu: 0.4,
    errors: [],
  };
  const run = { ...untold, finding: 'mm2-source: load exceeds what its tasks can carry' };
  const rowOf = (...runs: readonly CureRun[]): string | undefined =>
    resultsDocument({ faults: {}, calms: {}, cures: { overload: [...runs] } }, [overload, skew], [])
      .split('## Cures')[1]
      ?.split('\n')
      .find(line => line.startsWith('| overload'));

  it('is good when the remedy that was expected came first, and the finding went', () => {
    expect(isCured(overload, run)).toBe(true);
    expect(isCured(overload, { ...run, gone: null })).toBe(false);
    expect(isCured(overload, { ...run, doses: [{ ...dose, action: 'restart-all' }, dose] })).toBe(false);
    expect(isCured(overload, { ...run, doses: [] })).toBe(false);
    expect(isCured(overload, { ...run, errors: ['the lab is down'] })).toBe(false);
  });

  it('has its place in the document, with each change, what it moved and what was expected', () => {
    expect(rowOf(run)).toBe(
      '| overload | mm2-source: load exceeds what its tasks can carry | Raise tasks.max by half (tasks.max 4 → 6) | ' +
        'write/s 1.90k → 2.83k (up to 2.85k) | 70 s | 95 s | 1 |',
    );
    const second = { ...dose, changes: ['tasks.max 6 → 9'] };
    expect(rowOf({ ...run, doses: [dose, second], drained: null, drains: 600, hostCpu: 0.9 })).toMatch(
      /tasks\.max 4 → 6\), then .*tasks\.max 6 → 9\).* 70 s \(host busy\) \| 10m more, at its pace \| 1 \|$/,
    );
  });

  it('tells why it was none, and what was never found', () => {
    expect(rowOf({ ...run, doses: [], not: 'tasks are between workers', gone: null, drained: null })).toMatch(
      /\| tasks are between workers \| – \| it stands \| – \| 1 \|$/,
    );
    expect(rowOf({ ...untold, found: null, doses: [], gone: null, drained: null })).toMatch(
      /never found \| none/,
    );
    expect(rowOf()).toBe('| overload | not run | tasks-max |  |  |  | 0 |');
  });

  it('is not looked for where kmon offers none, and the reason stands there', () => {
    const document = resultsDocument({ faults: {}, calms: {}, cures: {} }, [overload, skew], []);
    expect(document).toContain('* `skew`: a partition is read by one task');
  });
});

describe('what was measured', () => {
  it('adds up over rounds; the newest runs are kept, good or not', () => {
    expect(keep(undefined, 'a', 3)).toEqual(['a']);
    expect(keep(['a', 'b', 'c'], 'd', 3)).toEqual(['b', 'c', 'd']);
  });

  it('is forgotten of what is measured again', () => {
    const calm = { ...nothing, began: 5, minutes: 3 };
    const all = {
      faults: { overload: [], skew: [] },
      calms: { idle: [calm], bursts: [calm] },
      cures: { skew: [] },
    };
    expect(without(all, ['skew', 'idle'], ['faults', 'calms'])).toEqual({
      faults: { overload: [] },
      calms: { bursts: [calm] },
      cures: { skew: [] },
    });
    expect(without(all, ['skew'], ['cures'])).toEqual({ ...all, cures: {} });
  });

  it('is read as it was written; there is nothing before the first run', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'kmon-scenarios-')), 'results.json');
    expect(readResults(file)).toEqual({ faults: {}, calms: {}, cures: {} });
    const run = { ...nothing, began: 5, minutes: 3, commit: 'abc1234' };
    writeResults(file, { faults: {}, calms: { idle: [run] }, cures: {} });
    expect(readResults(file).calms['idle']).toEqual([run]);
  });

  it('is what the document says', () => {
    expect(readFileSync(published.replace(/json$/, 'md'), 'utf8')).toBe(
      resultsDocument(readResults(published), expectations, calms),
    );
  });
});
