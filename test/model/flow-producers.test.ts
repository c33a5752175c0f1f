import { expect, it } from 'vitest';
import { valueOf } from '../../source/core/known.js';
import type { MetricName, Observation } from '../../source/core/observation.js';
import { SiteModel } from '../../source/model/site-model.js';
import type { FlowView } from '../../source/model/snapshot.js';
import { site, SiteStream, SiteTruth } from '../support/site-stream.js';
import { value } from '../support/watch.js';

/** A flow whose two tasks tell these values, one reading after the other, ten seconds apart. */
function flowOf(readings: Partial<Record<MetricName, readonly (readonly [number, number])[]>>): FlowView {
  const truth = new SiteTruth({ tasks: 2 });
  const stream = new SiteStream(truth);
  const model = new SiteModel(site);
  const count = Math.max(...Object.values(readings).map(r => r.length));
  for (let i = 0; i < count; i++) {
    truth.advance(10_000);
    for (const o of stream.poll()) model.fold(o.kind === 'metrics' ? withValues(o, readings, i) : o);
  }
  const flow = model.snapshot(truth.now).flows[0];
  if (flow === undefined) throw new Error('no flow was discovered');
  return flow;
}

function withValues(
  o: Extract<Observation, { kind: 'metrics' }>,
  readings: Partial<Record<MetricName, readonly (readonly [number, number])[]>>,
  i: number,
): Observation {
  if ('failed' in o.answer) return o;
  const own = Object.entries(readings).map(([name, values]) => [
    name,
    (values[i] ?? []).map((sample, task) => ({
      value: sample,
      instance: '10.0.3.11:9404',
      connector: 'mm2-source',
      task,
    })),
  ]);
  return {
    ...o,
    answer: { ok: { ...o.answer.ok, samples: { ...o.answer.ok.samples, ...Object.fromEntries(own) } } },
  };
}

it('tells the largest average batch of a task, and the requests of all', () => {
  const flow = flowOf({
    'producer-batch-size-avg': [[900, 1_200]],
    'producer-request-rate': [[300, 250]],
  });
  expect(value(flow.batchBytes)).toBe(1_200);
  expect(value(flow.requests)).toBe(550);
});

it('counts records that were skipped of late, through a restart that begins the count anew', () => {
  const flow = flowOf({
    'task-records-skipped-total': [
      [100, 0],
      [103, 0],
      [0, 4],
    ],
  });
  expect(value(flow.skipped)).toBe(3 + 4);
});

it('does not take what was skipped before kmon looked for what is skipped now', () => {
  expect(value(flowOf({ 'task-records-skipped-total': [[100, 7]] }).skipped)).toBe(0);
});

it('tells how long polls take that brought records: of the fastest task, of the slowest, and the longest', () => {
  const flow = flowOf({
    'poll-batch-avg-time': [[4, 90]],
    'poll-batch-max-time': [[30, 480]],
  });
  expect(valueOf(flow.pollBatch)).toEqual({ fastest: 4, slowest: 90, longest: 480 });
});

it('takes a task whose polls brought nothing for silent, not for fast', () => {
  const one = flowOf({ 'poll-batch-avg-time': [[NaN, 90]], 'poll-batch-max-time': [[NaN, 480]] });
  expect(valueOf(one.pollBatch)).toEqual({ fastest: 90, slowest: 90, longest: 480 });
  const { pollBatch } = flowOf({ 'poll-batch-avg-time': [[NaN, NaN]] });
  expect('unknown' in pollBatch && pollBatch.unknown.detail).toContain('brought records');
});
