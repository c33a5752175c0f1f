/** Splits items so that no chunk has more than `maxItems`, nor weighs more than `maxWeight` unless it is one item. */
export function chunksOf<T>(
  items: readonly T[],
  maxItems: number,
  weightOf: (item: T) => number,
  maxWeight: number,
): T[][] {
  const chunks: T[][] = [];
  let chunk: T[] = [];
  let weight = 0;
  for (const item of items) {
    const more = weightOf(item);
    if (chunk.length > 0 && (chunk.length >= maxItems || weight + more > maxWeight)) {
      chunks.push(chunk);
      chunk = [];
      weight = 0;
    }
    chunk.push(item);
    weight += more;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

/** Works on all items, at most `atOnce` at a time; the results are in the items' order. */
export async function inTurns<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
