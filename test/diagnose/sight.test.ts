import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/failure.js';
import { seen, unknown } from '../../source/core/known.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import { rules } from '../../source/diagnose/rules.js';
import type { LiveFinding } from '../../source/diagnose/finding.js';
import type { Snapshot } from '../../source/model/snapshot.js';
import { view } from '../support/views.js';

const healthy: Snapshot = view().snapshot;
const { at } = healthy;

function sight(over: Partial<Snapshot>): LiveFinding | undefined {
  const { findings } = new Lifecycle(rules).judge({ ...healthy, ...over });
  return findings.find(f => f.rule === 'sight');
}

describe('what kmon does not see', () => {
  it('is nothing where every plane answers', () => {
    expect(sight({})).toBeUndefined();
  });

  it('of a Connect that does not answer blinds the rules that need its connectors, and says what to do next', () => {
    const refused = failure('refused', 'GET http://connect.us:8083', 'ECONNREFUSED');
    const connects = healthy.connects.map(c => ({ ...c, connectors: unknown<number>(refused, at) }));
    const found = sight({ connects });
    expect(found).toMatchObject({
      severity: 'warning',
      verdict: 'blind',
      subject: { kind: 'watch', id: 'kmon' },
    });
    expect(found?.unchecked[0]).toContain('mirror-repeats');
    expect(found?.unchecked[0]).not.toContain('consumer-overrun');
    expect(found?.byHand.join('\n')).toContain('is the process up?');
  });

  it('of metrics that were looked for and not found makes rules less sure, and only those that want them', () => {
    const gone = failure('absent', 'record-retry-rate', 'no series has one of 3 names');
    const metrics = [
      { name: 'prometheus', answers: seen(true as const, at), found: {}, missing: { 'process-cpu': gone } },
    ];
    expect(sight({ metrics })).toMatchObject({ severity: 'info', verdict: 'less-sure' });
    const unwanted = [
      {
        ...metrics[0],
        name: 'p',
        answers: seen(true as const, at),
        found: {},
        missing: { 'node-cores': gone },
      },
    ];
    expect(sight({ metrics: unwanted })).toBeUndefined();
  });

  it('of a user without ACLs says so of the cluster that looks empty', () => {
    const clusters = healthy.clusters.map(c => ({
      ...c,
      blind: failure('unauthorised', c.name, 'no topic is visible'),
    }));
    const found = sight({ clusters });
    expect(found?.sentence).toBe('not seen: cluster eu (unauthorised), cluster us (unauthorised)');
    expect(found?.byHand.join('\n')).toContain('grant the missing ACL');
  });

  it('is no broker that does not answer: that is a finding about the broker', () => {
    const hung = failure('timeout', 'broker 2');
    const clusters = healthy.clusters.map(c => ({
      ...c,
      brokers: seen(
        [
          ...('value' in c.brokers ? c.brokers.value : []).map((b, i) =>
            i === 0 ? { ...b, answers: unknown<true>(hung, at) } : b,
          ),
        ],
        at,
      ),
    }));
    expect(sight({ clusters: clusters.slice(1) })).toBeUndefined();
  });

  it('is not what is only not read yet', () => {
    const early = failure('early', 'connectors', 'not asked yet');
    const connects = healthy.connects.map(c => ({ ...c, connectors: unknown<number>(early, at) }));
    expect(sight({ connects })).toBeUndefined();
  });

  it('of the past of single partitions is a note', () => {
    expect(sight({ history: { ...healthy.history, left: 900 } })).toMatchObject({
      severity: 'info',
      sentence: 'no room for the past of 900 partitions',
    });
  });
});
