import { describe, expect, it } from 'vitest';
import { SiteStream, SiteTruth } from '../support/site-stream.js';
import { Watch } from '../support/watch.js';

describe('a flow that does not run', () => {
  it('is critical at once when a task failed', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(30_000);
    truth.taskStates[2] = 'FAILED';
    watch.run(5_000);
    expect(watch.finding).toMatchObject({
      rule: 'flow-running',
      phase: 'firing',
      severity: 'critical',
      sentence: '1 of 4 tasks FAILED',
      consequence: 'does not recover by itself',
    });
  });

  it('whose configuration Connect lost fails at every restart: another configuration brings it back (KAFKA-17719)', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(30_000);
    truth.taskStates[2] = 'FAILED';
    truth.trace =
      'java.lang.NullPointerException: Cannot invoke "java.util.Map.size()" because "inputMap" is null';
    watch.run(5_000);
    expect(watch.finding).toMatchObject({
      severity: 'critical',
      consequence: 'fails at every restart: Connect has lost the configuration of its tasks (KAFKA-17719)',
      remedies: [
        { action: 'set-key', cures: true },
        { action: 'restart-failed', cures: false },
      ],
    });
    expect(watch.finding.byHand.join('\n')).toContain(`jq '."renewed" = "1"'`);
  });

  it('is a warning when someone paused it', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(30_000);
    truth.state = 'PAUSED';
    watch.run(15_000);
    expect(watch.finding).toMatchObject({
      phase: 'firing',
      severity: 'warning',
      sentence: 'connector PAUSED',
      consequence: 'nothing flows until it is resumed',
    });
  });

  it('does not fire of tasks that are reassigned within a minute, as when workers are rolled, and is gone soon after', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(30_000);
    truth.state = 'UNASSIGNED';
    truth.taskStates = truth.taskStates.map(() => 'UNASSIGNED');
    watch.run(45_000);
    expect(watch.finding.phase).toBe('pending');
    truth.state = 'RUNNING';
    truth.taskStates = truth.taskStates.map(() => 'RUNNING');
    watch.run(15_000);
    expect(watch.findings).toEqual([]);
  });

  it('is a warning when tasks are without a worker for longer than that', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(30_000);
    truth.taskStates = truth.taskStates.map(() => 'UNASSIGNED');
    watch.run(70_000);
    expect(watch.finding).toMatchObject({ phase: 'firing', severity: 'warning' });
  });
});
