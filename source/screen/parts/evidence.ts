import { duration } from '../../core/units.js';
import type { Evidence } from '../../diagnose/finding.js';
import { glyphs } from '../glyphs.js';
import { row, segment, type Row, type Segment } from '../row.js';
import { fit, width, wrap } from '../text.js';

/** One comparison a line: whether it holds, the value, the threshold. */
export function evidenceRows(evidence: readonly Evidence[], columns: number): readonly Row[] {
  // A wide screen cuts neither name nor value; on a narrow one the thresholds must be seen as well.
  const widest = (least: number, share: number, of: (one: Evidence) => string): number =>
    Math.min(
      Math.max(least, Math.floor(columns * share)),
      Math.max(0, ...evidence.map(one => width(of(one)))),
    );
  const what = widest(28, 0.4, one => one.what);
  const value = widest(16, 0.25, one => one.value);
  return evidence.flatMap(one => {
    const head = [
      segment(' '),
      mark(one),
      segment(` ${fit(one.what, what)} `),
      segment(fit(one.value, value, 'right'), 'strong'),
    ];
    const room = columns - what - value - 6;
    if (width(one.threshold) <= room) return [row(...head, segment(`  ${one.threshold}`, 'dim'))];
    return [
      row(...head),
      ...wrap(one.threshold, Math.max(8, columns - 4)).map(line => row(segment(`    ${line}`, 'dim'))),
    ];
  });
}

/** The same with the origin of the threshold, its window, the number of samples, and its name in the configuration: for the finding in full. */
export function fullEvidenceRows(evidence: readonly Evidence[], columns: number): readonly Row[] {
  return evidence.flatMap(one => {
    const window = one.window === undefined ? [] : [`over ${duration(one.window * 1000)}`];
    const samples = one.samples === undefined ? [] : [`${one.samples} samples`];
    const setting = one.setting === undefined ? [] : [`set by ${one.setting}`];
    const origin = [
      `threshold ${one.threshold}`,
      ...window,
      ...samples,
      `from ${one.origin}`,
      ...setting,
    ].join(', ');
    return [
      row(segment('   '), mark(one), segment(` ${one.what}: `), segment(one.value, 'strong')),
      ...wrap(origin, Math.max(8, columns - 7)).map(line => row(segment(`     ${line}`, 'dim'))),
    ];
  });
}

function mark(one: Evidence): Segment {
  if (one.holds === 'unknown') return segment(glyphs.unsure, 'info');
  return one.holds ? segment(glyphs.holds, 'ok') : segment(glyphs.fails, 'dim');
}
