/** Ids by topic, sorted. */
export function byTopic(
  readers: readonly { readonly id: string; readonly topics: Iterable<string> }[],
): Map<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { id, topics } of readers)
    for (const topic of topics) {
      const ids = found.get(topic);
      if (ids === undefined) found.set(topic, [id]);
      else ids.push(id);
    }
  for (const ids of found.values()) ids.sort();
  return found;
}
