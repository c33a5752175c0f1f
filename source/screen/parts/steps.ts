import { count } from '../../core/units.js';
import type { Step } from '../../remedy/plan.js';
import { timeOfDay } from '../format.js';
import { glyphs } from '../glyphs.js';
import { row, segment, type Row } from '../row.js';
import type { Token } from '../theme.js';
import { wrap } from '../text.js';
import { peak, sparkline } from './sparkline.js';

const looks: Partial<Record<Step['state'], Token>> = {
  moved: 'warning',
  refused: 'warning',
  failed: 'critical',
  unknown: 'critical',
  verified: 'ok',
  done: 'ok',
};

/** What happened to a plan, a line a step, and at the end its effect as a line from before it to now. */
export function stepRows(steps: readonly Step[], columns: number): readonly Row[] {
  return [
    ...steps.flatMap(step => {
      const [first = '', ...more] = wrap(step.text, Math.max(8, columns - 24));
      return [
        row(
          segment(`${timeOfDay(step.at)}  `, 'dim'),
          segment(step.state.padEnd(11), looks[step.state] ?? 'strong'),
          segment(first),
        ),
        ...more.map(line => row(segment(`${' '.repeat(21)}${line}`))),
      ];
    }),
    ...effectRows(steps),
  ];
}

/** Of a rate that is a mean of minutes the watch is long. */
const mostLooks = 24;

function effectRows(steps: readonly Step[]): readonly Row[] {
  const effects = steps.flatMap(step => step.effect ?? []);
  const last = effects.at(-1);
  if (last === undefined) return [];
  const line = Float64Array.from(last.line.slice(-mostLooks));
  return [
    row(
      segment(`${' '.repeat(10)}${'effect'.padEnd(11)}`, 'dim'),
      segment(`${last.what} `),
      segment(`${count(last.before)} ${glyphs.arrow} ${count(last.after)}`, 'strong'),
      segment(`  ${sparkline(line, peak(line))}  `),
      segment(`(expected ${last.expected})`, 'dim'),
    ),
  ];
}
