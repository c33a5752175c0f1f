import { describe, expect, it } from 'vitest';
import { explain, failure, failureKinds, sentence } from '../../source/core/failure.js';

describe('failures', () => {
  it.each(failureKinds)('%s has a meaning and a next step', kind => {
    const { meaning, nextStep } = explain(kind);
    expect(meaning).not.toBe('');
    expect(nextStep).not.toBe('');
    expect(sentence(failure(kind, 'Metadata of us'))).toBe(`Metadata of us: ${meaning}`);
  });

  it('a failure’s own next step comes before that of its kind', () => {
    expect(explain(failure('tls', 'it', 'expired', 'renew it')).nextStep).toBe('renew it');
    expect(explain(failure('tls', 'it')).nextStep).toBe(explain('tls').nextStep);
  });

  it('keeps a foreign text to one bounded line', () => {
    const f = failure('malformed', 'GET /', `<html>\n  <body>${'x'.repeat(1000)}`);
    expect(f.detail).not.toContain('\n');
    expect(f.detail.length).toBeLessThanOrEqual(240);
  });
});
