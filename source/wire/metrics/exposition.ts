import { failure, type Failure } from '../../core/failure.js';
import type { Labels } from './labels.js';

/** One sample of a page. NaN is unknown, infinities included. */
export type ExposedSeries = {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
  /** Name and labels as they were printed: the same on every page of one process. */
  readonly id: string;
};

/** A line of a real exporter is some hundred bytes; a page without line feeds is none. */
const longestLine = 64 * 1024;

/** 10,000 partitions with five wanted series each. */
const mostSeries = 100_000;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const hash = 0x23;
const brace = 0x7b;
const blank = 0x20;
const tab = 0x09;

/** A sample ends with a number, `NaN`, `Inf` or an exemplar's brace; prose does not. */
const endsSample = /[0-9.NnFf} \t]/;

const validName = /^[A-Za-z_:][A-Za-z0-9_:]*$/;
const sampleLine =
  /^([+-]?(?:Inf|inf|NaN|nan|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))(?:[ \t]+[+-]?[\d.eE+-]+)?[ \t]*(?:#.*)?$/;

/**
 * Reads a page in the text format of Prometheus, or in OpenMetrics, as its bytes arrive. Only series with a wanted name
 * are kept, so that what it holds does not grow with the page; a line of another name costs a look at that name.
 * A line that is none is an error of the whole page, as it is for Prometheus: half a page would look like a fall.
 */
export class Exposition {
  readonly series: ExposedSeries[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #line = 0;
  #failed: Failure | undefined;
  #ended = false;

  constructor(
    private readonly wanted: (name: string) => boolean,
    /** What a Failure names. */
    private readonly subject: string,
    /** OpenMetrics ends with `# EOF`, so that a page that was cut off can be told from a short one. */
    private readonly openMetrics: boolean,
  ) {}

  /** Takes the next bytes; a Failure means that the rest need not be read. */
  take(chunk: Buffer): Failure | undefined {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    while (this.#failed === undefined) {
      const end = bytes.indexOf(lineFeed, start);
      if (end === -1) break;
      this.#take(bytes, start, end);
      start = end + 1;
    }
    this.#rest = bytes.subarray(start);
    if (this.#rest.length > longestLine) this.#malformed('is too long to be one');
    return this.#failed;
  }

  /** What was kept, or why the page is none. */
  end(): { readonly ok: readonly ExposedSeries[] } | { readonly failed: Failure } {
    // OpenMetrics' last line may lack its line feed; a text page must end with one.
    if (this.#rest.length > 0 && this.#rest.toString('latin1').trim() === '# EOF') this.#ended = true;
    else if (this.#rest.length > 0 && this.#failed === undefined) {
      this.#failed = failure(
        'malformed',
        this.subject,
        `the page ends in the middle of line ${this.#line + 1}`,
      );
    }
    if (this.openMetrics && !this.#ended)
      this.#failed ??= failure('malformed', this.subject, 'the page ends before its "# EOF"');
    return this.#failed === undefined ? { ok: this.series } : { failed: this.#failed };
  }

  #take(bytes: Buffer, from: number, lineEnd: number): void {
    this.#line++;
    let start = from;
    let end = lineEnd;
    if (end > start && bytes[end - 1] === carriageReturn) end--;
    while (start < end && (bytes[start] === blank || bytes[start] === tab)) start++;
    if (start === end) return;
    if (bytes[start] === hash) {
      if (end - start === 5 && bytes.toString('latin1', start, end) === '# EOF') this.#ended = true;
      return;
    }
    let nameEnd = start;
    while (nameEnd < end && bytes[nameEnd] !== brace && bytes[nameEnd] !== blank && bytes[nameEnd] !== tab)
      nameEnd++;
    // Prometheus 3 puts a name with other characters among the labels: kmon wants none of those.
    const name = bytes.toString('latin1', start, nameEnd);
    if (name === '' && bytes[start] === brace) return;
    if (!validName.test(name)) return this.#malformed('is no sample');
    if (!endsSample.test(String.fromCharCode(bytes[end - 1] ?? 0))) return this.#malformed('is no sample');
    if (this.wanted(name)) this.#sample(name, bytes.toString('utf8', nameEnd, end));
  }

  #sample(name: string, rest: string): void {
    const parsed = rest.startsWith('{') ? labelsOf(rest) : { labels: {}, length: 0 };
    const [, value] = (parsed && sampleLine.exec(rest.slice(parsed.length).trimStart())) ?? [];
    if (parsed === undefined || value === undefined) return this.#malformed(`of ${name} is no sample`);
    if (this.series.length >= mostSeries) {
      this.#failed = failure('too-large', this.subject, `more than ${mostSeries} series that kmon reads`);
      return;
    }
    const number = Number(value);
    this.series.push({
      name,
      labels: parsed.labels,
      value: Number.isFinite(number) ? number : NaN,
      id: name + rest.slice(0, parsed.length),
    });
  }

  #malformed(why: string): void {
    this.#failed ??= failure('malformed', this.subject, `line ${this.#line || 1} of the page ${why}`);
  }
}

const label = /[ \t]*([A-Za-z_][A-Za-z0-9_]*|"(?:[^"\\]|\\.)*")[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,|\})/y;

/** `{a="b",c="d",}` from the start of `text`, and how much of it that was; undefined where it is none. */
function labelsOf(text: string): { readonly labels: Labels; readonly length: number } | undefined {
  const labels: Record<string, string> = {};
  let at = 1;
  for (;;) {
    const close = /[ \t]*\}/y;
    close.lastIndex = at;
    if (close.test(text)) return { labels, length: close.lastIndex };
    label.lastIndex = at;
    const found = label.exec(text);
    if (found === null) return undefined;
    const [, name = '', value = '', end] = found;
    labels[name] = value.includes('\\') ? unescaped(value) : value;
    at = label.lastIndex;
    if (end === '}') return { labels, length: at };
  }
}

/** `\\`, `\"` and `\n`; a backslash before anything else stands for itself. */
function unescaped(text: string): string {
  return text.replace(/\\([\\"n])/g, (_, c: string) => (c === 'n' ? '\n' : c));
}
