import { bytes, count } from '../core/units.js';
import type { Change, Pair, Seen } from '../session/since.js';
import { glyphs } from './glyphs.js';

/** `+340k`; `≥` and `≤` where one of the two numbers was a bound. */
export function changeText({ least, most }: Change): string {
  if (least === most) return signed(most);
  return least > 0 ? `${glyphs.atLeast} ${signed(least)}` : `${glyphs.atMost} ${signed(most)}`;
}

/** `+3`, `≥ +1` where this kmon did not look all the time. */
export function seenText({ seen, all }: Seen): string {
  return `${all ? '' : `${glyphs.atLeast} `}${signed(seen)}`;
}

/** In percent of what it was; of what was nothing, the number. */
export function pairText({ then, now }: Pair): string {
  if (then < 0.5) return now < 0.5 ? '0' : `${signed(now)}/s`;
  const share = Math.round((now / then - 1) * 100);
  return `${share > 0 ? '+' : ''}${Math.abs(share) < 1000 ? String(share) : count(share)}%`;
}

/** `+14pt`: how much more of the whole, in percentage points, for a percentage of a percentage is misread. */
export function pointsText({ then, now }: Pair): string {
  const points = Math.round(now * 100) - Math.round(then * 100);
  return `${points > 0 ? '+' : ''}${points}pt`;
}

export function bytesText({ then, now }: Pair): string {
  return `${now > then ? '+' : ''}${bytes(now - then)}`;
}

export function differenceText({ then, now }: Pair): string {
  return signed(now - then);
}

function signed(n: number): string {
  const rounded = Math.abs(n) < 0.5 ? 0 : n;
  return `${rounded > 0 ? '+' : ''}${count(rounded)}`;
}
