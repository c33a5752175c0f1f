import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faults } from '../../lab/faults/index.js';
import { calms } from '../../lab/scenarios/calms.js';
import { calmSays, expectations, nameOf } from '../../lab/scenarios/expected.js';
import {
  type FaultRun,
  keep,
  notRun,
  published,
  readResults,
  without,
  writeResults,
} from '../../lab/scenarios/results.js';
import { isGood, resultsDocument } from '../../lab/scenarios/table.js';
import { matches } from '../../lab/scenarios/wanted.js';
import { rules } from '../../source/diagnose/rules.js';

const said = { rule: 'flow-limits', verdict: 'target-limited', subject: 'flow us/mm2-source' };

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

describe('a run', () => {
  const expectation = { fault: 'overload', expected: [{ rule: 'flow-limits', within: 60 }], clears: 60 };
  const run: FaultRun = {
    ...notRun(''),
    errors: [],
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
    expect(isGood(expectation, { ...run, ...notRun('the lab is down') })).toBe(false);
  });

  it('has its place in the document, as has one that found nothing', () => {
    const runs = [run, { ...run, found: [{ after: null }], cleared: null, hostCpu: 0.97 }];
    const document = resultsDocument({ faults: { overload: runs }, calms: {} }, [expectation], []);
    expect(document).toContain(
      '| overload | flow-limits | 60 s | 31 s, never (host busy) | none | 12 s, – | 2 |',
    );
  });
});

describe('what was measured', () => {
  it('adds up over rounds; the newest runs are kept, good or not', () => {
    expect(keep(undefined, 'a', 3)).toEqual(['a']);
    expect(keep(['a', 'b', 'c'], 'd', 3)).toEqual(['b', 'c', 'd']);
  });

  it('is forgotten of what is measured again', () => {
    const calm = { ...notRun(''), errors: [], began: 5, minutes: 3 };
    const all = { faults: { overload: [], skew: [] }, calms: { idle: [calm], bursts: [calm] } };
    expect(without(all, ['skew', 'idle'])).toEqual({ faults: { overload: [] }, calms: { bursts: [calm] } });
  });

  it('is read as it was written; there is nothing before the first run', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'kmon-scenarios-')), 'results.json');
    expect(readResults(file)).toEqual({ faults: {}, calms: {} });
    const run = { ...notRun(''), errors: [], began: 5, minutes: 3, commit: 'abc1234' };
    writeResults(file, { faults: {}, calms: { idle: [run] } });
    expect(readResults(file).calms['idle']).toEqual([run]);
  });

  it('is what the document says', () => {
    expect(readFileSync(published.replace(/json$/, 'md'), 'utf8')).toBe(
      resultsDocument(readResults(published), expectations, calms),
    );
  });
});
