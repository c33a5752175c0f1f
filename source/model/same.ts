/** Whether two pieces of plain data say the same; numbers that are not known (NaN) are alike. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  // Apart, and each kind for itself: handed on one by one, every number would be made into an object first.
  if (a instanceof Int32Array && b instanceof Int32Array) return sameIntegers(a, b);
  if (a instanceof Float64Array && b instanceof Float64Array) return sameNumbers(a, b);
  if (ArrayBuffer.isView(a) || Array.isArray(a)) return sameItems(a as Items, b as Items);
  return sameFields(a, b);
}

function sameFields(a: object, b: object): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys)
    if (!(key in b) || !same(a[key as keyof typeof a], b[key as keyof typeof b])) return false;
  return true;
}

type Items = ArrayLike<unknown>;

function sameItems(a: Items, b: Items): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false;
  return true;
}

function sameIntegers(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? NaN;
    const y = b[i] ?? NaN;
    if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return false;
  }
  return true;
}
