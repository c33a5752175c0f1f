/** So many results are kept for one thing: of as many views, or orders, as are looked at in turns. */
const kept = 4;

/**
 * Works something out once for a thing that never changes, however often it is drawn: what a tick costs, a key must not cost
 * again. Further arguments are compared by identity.
 */
export function remembered<K extends object, A extends readonly unknown[], T>(
  make: (of: K, ...more: A) => T,
): (of: K, ...more: A) => T {
  const results = new WeakMap<K, { readonly more: A; readonly value: T }[]>();
  return (of, ...more) => {
    const known = results.get(of) ?? [];
    const found = known.find(one => one.more.every((each, i) => Object.is(each, more[i])));
    if (found !== undefined) return found.value;
    const value = make(of, ...more);
    results.set(of, [{ more, value }, ...known].slice(0, kept));
    return value;
  };
}
