import { describe, expect, it } from 'vitest';
import type { LiveFinding } from '../../source/diagnose/finding.js';
import type { Observation } from '../../source/core/observation.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import { seen } from '../../source/core/known.js';
import type { FlowView } from '../../source/model/snapshot.js';
import { column, SiteStream, SiteTruth } from '../support/site-stream.js';
import { Watch } from '../support/watch.js';

function by({ findings }: Watch, rule: string): LiveFinding | undefined {
  const all = (among: readonly LiveFinding[]): LiveFinding[] =>
    among.flatMap(f => [f, ...all(f.consequences)]);
  return all(findings).find(f => f.rule === rule);
}

/** What the rules say at once of the snapshot of now, with something of the flow changed. */
function judged(watch: Watch, over: Partial<FlowView>): readonly LiveFinding[] {
  const snapshot = watch.model.snapshot(watch.stream.truth.now);
  const flows = snapshot.flows.map(flow => ({ ...flow, ...over }));
  return new Lifecycle().judge({ ...snapshot, flows }).findings;
}

describe('records that MirrorMaker 2 wrote twice', () => {
  /** At rest, and so with its position known exactly; then at work again. */
  function rested(): { readonly truth: SiteTruth; readonly watch: Watch } {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(60_000);
    truth.arrival = 0;
    watch.run(130_000);
    truth.arrival = 5_000;
    watch.run(20_000);
    return { truth, watch };
  }

  it('after a restart are counted, with the cause', () => {
    const { truth, watch } = rested();
    truth.flush();
    watch.run(20_000);
    truth.restart();
    truth.workers = ['10.0.3.12:8083', '10.0.3.13:8083'];
    watch.run(120_000);
    const found = by(watch, 'mirror-repeats');
    const repeats = watch.flow.repeats;
    expect(repeats?.low).toBeGreaterThan(10_000);
    expect(found).toMatchObject({ verdict: 'written-twice', severity: 'warning', phase: 'firing' });
    expect(found?.sentence).toContain('its tasks restarted and went on from the last flush');
    expect(found?.advice.flatMap(a => a.lines).join('\n')).toContain('exactly.once.support=required');
  });

  it('after an election name the election, and an idempotent producer', () => {
    const { truth, watch } = rested();
    truth.repeat(40);
    truth.epoch = 1;
    truth.arrival = 0;
    watch.run(140_000);
    const found = by(watch, 'mirror-repeats');
    expect(found?.sentence).toContain('another broker of the target became leader');
    expect(found?.advice.flatMap(a => a.lines)).toContain('producer.override.enable.idempotence=true');
  });

  it('are never claimed of another writer into the topic, which is named instead', () => {
    const { truth, watch } = rested();
    for (let n = 0; n < 4; n++) {
      truth.repeat(400);
      watch.run(20_000);
    }
    expect(watch.flow.repeats).toBeUndefined();
    expect(by(watch, 'mirror-repeats')).toBeUndefined();
    expect(by(watch, 'another-writer')).toMatchObject({ severity: 'info', verdict: 'another-writer' });
  });

  it('are not spoken of while a flow is healthy, or is copied exactly once', () => {
    for (const config of [
      {},
      { 'exactly.once.support': 'required', 'source.consumer.isolation.level': 'read_committed' },
    ]) {
      const truth = new SiteTruth();
      Object.assign(truth.config, config);
      expect(new Watch(new SiteStream(truth)).run(300_000).findings).toEqual([]);
    }
  });
});

describe('records that MirrorMaker 2 did not write', () => {
  function start(watch: Watch, first: number): void {
    const { now, options } = watch.stream.truth;
    const topics = [
      column(
        'orders',
        Array.from({ length: options.partitions }, () => first),
      ),
    ];
    const o: Observation = {
      kind: 'offsets',
      cluster: 'eu',
      broker: 1,
      which: 'log-start',
      asked: now,
      answered: now,
      topics,
      failures: [],
    };
    watch.model.fold(o);
  }

  it('because the source had removed them are a loss, while its positions lie there and after it has passed on', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(60_000);
    truth.arrival = 0;
    watch.run(130_000);
    truth.state = 'STOPPED';
    truth.arrival = 5_000;
    watch.run(60_000);
    start(watch, Math.floor(truth.end[0] ?? 0) - 1_000);
    watch.run(5_000);
    const gap = Math.floor(truth.end[0] ?? 0) - 1_000;
    expect(by(watch, 'mirror-overrun')).toMatchObject({ severity: 'critical', verdict: 'behind-log-start' });
    truth.state = 'RUNNING';
    for (const column of [truth.reached, truth.taken, truth.sent]) column.fill(gap);
    truth.arrival = 0;
    watch.run(140_000);
    expect(by(watch, 'mirror-overrun')).toMatchObject({
      severity: 'critical',
      verdict: 'records-passed-over',
    });
  });

  it('for no reason that is known are a question, asked once nothing more is missed', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(60_000);
    truth.arrival = 0;
    watch.run(130_000);
    truth.arrival = 5_000;
    watch.run(30_000);
    truth.target = truth.target.map((end, p) => (p === 0 ? end - 30 : end));
    truth.arrival = 0;
    // The target's end must not go back: what is missing is missing of what comes.
    truth.end = truth.end.map(end => end + 1_000);
    watch.run(140_000);
    expect(by(watch, 'records-not-written')).toBeUndefined();
    watch.run(480_000);
    expect(by(watch, 'records-not-written')).toMatchObject({ severity: 'info', verdict: 'not-written' });
  });

  it('of a transactional source are markers, and never asked about', () => {
    const truth = new SiteTruth();
    const watch = new Watch(new SiteStream(truth)).run(60_000);
    // Each transaction takes an offset of the source that is no record.
    for (let n = 0; n < 120; n++) {
      for (const column of [truth.end, truth.reached, truth.taken, truth.sent])
        column.forEach((value, p) => (column[p] = value + 5));
      watch.run(5_000);
      expect(by(watch, 'records-not-written')).toBeUndefined();
    }
  });
});

describe('the configuration of a connector', () => {
  const watch = new Watch(new SiteStream(new SiteTruth())).run(60_000);
  const at = watch.stream.truth.now;
  const configured = (config: Record<string, string>, over: Partial<FlowView> = {}): readonly LiveFinding[] =>
    judged(watch, { config: seen(config, at), ...over });

  it('of errors.tolerance=all loses what it skips', () => {
    const config = { 'errors.tolerance': 'all' };
    expect(configured(config, { skipped: seen(0, at) })).toEqual([]);
    const [found] = configured(config, { skipped: seen(12, at) });
    expect(found).toMatchObject({ rule: 'records-skipped', severity: 'critical', phase: 'firing' });
    expect(found?.remedies).toMatchObject([{ action: 'set-key', cures: true }]);
    const queue = { ...config, 'errors.deadletterqueue.topic.name': 'dead' };
    expect(configured(queue, { kind: 'sink', skipped: seen(12, at) })).toMatchObject([
      { verdict: 'records-put-aside', severity: 'warning' },
    ]);
  });

  it('of acks=1 loses records with a broker', () => {
    expect(configured({ 'producer.override.acks': 'all' })).toEqual([]);
    expect(configured({ 'producer.override.acks': '1' })).toMatchObject([{ rule: 'producer-acks' }]);
  });

  it('of several requests in flight breaks order, unless it is idempotent or does not retry', () => {
    const five = { 'producer.override.max.in.flight.requests.per.connection': '5' };
    expect(configured(five)).toMatchObject([{ rule: 'in-flight-order', verdict: 'order-not-kept' }]);
    expect(configured({ ...five, 'producer.override.enable.idempotence': 'true' })).toEqual([]);
    expect(configured({ ...five, 'producer.override.retries': '0' })).toEqual([]);
  });

  it('that retries without idempotence may write twice', () => {
    expect(configured({}, { retries: seen(4, at) })).toEqual([]);
    expect(configured({}, { retries: seen(20, at) })).toMatchObject([
      { rule: 'producer-retries', severity: 'warning' },
    ]);
    expect(configured({}, { retries: seen(80, at) })).toMatchObject([{ severity: 'critical' }]);
    const idempotent = { 'producer.override.enable.idempotence': 'true' };
    expect(configured(idempotent, { retries: seen(80, at) })).toEqual([]);
  });

  it('of exactly-once without committed reads is exactly-once by half', () => {
    const half = { 'exactly.once.support': 'required' };
    expect(configured(half)).toMatchObject([{ rule: 'half-exactly-once', severity: 'warning' }]);
    expect(configured({ ...half, 'consumer.isolation.level': 'read_committed' })).toEqual([]);
  });
});

describe('retention at the source', () => {
  const watch = new Watch(new SiteStream(new SiteTruth())).run(60_000);
  const at = watch.stream.truth.now;
  const ahead = (hours: number, pace = 0): Partial<FlowView> => ({
    timeToLoss: seen(
      { ms: hours * 3_600_000, topic: 'orders', partition: 3, left: 9_000, removal: 500, pace },
      at,
    ),
  });
  const behind = { lag: seen({ low: 900_000, high: 900_000, method: 'bounded' as const, rested: true }, at) };

  it('warns of what it will remove before it is read', () => {
    const risk = (hours: number): LiveFinding | undefined =>
      judged(watch, { ...behind, ...ahead(hours) }).find(f => f.rule === 'retention-risk');
    expect(risk(0.5)).toMatchObject({ severity: 'critical' });
    expect(risk(3)).toMatchObject({ severity: 'warning' });
    expect(risk(30)).toBeUndefined();
  });

  it('is nothing to whoever reads at the end, however much it removes when traffic falls', () => {
    expect(judged(watch, ahead(0.5, 400))).toEqual([]);
  });
});
