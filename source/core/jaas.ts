/**
 * Options of a JAAS entry, as `sasl.jaas.config` holds one: `LoginModule required name="value" …;`. A value stands in
 * double quotes, with \" and \\ escaped, in single quotes, or bare until white space or `;`.
 */
export function jaasOptions(entry: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  const option = /(?:^|\s)([\w.-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s;]+))/g;
  for (const [, name = '', escaped, quoted, bare] of entry.matchAll(option))
    options.set(name, escaped?.replace(/\\(.)/g, '$1') ?? quoted ?? bare ?? '');
  return options;
}
