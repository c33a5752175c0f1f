import { pinOf } from '../session/memory.js';
import { glyphs } from './glyphs.js';
import type { View } from '../session/view.js';

/** Whether the user pinned it: then it comes first in every order. */
export function isPinned(
  { memory: { pinned } }: Pick<View, 'memory'>,
  subject: { readonly kind: string; readonly id: string },
): boolean {
  return pinned.size > 0 && pinned.has(pinOf(subject));
}

/** The name as lists have it: `*billing`. */
export function pinned(
  view: View,
  subject: { readonly kind: string; readonly id: string },
  name: string,
): string {
  return isPinned(view, subject) ? `${glyphs.pin}${name}` : name;
}

/** An order in which those come first. */
export function pinnedFirst<T>(
  { memory: { pinned } }: View,
  pin: (item: T) => string,
): (a: T, b: T) => number {
  if (pinned.size === 0) return () => 0;
  const rank = (item: T): number => (pinned.has(pin(item)) ? 0 : 1);
  return (a, b) => rank(a) - rank(b);
}
