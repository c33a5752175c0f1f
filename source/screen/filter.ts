import { nearest } from '../core/nearest.js';

/** What a filter may compare of one row: its name for bare words, and named facts; undefined is unknown. */
export type Fields = { readonly name: string } & Readonly<
  Record<string, string | number | readonly string[] | undefined>
>;

export type Filter = { readonly matches: (row: Fields) => boolean };

/**
 * A filter as it is typed: terms that must all hold, in any order.
 *
 *     billing        the name contains it, whatever the case
 *     /^eu\./        the name matches the regular expression
 *     state:rebal    a fact contains it; state:/^Stable$/ too
 *     lag>1k         a number compares: > >= < <= =, with k, M, G or %
 *     !term          the term does not hold
 *
 * A number that is not known satisfies no comparison, nor does its negation: unknown is neither more nor less.
 * Returns a sentence where the text is no filter (yet).
 */
export function parseFilter(text: string, fields: readonly string[]): Filter | string {
  const tests: ((row: Fields) => boolean)[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const test = termOf(word, fields);
    if (typeof test === 'string') return test;
    tests.push(test);
  }
  return { matches: row => tests.every(test => test(row)) };
}

/** A text as a filter writes it that matches nothing else; a filter is cut at spaces. */
export function exactly(text: string): string {
  const literal = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s/g, '\\s');
  return `/^${literal}$/`;
}

type Test = (row: Fields) => boolean;

function termOf(word: string, fields: readonly string[]): Test | string {
  const negated = word.startsWith('!');
  const term = negated ? word.slice(1) : word;
  if (term === '') return () => true;
  const [, field, sign, wanted] = /^([a-z-]+)(:|>=|<=|>|<|=)(.*)$/i.exec(term) ?? [];
  if (field === undefined || sign === undefined || wanted === undefined) {
    const test = textTest(term);
    return typeof test === 'string' ? test : row => test(row.name) !== negated;
  }
  const name = fields.find(one => one === field.toLowerCase());
  if (name === undefined) {
    const meant = nearest(field.toLowerCase(), fields);
    return `no field "${field}"${meant === undefined ? `: ${fields.join(', ')}` : `: is it ${meant}?`}`;
  }
  if (sign === ':') {
    const test = textTest(wanted);
    return typeof test === 'string' ? test : row => textsOf(row[name]).some(test) !== negated;
  }
  const limit = numberOf(wanted);
  if (limit === undefined) return `"${wanted}" is no number: ${name}${sign}1k`;
  return row => {
    const value = row[name];
    return typeof value === 'number' && !Number.isNaN(value) && compares(value, sign, limit) !== negated;
  };
}

function textTest(text: string): ((value: string) => boolean) | string {
  const [, source] = /^\/(.+?)\/?$/.exec(text) ?? [];
  if (source === undefined) {
    const wanted = text.toLowerCase();
    return value => value.toLowerCase().includes(wanted);
  }
  try {
    const pattern = new RegExp(source, 'iu');
    return value => pattern.test(value);
  } catch {
    return `/${source}/ is no regular expression`;
  }
}

function textsOf(value: Fields[string]): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'object' ? value : [String(value)];
}

const suffixes: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  m: 1e6,
  G: 1e9,
  g: 1e9,
  '%': 0.01,
};

function numberOf(text: string): number | undefined {
  const [, digits, suffix] = /^(-?\d+(?:\.\d+)?)([kmg%]?)$/i.exec(text) ?? [];
  const factor = suffixes[suffix === 'K' ? 'k' : (suffix ?? '')];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

function compares(value: number, sign: string, limit: number): boolean {
  switch (sign) {
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    default:
      return value === limit;
  }
}
