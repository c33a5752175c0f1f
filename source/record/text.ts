import { type Column, fromBase64, isColumn, isColumnTag, tagOf, toBase64 } from './columns.js';

/**
 * One value as one line of JSON, and back, exact where plain JSON is not:
 *
 *     {"$f64": "AAAAAAAA8D8="}   a column, base64 of little-endian bytes; also $i32, $u8
 *     {"$num": "NaN"}            a number without JSON form: NaN, Infinity, -Infinity, -0
 *     {"$$key": …}               a key that itself begins with $
 */
export function toLine(value: unknown): string {
  return JSON.stringify(toJson(value)).replace(/[\u2028\u2029]/g, separator =>
    separator === '\u2028' ? '\\u2028' : '\\u2029',
  );
}

/** @throws {SyntaxError} where the line is not what `toLine` writes; the message says what is wrong. */
export function fromLine(line: string): unknown {
  return fromJson(parse(line));
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The engine's own message quotes the line.
    throw new SyntaxError('not a whole line of JSON');
  }
}

const oddNumbers = new Map<string, number>([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

function toJson(value: unknown): unknown {
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { $num: '-0' };
    return Number.isFinite(value) ? value : { $num: String(value) };
  }
  if (isColumn(value)) return { [`$${tagOf(value)}`]: toBase64(value) };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  // fromEntries defines: an assignment to a key named __proto__ would be lost.
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.startsWith('$') ? `$${key}` : key, toJson(item)]),
  );
}

function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const tagged = entries.find(([key]) => /^\$[^$]/.test(key));
  if (tagged !== undefined) {
    if (entries.length > 1) throw new SyntaxError(`${tagged[0]} must stand alone`);
    return untagged(tagged[0].slice(1), tagged[1]);
  }
  return Object.fromEntries(
    entries.map(([key, item]) => [key.startsWith('$') ? key.slice(1) : key, fromJson(item)]),
  );
}

function untagged(tag: string, content: unknown): number | Column {
  if (typeof content === 'string') {
    const value = isColumnTag(tag)
      ? fromBase64(tag, content)
      : tag === 'num'
        ? oddNumbers.get(content)
        : undefined;
    if (value !== undefined) return value;
  }
  throw new SyntaxError(`$${tag} has no such value`);
}
