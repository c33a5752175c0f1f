/** Whether two pieces of plain data say the same; numbers that are not known (NaN) are alike. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (ArrayBuffer.isView(a) || Array.isArray(a)) return sameItems(a as Items, b as Items);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => key in b && same(a[key as keyof typeof a], b[key as keyof typeof b]))
  );
}

type Items = ArrayLike<unknown>;

function sameItems(a: Items, b: Items): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false;
  return true;
}
