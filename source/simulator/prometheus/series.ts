export type Labels = Readonly<Record<string, string>>;

/** One series as it is now. */
export type SimulatedSeries = {
  readonly name: string;
  readonly labels: Labels;
  value: number;
  /** What `rate()` of it gives; a gauge has none. */
  perSecond?: number;
  /** When it was scraped last, s; absent: now. */
  at?: number;
};

/** A series of an instant vector; `__name__` is among the labels until an operation takes it away. */
export type Point = { readonly labels: Labels; readonly value: number; readonly at?: number };

/** A text that two label sets share exactly when they are equal, the metric's name aside. */
export function signature(labels: Labels): string {
  return Object.entries(labels)
    .filter(([name]) => name !== '__name__')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}\u0001${value}`)
    .join('\u0002');
}

export function nameless(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== '__name__'));
}

export function picked(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}
