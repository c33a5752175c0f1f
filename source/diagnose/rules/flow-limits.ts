import { sentence } from '../../core/failure.js';
import { isKnown, valueOf, type Known } from '../../core/known.js';
import { count, duration } from '../../core/units.js';
import type { FlowView, Snapshot } from '../../model/snapshot.js';
import { growth } from '../evidence.js';
import type { Finding, Severity, Subject } from '../finding.js';
import type { Judgement, Rule } from '../rule.js';
import { thresholds } from '../thresholds.js';
import { byHandConfig, byHandQuota, byHandState } from './by-hand.js';
import { factsOf, gateOf, type Facts } from './flow-facts.js';
import { capacityExceeded, sourceLimited, targetLimited, undetermined } from './flow-verdicts.js';
import { runs } from './flow-running.js';

/*
 * What limits this flow: target, source, or capacity?
 *
 *   B  arrival at the source (records/s)        U   used share of the producer's buffer, worst task
 *   p  poll, w  write (records/s)               TT  time the broker throttled the producer, ms
 *   a  records in flight                        FT  time the source's broker throttled the fetch, ms
 *
 *   gate    B ≥ 10/s or lag ≥ 1,000; and lag rises (Δ(S − T)/Δt ≥ 3 % of B),
 *           or lag ≥ 10 s of B and does not drain within 30 min
 *   target  TT > 100 ms, or U ≥ 70 %, or wait ratio ≥ 10 %, or (a − batches) ÷ w ≥ 5 s
 *   source  otherwise: FT > 10 ms; or p = 0 for 30 s; or every task holds few records (a < 30 % of a batch) and
 *           p < 80 % of B with fetches above 100 ms, or p < 50 % of B where fetches are not measured
 *   capacity  otherwise: p = w within 5 %, and p below 95 % of B; by one hot partition where most tasks are idle and one
 *           partition holds ≥ 50 % of the lag
 *
 *   batches = tasks × max.poll.records: what tasks hold while they work, whoever is slow
 *
 * The target is asked first, because full buffers stop the poll: poll ≫ write, poll = write and poll = 0 are stages of
 * one limited target, and only buffers, throttle time and records in flight tell the last two from a slow source.
 */
export const flowLimits: Rule = {
  id: 'flow-limits',
  fireAfter: 10_000,
  keep: 60_000,
  judge: snapshot => snapshot.flows.flatMap(flow => judgeFlow(flow, snapshot) ?? []),
};

function judgeFlow(flow: FlowView, snapshot: Snapshot): Judgement | undefined {
  const subject: Subject = { kind: 'flow', id: flow.id, name: flow.connector };
  if (flow.kind !== 'mirror-source') return undefined;
  if (!runs(flow)) return { subject };
  const facts = factsOf(flow, snapshot.at);
  if (facts === undefined) return undefined;
  const gate = gateOf(facts);
  if (!gate.open) return { subject };
  const verdict =
    targetLimited(facts) ?? sourceLimited(facts) ?? capacityExceeded(facts, snapshot) ?? undetermined(facts);
  if (verdict === undefined) return { subject };
  const finding: Finding = {
    rule: flowLimits.id,
    subject,
    severity: severityOf(facts, verdict.verdict),
    consequence: consequenceOf(facts),
    unchecked: uncheckedOf(flow),
    byHand: byHandFor(verdict.verdict, flow, snapshot),
    ...verdict,
    evidence: [...gate.evidence, ...verdict.evidence],
  };
  return { subject, finding };
}

function severityOf(f: Facts, verdict: string): Severity {
  const late = f.slope > 0 && f.lag > thresholds['time-lag'].value * f.arrival;
  return late && verdict !== 'undetermined' ? 'critical' : 'warning';
}

function consequenceOf({ slope, lag, arrival, flow }: Facts): string {
  if (slope >= thresholds.rising.value * arrival) return `lag ${growth(slope)}`;
  const draining = slope < 0 ? `drains in ${duration((lag / -slope) * 1000)}` : 'does not drain';
  const bounds = valueOf(flow.lag);
  return `lag ${bounds?.rested ? '' : '≤ '}${count(bounds?.rested ? bounds.low : bounds?.high)}, ${draining}`;
}

function uncheckedOf(flow: FlowView): string[] {
  const wanted: readonly Known<number>[] = [
    flow.poll.now,
    flow.inFlight,
    flow.throttle,
    flow.bufferUsed,
    flow.waitRatio,
    flow.requestLatency,
    flow.fetchThrottle,
    flow.fetchLatency,
  ];
  return [...new Set(wanted.flatMap(k => (isKnown(k) ? [] : sentence(k.unknown))))];
}

function byHandFor(verdict: string, flow: FlowView, snapshot: Snapshot): string[] {
  if (verdict === 'target-limited') return byHandQuota(flow.target?.cluster, 'producer_byte_rate', snapshot);
  if (verdict === 'source-limited') return byHandQuota(flow.source?.cluster, 'consumer_byte_rate', snapshot);
  if (verdict === 'capacity-exceeded') return byHandConfig(flow, 'tasks.max', String(flow.partitions.length));
  return byHandState(flow);
}
