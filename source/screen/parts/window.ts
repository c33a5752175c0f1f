/** The part of a list that is on the screen. */
export type Window<T> = {
  readonly items: readonly T[];
  readonly from: number;
  readonly above: number;
  readonly below: number;
};

/** `2 above, 31 below`: what is not on the screen; nothing where all of it is. */
export function outOfSight(above: number, below: number): string {
  return [...(above > 0 ? [`${above} above`] : []), ...(below > 0 ? [`${below} below`] : [])].join(', ');
}

/** At most `room` of `count` rows around the one at `keep`, moving no further than needed from the start. */
export function windowAt(
  count: number,
  room: number,
  keep: number,
): { readonly from: number; readonly size: number } {
  const size = Math.max(0, Math.min(room, count));
  const last = Math.max(0, count - size);
  return { from: Math.max(0, Math.min(last, keep < size ? 0 : keep - Math.floor(size / 2))), size };
}

/** The same of items. */
export function windowAround<T>(all: readonly T[], room: number, keep: number): Window<T> {
  const { from, size } = windowAt(all.length, room, keep);
  return { items: all.slice(from, from + size), from, above: from, below: all.length - from - size };
}

/** At most `room` items from `scroll` on; a scroll beyond the end shows the end. */
export function windowFrom<T>(all: readonly T[], room: number, scroll: number): Window<T> {
  const size = Math.max(0, Math.min(room, all.length));
  const from = Math.max(0, Math.min(all.length - size, scroll));
  return { items: all.slice(from, from + size), from, above: from, below: all.length - from - size };
}
