import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { load, type Loaded } from '../../source/config/load.js';
import { ConfigProblem } from '../../source/config/problem.js';
import type { Settable } from '../../source/config/settable.js';

const settable: Settable = {
  'buffer-used': { value: 0.7, unit: 'share' },
  'produce-throttle': { value: 100, unit: 'ms' },
  'drain-time': { value: 1_800, unit: 's' },
  'volume-lag': { value: 1_000, unit: 'records' },
};

/** A context with these lines under `thresholds:`, the first of them in line 5. */
function withThresholds(...lines: readonly string[]): Loaded {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'kmon-thresholds-')), 'config.yaml');
  const text = ['contexts:', '  lab:', '    clusters: { us: { bootstrap: "b:9092" } }', '    thresholds:'];
  writeFileSync(file, [...text, ...lines.map(line => `      ${line}`)].join('\n'));
  return load({ config: file, context: 'lab' }, {}, settable);
}

function problemOf(...lines: readonly string[]): ConfigProblem {
  try {
    withThresholds(...lines);
  } catch (error) {
    if (error instanceof ConfigProblem) return error;
    throw error;
  }
  throw new Error('no problem was found');
}

describe('thresholds of a context', () => {
  it('are read as people write them, each in its own unit', () => {
    const { context } = withThresholds(
      'buffer-used: 85%',
      'produce-throttle: 0.2s',
      'drain-time: 1h30m',
      'volume-lag: 1.5k',
    );
    expect(context.thresholds).toEqual({
      'buffer-used': 0.85,
      'produce-throttle': 200,
      'drain-time': 5_400,
      'volume-lag': 1_500,
    });
  });

  it('that are not set are those of kmon, and are shown with the others', () => {
    const { context, settings } = withThresholds('buffer-used: 0.8');
    expect(context.thresholds).toEqual({ 'buffer-used': 0.8 });
    const shown = settings.filter(s => s.path.startsWith('thresholds.'));
    expect(shown.map(s => [s.path, s.value, s.from.is])).toEqual([
      ['thresholds.buffer-used', '80% (default 70%)', 'file'],
      ['thresholds.produce-throttle', '100ms', 'default'],
      ['thresholds.drain-time', '30m', 'default'],
      ['thresholds.volume-lag', '1.00k', 'default'],
    ]);
  });

  it('have no other names: the one that was meant is said, with the line', () => {
    const { problem, next } = problemOf('drain-time: 20m', 'bufer-used: 85%');
    expect(problem).toMatch(/config\.yaml:6: there is no key contexts\.lab\.thresholds\.bufer-used$/);
    expect(next).toBe('did you mean buffer-used?');
    expect(problemOf('colour: red').next).toContain('docs/diagnosis.md');
  });

  it.each([
    ['buffer-used: 85', '85%'],
    ['buffer-used: 110%', '85%'],
    ['produce-throttle: 100', '100ms'],
    ['produce-throttle: 80%', '100ms'],
    ['drain-time: -5m', '30m'],
    ['volume-lag: many', '1.5k'],
    ['volume-lag: .inf', '1.5k'],
  ])('%s is refused, with an example', (line, example) => {
    expect(problemOf(line).problem).toMatch(
      new RegExp(`config\\.yaml:5: contexts\\.lab\\.thresholds\\.\\S+: .*for example ${example}$`),
    );
  });
});
