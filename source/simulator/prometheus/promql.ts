import { nameless, picked, signature, type Labels, type Point, type SimulatedSeries } from './series.js';

/** What Prometheus says to an expression that it can not parse or execute. */
export class PromqlError extends Error {}

/**
 * Evaluates the part of PromQL that monitors like kmon send: selectors, `rate`, `sum|avg|count|max|min|group by`, `label_replace`,
 * `timestamp`, `vector`, `time`, `or`, `and`, `>`, `+ - * /`, numbers and parentheses. Anything else is refused, as a mistyped query
 * would be. `now` is in seconds.
 */
export function evaluate(promql: string, series: readonly SimulatedSeries[], now: number): readonly Point[] {
  const parser = new Parser(promql, series, now);
  const value = parser.whole();
  if (typeof value === 'number') throw new PromqlError('a scalar is no vector');
  return value;
}

type Value = number | readonly Point[];

const aggregations: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum: values => values.reduce((a, b) => a + b, 0),
  avg: values => values.reduce((a, b) => a + b, 0) / values.length,
  count: values => values.length,
  max: values => Math.max(...values),
  min: values => Math.min(...values),
  group: () => 1,
};

const operators: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

const tokens =
  /\s*(?:("(?:[^"\\]|\\.)*")|(\d+(?:\.\d+)?(?:ms|s|m|h|d)?)|([A-Za-z_:][A-Za-z0-9_:]*)|(=~|!~|!=|[-+*/(){}[\],=>]))/gy;

class Parser {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(
    promql: string,
    private readonly series: readonly SimulatedSeries[],
    private readonly now: number,
  ) {
    this.#tokens = tokenise(promql);
  }

  whole(): Value {
    const value = this.#or();
    if (this.#peek() !== undefined) throw new PromqlError(`parse error: unexpected ${this.#peek() ?? ''}`);
    return value;
  }

  #or(): Value {
    let left = this.#and();
    while (this.#peek() === 'or') {
      this.#take();
      left = union(vector(left), vector(this.#and()));
    }
    return left;
  }

  #and(): Value {
    let left = this.#comparison();
    while (this.#peek() === 'and') {
      this.#take();
      left = intersection(vector(left), vector(this.#comparison()));
    }
    return left;
  }

  /** A comparison with a number keeps the series for which it holds. */
  #comparison(): Value {
    const left = this.#additive();
    if (this.#peek() !== '>') return left;
    this.#take();
    const bound = this.#additive();
    if (typeof bound !== 'number') throw new PromqlError('only numbers are compared with');
    return vector(left).filter(({ value }) => value > bound);
  }

  #additive(): Value {
    return this.#binary(['+', '-'], () => this.#binary(['*', '/'], () => this.#primary()));
  }

  #binary(symbols: readonly string[], operand: () => Value): Value {
    let left = operand();
    for (let symbol = this.#peek(); symbol !== undefined && symbols.includes(symbol); symbol = this.#peek()) {
      this.#take();
      left = combine(symbol, left, operand());
    }
    return left;
  }

  #primary(): Value {
    const token = this.#take();
    if (token === '(') {
      const inner = this.#or();
      this.#expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return Number(token);
    if (token in aggregations) return this.#aggregation(token);
    if (token === 'rate') return this.#rate();
    if (token === 'label_replace') return this.#labelReplace();
    if (token === 'timestamp') return this.#timestamp();
    if (token === 'vector') return [{ labels: {}, value: this.#scalar() }];
    if (token === 'time') return this.#time();
    if (!/^[A-Za-z_:]/.test(token)) throw new PromqlError(`parse error: unexpected ${token}`);
    if (this.#peek() === '(') throw new PromqlError(`unknown function with name "${token}"`);
    return this.#selected(token).map(({ name, labels, value, at }) => ({
      labels: { ...labels, __name__: name },
      value,
      ...(at !== undefined && { at }),
    }));
  }

  #timestamp(): readonly Point[] {
    this.#expect('(');
    const inner = vector(this.#or());
    this.#expect(')');
    return inner.map(({ labels, at }) => ({ labels: nameless(labels), value: at ?? this.now }));
  }

  #scalar(): number {
    this.#expect('(');
    const inner = this.#or();
    this.#expect(')');
    if (typeof inner !== 'number') throw new PromqlError('expected type scalar, got instant vector');
    return inner;
  }

  #time(): number {
    this.#expect('(');
    this.#expect(')');
    return this.now;
  }

  #aggregation(kind: string): readonly Point[] {
    this.#expect('by');
    const by = this.#list();
    this.#expect('(');
    const inner = vector(this.#or());
    this.#expect(')');
    const sums = new Map<string, { readonly labels: Labels; readonly values: number[] }>();
    for (const { labels, value } of inner) {
      const kept = picked(labels, by);
      const key = signature(kept);
      const sum = sums.get(key) ?? { labels: kept, values: [] };
      sum.values.push(value);
      sums.set(key, sum);
    }
    const total = aggregations[kind] ?? (() => NaN);
    return [...sums.values()].map(({ labels, values }) => ({ labels, value: total(values) }));
  }

  #rate(): readonly Point[] {
    this.#expect('(');
    const selected = this.#selected(this.#take());
    this.#expect('[');
    if (!/^\d+(ms|s|m|h|d)$/.test(this.#take())) throw new PromqlError('parse error: bad duration');
    this.#expect(']');
    this.#expect(')');
    return selected.flatMap(({ labels, perSecond }) =>
      perSecond === undefined ? [] : [{ labels, value: perSecond }],
    );
  }

  #labelReplace(): readonly Point[] {
    this.#expect('(');
    const inner = vector(this.#or());
    const [target = '', replacement = '', source = '', pattern = ''] = [1, 2, 3, 4].map(() => {
      this.#expect(',');
      return text(this.#take());
    });
    this.#expect(')');
    const regex = new RegExp(`^(?:${pattern})$`);
    return inner.map(({ labels, value }) => {
      const found = regex.exec(labels[source] ?? '');
      if (found === null) return { labels, value };
      const put = replacement.replace(/\$(\d)/g, (_, n: string) => found[Number(n)] ?? '');
      return { labels: { ...labels, [target]: put }, value };
    });
  }

  #selected(name: string): readonly SimulatedSeries[] {
    const matchers = this.#peek() === '{' ? this.#matchers() : [];
    return this.series.filter(series => series.name === name && matchers.every(fits => fits(series.labels)));
  }

  #matchers(): ((labels: Labels) => boolean)[] {
    const out: ((labels: Labels) => boolean)[] = [];
    this.#expect('{');
    while (this.#peek() !== '}') {
      const label = this.#take();
      const operator = this.#take();
      out.push(matcher(label, operator, text(this.#take())));
      if (this.#peek() === ',') this.#take();
    }
    this.#expect('}');
    return out;
  }

  #list(): readonly string[] {
    const out: string[] = [];
    this.#expect('(');
    while (this.#peek() !== ')') {
      out.push(this.#take());
      if (this.#peek() === ',') this.#take();
    }
    this.#expect(')');
    return out;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  #take(): string {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw new PromqlError('parse error: unexpected end of input');
    return token;
  }

  #expect(token: string): void {
    const got = this.#take();
    if (got !== token) throw new PromqlError(`parse error: unexpected ${got}, expected ${token}`);
  }
}

/** A `{…}` matcher; regular expressions are anchored, as everywhere in Prometheus. */
export function matcher(label: string, operator: string, value: string): (labels: Labels) => boolean {
  const regex = operator.endsWith('~') ? new RegExp(`^(?:${value})$`) : undefined;
  const negative = operator.startsWith('!');
  return labels => {
    const have = labels[label] ?? '';
    return (regex ? regex.test(have) : have === value) !== negative;
  };
}

function tokenise(promql: string): readonly string[] {
  const out: string[] = [];
  tokens.lastIndex = 0;
  while (promql.slice(tokens.lastIndex).trim() !== '') {
    const at = tokens.lastIndex;
    const found = tokens.exec(promql);
    if (found === null) throw new PromqlError(`parse error: unexpected character at ${at}`);
    out.push(found[0].trim());
  }
  return out;
}

function text(token: string): string {
  if (!token.startsWith('"')) throw new PromqlError(`parse error: expected a string, got ${token}`);
  return JSON.parse(token) as string;
}

function vector(value: Value): readonly Point[] {
  if (typeof value === 'number') throw new PromqlError('expected type instant vector, got scalar');
  return value;
}

function union(left: readonly Point[], right: readonly Point[]): readonly Point[] {
  const had = new Set(left.map(point => signature(point.labels)));
  return [...left, ...right.filter(point => !had.has(signature(point.labels)))];
}

function intersection(left: readonly Point[], right: readonly Point[]): readonly Point[] {
  const has = new Set(right.map(point => signature(point.labels)));
  return left.filter(point => has.has(signature(point.labels)));
}

function combine(symbol: string, left: Value, right: Value): Value {
  const operate = operators[symbol] ?? (() => NaN);
  if (typeof left === 'number' && typeof right === 'number') return operate(left, right);
  if (typeof left === 'number') {
    return vector(right).map(({ labels, value }) => ({
      labels: nameless(labels),
      value: operate(left, value),
    }));
  }
  if (typeof right === 'number') {
    return left.map(({ labels, value }) => ({ labels: nameless(labels), value: operate(value, right) }));
  }
  const others = new Map(right.map(point => [signature(point.labels), point.value]));
  return left.flatMap(({ labels, value }) => {
    const other = others.get(signature(labels));
    return other === undefined ? [] : [{ labels: nameless(labels), value: operate(value, other) }];
  });
}
