import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Exposition } from '../../../source/wire/metrics/exposition.js';
import { failed, ok } from '../../support/answers.js';

function read(
  page: string,
  { openMetrics = false, wanted = (_: string): boolean => true, cut = Infinity } = {},
) {
  const parser = new Exposition(wanted, 'page of w', openMetrics);
  const bytes = Buffer.from(page);
  for (let at = 0; at < bytes.length; at += cut) parser.take(bytes.subarray(at, at + cut));
  return parser.end();
}

const one = (page: string) => ok(read(`${page}\n`))[0];

describe('a page of metrics', () => {
  it.each([
    ['up 1', 1],
    ['up 1.5e3 1395066363000', 1500],
    ['up{} 0', 0],
    ['up{a="b",} -3', -3],
    ['  up\t { a = "b" } 2 '.replace('up\t ', 'up'), 2],
    ['up .5', 0.5],
    ['up 5.', 5],
    ['up_total 7 1520879607.789 # {trace_id="x"} 0.67', 7],
    ['up NaN', NaN],
    ['up +Inf', NaN],
    ['up -Inf', NaN],
  ])('reads %s', (line, value) => {
    expect(one(line)?.value).toBe(value);
  });

  it('takes escapes out of label values, and leaves quotes that are part of them', () => {
    const line = String.raw`lag{client_id="\"eu->us|mm2-source-0|replication-consumer\"",path="C:\\x",n="a\nb",brace="}"} 3`;
    expect(one(line)?.labels).toEqual({
      client_id: '"eu->us|mm2-source-0|replication-consumer"',
      path: 'C:\\x',
      n: 'a\nb',
      brace: '}',
    });
  });

  it('passes over comments, types, empty lines, carriage returns and names among the labels', () => {
    const page = '# HELP up x\n# TYPE up gauge\r\n\n{"up.time",a="b"} 4\nup 1\r\n# EOF\n';
    expect(ok(read(page)).map(s => [s.name, s.value])).toEqual([['up', 1]]);
  });

  it('keeps wanted names only, and does not mind what others look like', () => {
    const page = 'other{broken 1\nup 1\nother{a="b"} x 1\n';
    expect(ok(read(page, { wanted: name => name === 'up' })).map(s => s.name)).toEqual(['up']);
  });

  it.each([
    ['up', 'line 1 of the page is no sample'],
    ['Welcome to the exporter', 'line 1 of the page is no sample'],
    ['up 1 2 3', 'line 1 of the page of up is no sample'],
    ['up 0x10', 'line 1 of the page of up is no sample'],
    ['up{a="b" 1', 'line 1 of the page of up is no sample'],
    ['up{a=b} 1', 'line 1 of the page of up is no sample'],
    ['<!doctype html>', 'line 1 of the page is no sample'],
    ['{"status":"success"}', ''],
    ['\u0000\u0001', 'line 1 of the page is no sample'],
    ['x'.repeat(70_000), 'line 1 of the page is too long to be one'],
  ])('is malformed as a whole where a line is none: %s', (line, detail) => {
    const answer = read(`${line}\n`, { cut: 100_000 });
    if (detail === '') expect(ok(answer)).toEqual([]);
    else if (line.length > 65_536) expect(failed(read(line)).detail).toBe(detail);
    else expect(failed(answer)).toMatchObject({ kind: 'malformed', subject: 'page of w', detail });
  });

  it('is malformed where it ends in the middle', () => {
    expect(failed(read('up 1\nup{a="b"} 12')).detail).toBe('the page ends in the middle of line 2');
    expect(failed(read('up 1\n', { openMetrics: true })).detail).toBe('the page ends before its "# EOF"');
    expect(ok(read('up 1\n# EOF', { openMetrics: true }))).toHaveLength(1);
    expect(ok(read('up 1\n# EOF\n', { openMetrics: true }))).toHaveLength(1);
  });

  it('is too large where it has more series than any exporter', () => {
    const page = 'up 1\n'.repeat(100_001);
    expect(failed(read(page)).kind).toBe('too-large');
  });

  it('may be empty', () => {
    expect(ok(read(''))).toEqual([]);
  });

  it('reads the same in whatever pieces it arrives', () => {
    const page = '# HELP a ü\na{l="ü€😀"} 1\nb 2\r\n\nc{x="\\\\",y="}"} NaN\n';
    fc.assert(
      fc.property(fc.integer({ min: 1, max: page.length }), cut => {
        expect(read(page, { cut })).toEqual(read(page));
      }),
    );
  });

  it('gives back any name, label and value that was printed', () => {
    const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/);
    const labels = fc.dictionary(
      fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/),
      fc.string({ unit: 'grapheme', maxLength: 12 }).filter(text => !text.includes('\r')),
      { maxKeys: 4, noNullPrototype: true },
    );
    const value = fc.double({ noNaN: true, noDefaultInfinity: true }).map(n => n + 0);
    fc.assert(
      fc.property(fc.array(fc.record({ name, labels, value }), { maxLength: 5 }), series => {
        const escape = (text: string) =>
          text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
        const page = series.map(s => {
          const inner = Object.entries(s.labels).map(([k, v]) => `${k}="${escape(v)}"`);
          return `${s.name}{${inner.join(',')}} ${s.value}\n`;
        });
        const got = ok(read(page.join(''))).map(s => ({ name: s.name, labels: s.labels, value: s.value }));
        expect(got).toEqual(series);
      }),
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
        const parser = new Exposition(() => true, 'page', false);
        parser.take(Buffer.from(bytes));
        parser.end();
      }),
    );
  });
});
