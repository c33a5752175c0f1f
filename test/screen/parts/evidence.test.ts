import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../source/diagnose/finding.js';
import { evidenceRows, fullEvidenceRows } from '../../../source/screen/parts/evidence.js';
import { plainText } from '../../../source/screen/row.js';
import { width } from '../../../source/screen/text.js';

const compared = (what: string, value: string, threshold: string): Evidence => ({
  what,
  value,
  threshold,
  origin: 'a test',
  holds: true,
});

const arrival = compared('arrival at the source', '1.00k/s', '≥ 10/s');
const waits = compared('share of time waiting for buffer, worst task', '85%', '≥ 10%');
const stage = compared('stage of back-pressure', 'poll 361/s, write 322/s, in flight 71.0k', 'buffers fill');

const lines = (columns: number, ...evidence: Evidence[]): string[] =>
  evidenceRows(evidence, columns).map(plainText);

describe('evidence', () => {
  it('has numbers one under another, with what they are compared with', () => {
    expect(lines(120, arrival, waits)).toEqual([
      ' ✓ arrival at the source                        1.00k/s  ≥ 10/s',
      ' ✓ share of time waiting for buffer, worst task     85%  ≥ 10%',
    ]);
  });

  it('says a statement whole, which does not push the numbers away', () => {
    expect(lines(120, arrival, stage)).toEqual([
      ' ✓ arrival at the source  1.00k/s  ≥ 10/s',
      ' ✓ stage of back-pressure poll 361/s, write 322/s, in flight 71.0k  buffers fill',
    ]);
  });

  it('names a threshold where it is one, and no words that a value is held against', () => {
    const flat = compared('in flight', '134k, flat', 'slope < 1 % over 4m');
    expect(fullEvidenceRows([arrival, flat, stage], 120).map(plainText)).toEqual([
      '   ✓ arrival at the source: 1.00k/s',
      '     threshold ≥ 10/s, from a test',
      '   ✓ in flight: 134k, flat',
      '     threshold slope < 1 % over 4m, from a test',
      '   ✓ stage of back-pressure: poll 361/s, write 322/s, in flight 71.0k',
      '     buffers fill, from a test',
    ]);
  });

  it('has a value below its name where it would be cut beside it', () => {
    expect(lines(43, compared('records written twice, at least', '6 … 57213', '≥ 1.00k'))).toEqual([
      ' ✓ records written twice, at least',
      '    6 … 57213  ≥ 1.00k',
    ]);
    const told = lines(43, stage)
      .slice(1)
      .map(line => line.trim());
    expect(told.join(' ')).toBe(`${stage.value} ${stage.threshold}`);
  });

  it('stays within a narrow screen, and loses no threshold', () => {
    const narrow = lines(48, arrival, waits, stage);
    for (const line of narrow) expect(width(line)).toBeLessThanOrEqual(48);
    for (const { threshold } of [arrival, waits, stage]) expect(narrow.join('\n')).toContain(threshold);
  });
});
