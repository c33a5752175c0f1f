import type { LiveFinding, Severity } from '../diagnose/finding.js';
import { glyphs } from './glyphs.js';
import { segment, type Segment } from './row.js';

/** Severity is a mark, a word and a colour, so that none of them is needed. */
const words: { readonly [S in Severity]: readonly [long: string, short: string] } = {
  critical: ['CRITICAL', 'CRIT'],
  warning: ['WARNING', 'WARN'],
  info: ['INFO', 'INFO'],
};

export function severityMark(severity: Severity, length: 'long' | 'short' = 'long'): Segment {
  const [long, short] = words[severity];
  const word = length === 'long' ? long.padEnd(8) : short;
  return segment(`${glyphs[severity]} ${word}`, severity);
}

/** The same of a finding; what only begins to show has no severity yet: `? FORMING`, or `· FORMING` where it would only be told. */
export function findingMark(
  { phase, severity }: Pick<LiveFinding, 'phase' | 'severity'>,
  length: 'long' | 'short' = 'long',
): Segment {
  if (phase !== 'pending') return severityMark(severity, length);
  const mark = severity === 'info' ? glyphs.info : glyphs.unsure;
  return segment(`${mark} ${length === 'long' ? 'FORMING ' : 'FORM'}`, 'dim');
}

/** `▲ 1 critical`, as the header counts. */
export function severityCount(severity: Severity, n: number): Segment {
  return segment(`${glyphs[severity]} ${n} ${severity}`, severity);
}
