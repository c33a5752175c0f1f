import { describe, expect, it } from 'vitest';
import { evaluate } from '../../source/simulator/prometheus/promql.js';

const series = [
  { name: 'up', labels: { instance: 'a:1', job: 'x' }, value: 1 },
  { name: 'up', labels: { instance: 'b:1', job: 'x' }, value: 0 },
  { name: 'requests_total', labels: { instance: 'a:1', code: '200' }, value: 100, perSecond: 4 },
  { name: 'requests_total', labels: { instance: 'a:1', code: '500' }, value: 10, perSecond: 1 },
  { name: 'free', labels: { instance: 'a:1' }, value: 25 },
  { name: 'size', labels: { instance: 'a:1' }, value: 100, at: 990 },
];

describe('the simulated PromQL', () => {
  it.each([
    ['up{instance="a:1"}', [1]],
    ['up{instance=~"a.*|c.*"}', [1]],
    ['up{instance=~"a"}', []],
    ['up{instance!="a:1"}', [0]],
    ['sum by (job) (up)', [1]],
    ['avg by (job) (up)', [0.5]],
    ['sum by (instance) (rate(requests_total[30s]))', [5]],
    ['1 - free / size', [0.75]],
    ['sum by (instance) (free) + sum by (instance) (size)', [125]],
    ['up or free', [1, 0, 25]],
    ['group by (instance) (up or free)', [1, 1]],
    ['rate(free[30s])', []],
    ['free and size > 99', [25]],
    ['free and size > 100', []],
    ['up and rate(requests_total[30s]) > 0', []],
    ['up or free and up', [1, 0]],
    ['vector(time())', [1_000]],
    ['size - timestamp(size)', [-890]],
  ])('%s', (promql, values) => {
    expect(evaluate(promql, series, 1_000).map(point => point.value)).toEqual(values);
  });

  it('names the parts of a joined question', () => {
    const joined = 'label_replace(free, "part", "f", "", "") or label_replace(size, "part", "s", "", "")';
    expect(evaluate(joined, series, 1_000).map(({ labels, value }) => [labels['part'], value])).toEqual([
      ['f', 25],
      ['s', 100],
    ]);
  });

  it.each(['sum by (', 'up}', 'irate(up[1m])', 'up{instance=a}', '1 + 1'])('refuses %s', promql => {
    expect(() => evaluate(promql, series, 1_000)).toThrow();
  });
});
