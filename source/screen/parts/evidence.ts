import { duration } from '../../core/units.js';
import type { Evidence } from '../../diagnose/finding.js';
import { glyphs } from '../glyphs.js';
import { row, segment, segmentsWidth, type Row, type Segment } from '../row.js';
import { fit, width, wrap } from '../text.js';

/** One comparison a line: whether it holds, the value, the threshold. */
export function evidenceRows(evidence: readonly Evidence[], columns: number): readonly Row[] {
  // A wide screen cuts no name; on a narrow one the thresholds must be seen as well.
  const what = Math.min(
    Math.max(28, Math.floor(columns * 0.4)),
    Math.max(0, ...evidence.map(one => width(one.what))),
  );
  const value = Math.max(0, ...evidence.map(one => width(one.value)).filter(wide => wide <= number));
  return evidence.flatMap(one => {
    const head = [segment(' '), mark(one), segment(` ${fit(one.what, what)} `)];
    const told = width(one.value) <= number ? fit(one.value, value, 'right') : one.value;
    const left = columns - what - 4;
    if (width(told) + 2 + width(one.threshold) <= left)
      return [row(...head, segment(told, 'strong'), segment(`  ${one.threshold}`, 'dim'))];
    if (width(told) > left || width(one.what) > what) return underItsName(one, columns);
    return [
      row(...head, segment(told, 'strong')),
      ...wrap(one.threshold, Math.max(8, columns - 4)).map(line => row(segment(`    ${line}`, 'dim'))),
    ];
  });
}

/** Where two lines are needed anyway, and the name or the value would be cut: beside charts there is little room for both. */
function underItsName(one: Evidence, columns: number): readonly Row[] {
  const room = Math.max(8, columns - 4);
  const name = row(segment(' '), mark(one), segment(` ${fit(one.what, Math.min(width(one.what), room))}`));
  if (width(one.value) + 2 + width(one.threshold) <= room)
    return [name, row(segment(`    ${one.value}`, 'strong'), segment(`  ${one.threshold}`, 'dim'))];
  return [
    name,
    ...wrap(one.value, room).map(line => row(segment(`    ${line}`, 'strong'))),
    ...wrap(one.threshold, room).map(line => row(segment(`    ${line}`, 'dim'))),
  ];
}

/** Values as wide as this stand under one another; what is more is a statement, and takes the room that it needs. */
const number = 16;

/**
 * The same with what the value was taken over, and with the origin of the threshold and its name in the configuration: for the
 * finding in full. Words that a value is held against (`not RUNNING`, `buffers are full`) are no threshold.
 * The signs are written as escapes: the bundle's text stays Latin-1, which takes half the memory.
 */
export function fullEvidenceRows(evidence: readonly Evidence[], columns: number): readonly Row[] {
  return evidence.flatMap(one => {
    const window = one.window === undefined ? [] : [`over ${duration(one.window * 1000)}`];
    const samples = one.samples === undefined ? [] : [`${one.samples} samples`];
    const setting = one.setting === undefined ? [] : [`config thresholds.${one.setting}`];
    const taken = [...window, ...samples];
    const beside = taken.length === 0 ? [] : [segment(`  ${taken.join(', ')}`, 'dim')];
    const head = [segment('   '), mark(one), segment(` ${one.what}: `), segment(one.value, 'strong')];
    const fits = segmentsWidth([...head, ...beside]) <= columns;
    const origin = [
      ...(fits ? [] : taken),
      `${/[\u2265\u2264<>]|^\d/.test(one.threshold) ? 'threshold ' : ''}${one.threshold}`,
      `from ${one.origin}`,
      ...setting,
    ].join(', ');
    return [
      row(...head, ...(fits ? beside : [])),
      ...wrap(origin, Math.max(8, columns - 7)).map(line => row(segment(`     ${line}`, 'dim'))),
    ];
  });
}

function mark(one: Evidence): Segment {
  if (one.holds === 'unknown') return segment(glyphs.unsure, 'info');
  return one.holds ? segment(glyphs.holds, 'ok') : segment(glyphs.fails, 'dim');
}
