/**
 * The same for the same texts in any order, and hardly ever for others: FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), 64 bits.
 * It tells whether a list changed, where the list itself would be too long to keep.
 */
export function fingerprint(texts: readonly string[]): string {
  let hash = 0xcbf29ce484222325n;
  for (const text of [...texts].sort())
    for (const byte of new TextEncoder().encode(`${text}\0`))
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
