import { describe, expect, it } from 'vitest';
import { failure, type Failure } from '../../source/core/failure.js';
import type { MetricName, MetricsSeen } from '../../source/core/observation.js';
import { everyInstance, Metrics } from '../../source/model/metrics.js';

const retries: MetricName = 'producer-record-retry-rate';
const notExported = failure('unsupported', retries, 'none of these exists: a, b');
const noSeries = failure('absent', retries, 'a has no series now');
const refused = failure('refused', 'prometheus');

const missing = (source: string, why?: Failure): MetricsSeen => ({
  kind: 'metrics',
  source,
  asked: 0,
  answered: 0,
  answer: { ok: { samples: {}, missing: why ? { [retries]: why } : {}, found: {}, rateWindow: 30 } },
});
const silent = (source: string): MetricsSeen => ({
  kind: 'metrics',
  source,
  asked: 0,
  answered: 0,
  answer: { failed: refused },
});
const ofAnother: MetricsSeen = {
  ...missing('c'),
  answer: {
    ok: {
      samples: { [retries]: [{ value: 1, instance: 'w2:9404', connector: 'other', task: 0 }] },
      missing: {},
      found: { [retries]: 'a' },
      rateWindow: 30,
    },
  },
};

/** Why the retries of a connector are not known, where these sources were asked. */
function why(...asked: readonly MetricsSeen[]): Failure | undefined {
  const metrics = new Metrics(0);
  for (const one of asked) metrics.fold(one);
  const fact = metrics.worst(retries, 'mm2-source', everyInstance, undefined, 0);
  return 'unknown' in fact ? fact.unknown : undefined;
}

describe('a metric that is not known', () => {
  it('is not offered here where no source exports it', () => {
    expect(why(missing('a', notExported))).toBe(notExported);
    expect(why(missing('a', notExported), missing('b', notExported))).toBe(notExported);
    expect(why()).toMatchObject({ kind: 'unsupported', subject: retries });
  });

  it('may be offered by a source that does not answer, or has no series of it now', () => {
    expect(why(missing('a', notExported), silent('b'))).toBe(refused);
    expect(why(silent('b'), missing('a', notExported))).toBe(refused);
    expect(why(missing('a', notExported), missing('b', noSeries))).toBe(noSeries);
  });

  it('is absent where a source exports it of others', () => {
    expect(why(missing('a', notExported), ofAnother)).toMatchObject({ kind: 'absent' });
  });
});
