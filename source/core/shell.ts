/** A word as a shell takes it: as it is where that is safe, else in quotes. Any string may be the name of a group or a connector. */
export function quoted(word: string): string {
  return /^[\w./:@%+,-][\w./:=@%+,-]*$/.test(word) ? word : inQuotes(word);
}

/** The same, in quotes in any case. */
export function inQuotes(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
