import { failure, sentence, type Failure } from '../../core/failure.js';
import { isKnown, valueOf, type Known } from '../../core/known.js';
import { count, duration } from '../../core/units.js';
import type { FlowView, Snapshot } from '../../model/snapshot.js';
import { growth } from '../evidence.js';
import type { Finding, Severity } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow } from '../subject.js';
import { outlineOf, walk, type Step } from '../tree.js';
import { byHandState } from './by-hand.js';
import { factsOf, gateOf, type Base, type Facts } from './flow-facts.js';
import { grownSince } from './flow-grown.js';
import { runs } from './flow-running.js';
import { heldBackSince, holdsBack } from './flow-target.js';
import { beforeRates, byRates } from './flow-tree.js';
import type { Verdict } from './flow-verdict.js';

const description: Description = {
  what: 'What limits a flow of MirrorMaker 2: target, source, its own tasks and workers, or nothing but dropped records?',
  formula: `
B  arrival at the source (records/s)        U   used share of the producer's buffer, worst task
p  poll, w  write (records/s)               TT  time the broker throttled the producer, ms
a  records in flight                        FT  time the source's broker throttled the fetch, ms
RL request latency, FL fetch latency, ms    batches = tasks × max.poll.records: what tasks hold while they work
PB poll-batch time of the fastest task, ms
p is held against the least mean of B over as long a span that ended since the last scrape but one: metrics are that late

behind    B ≥ 10/s or lag ≥ 1,000; and lag rises (Δ(S − T)/Δt ≥ 3 % of B),
          or lag ≥ 10 s of B and does not drain within 30 min
held back TT > 100 ms, or U ≥ 70 %, or wait ratio ≥ 10 %, or (a − batches) ÷ w ≥ 5 s with a ≥ 2 batches
          in the first minute of kmon: since when U and a say so, also before it looked
          starved and overload: since the first look, where lag rose from each of five looks to the next, and a stayed what it is
          by a quota   TT > 100 ms; which one, by Kafka's precedence of user and client id
          by brokers   partitions under min.insync.replicas, without a leader, or under-replicated with RL > 50 ms;
                       or a broker that does not answer
          by network   bytes of a host near its capacity, and RL > 50 ms;   by slow answers   RL > 50 ms
          by a worker  CPU ≥ 85 %: worker-limited
          by a quota that is set   TT not measured, and nothing else found: the likely cause, never with high confidence
          by itself    buffer.memory < 8 MiB, or batches < 4 KiB at ≥ 200 requests/s a task: producer-limited
          and asked last, because alone it explains nothing: brokers that offer different versions of a request (rolling upgrade)
no records  every task waits (a < 30 % of a batch), p = w, and less than 10 s of B is behind for certain: nothing is found
starved   FT > 10 ms; or p = 0 for 45 s; or every task waits and p < 80 % of B, no task started in that span, with slow fetches or 10 s of B behind for
          certain; or p < 50 % of B where fetches are not measured. PB ≥ 100 ms with 10 s of B behind for certain says that
          records lie there and come slowly
          slow fetches  FL > 2 × its own median of the moments with p within 5 % of B, and > 20 ms; FL > 100 ms where kmon has seen less
                        than five minutes of such
dropped   ∫(p − w)dt − (most a − first a) ≥ 2 % of ∫p dt over five minutes, and half of the growth: records-dropped
overload  p = w within 5 %, and p below 95 % of B, and not every task waits; by one hot partition where most tasks are idle and one partition holds
          ≥ 50 % of the lag; by CPU, garbage collection, network or memory of a worker; by tasks < partitions

Before all rates: a partition of the source without a leader, or no topic that exists while nothing is polled.

The target is asked first, because full buffers stop the poll: poll ≫ write, poll = write and poll = 0 are stages of
one limited target, and only buffers, throttle time and records in flight tell the last two from a slow source.`,
  tree: [...outlineOf(beforeRates), ...outlineOf(byRates)],
  thresholds: [
    'volume-rate',
    'volume-lag',
    'rising',
    'draining',
    'drain-time',
    'time-lag',
    'produce-throttle',
    'buffer-used',
    'buffer-wait',
    'time-in-producer',
    'batches-in-work',
    'request-latency',
    'poll-share',
    'poll-share-blind',
    'silence',
    'fetch-throttle',
    'fetch-latency',
    'fetch-latency-grown',
    'fetch-latency-least',
    'poll-batch-time',
    'poll-short',
    'poll-write-gap',
    'hot-partition',
    'worker-cpu',
    'workers-share',
    'worker-memory',
    'worker-heap',
    'gc-share',
    'host-network',
    'buffer-small',
    'batch-small',
    'request-rate',
    'dropped-share',
  ],
  needs: [
    { fact: 'connectors', without: 'blind' },
    { fact: 'offsets', without: 'blind' },
    { fact: 'positions', without: 'less-sure' },
    { fact: 'source-record-poll-rate', without: 'less-sure' },
    { fact: 'source-record-write-rate', without: 'less-sure' },
    { fact: 'source-record-active-count', without: 'less-sure' },
    { fact: 'producer-buffer-available-bytes', without: 'less-sure' },
    { fact: 'producer-buffer-total-bytes', without: 'less-sure' },
    { fact: 'producer-bufferpool-wait-ratio', without: 'less-sure' },
    { fact: 'producer-throttle-time-avg', without: 'less-sure' },
    { fact: 'producer-request-latency-avg', without: 'less-sure' },
    { fact: 'consumer-fetch-throttle-time-avg', without: 'less-sure' },
    { fact: 'consumer-fetch-latency-avg', without: 'less-sure' },
    { fact: 'poll-batch-avg-time', without: 'less-sure' },
    { fact: 'producer-batch-size-avg', without: 'less-sure' },
    { fact: 'producer-request-rate', without: 'less-sure' },
    { fact: 'task-records-skipped-total', without: 'less-sure' },
    { fact: 'process-cpu', without: 'less-sure' },
    { fact: 'node-cpu', without: 'less-sure' },
    { fact: 'node-memory-used', without: 'less-sure' },
    { fact: 'node-network-bytes', without: 'less-sure' },
    { fact: 'jvm-heap-used-bytes', without: 'less-sure' },
    { fact: 'jvm-gc-share', without: 'less-sure' },
    { fact: 'quotas', without: 'less-sure' },
    { fact: 'acls', without: 'less-sure' },
  ],
  traps: [
    'A limited target looks like a slow source once the producers’ buffers are full: poll falls to write, and after a restart into full buffers to 0. Measured: poll 0 while write 664/s. There the measurement wins over the runbook’s “poll low: the source”.',
    'Poll exceeds write for good only where records are dropped: with a slow target that lasts until the buffers are full.',
    'MirrorMaker 2’s source connector assigns its partitions itself and keeps its positions in Connect’s offsets topic: a consumer group `connect-mm2-source-connector` does not exist, and looking for it finds nothing.',
    '`source-record-active-count` is what is in flight, not lag: it stands still while lag grows without limit.',
    'Slow tasks hold a batch each. What they hold is no sign of a limited target, so it is taken off first.',
    'A super user needs no ACL, and ACLs do not tell who is one: a missing ACL counts only where tasks get nothing to do.',
    'Tasks that wait for records carry no overload. Measured after an ACL was taken away: poll and write fell together over half a minute, as in an overload, with nothing in flight and refused fetches of 2 ms.',
    'Rates are averages of half a minute, and what is in flight is a number of now. Measured when the source could be read again: 2,500 in flight at 80 written/s, and nothing limited the target. So a second batch a task is no queue.',
    'Poll is a mean of metrics, over half a minute and up to five where they are scraped seldom, and some seconds old; arrival is one of half a minute from end offsets. On the lab a burst on a busy host was taken for a slow source; on the simulated site poll ÷ arrival is 60 % in its first seconds, though the tasks keep up. So both are compared over one span, and a start of tasks in it tells nothing of the source.',
    'A flush of positions that fails, or that a restart puts off, leaves two or three times as much between the flushed position and the end. So what was written since the last flush that was seen is taken off, however long ago that was.',
    'Tasks that are started anew poll again what was in flight. Measured when a quota was lifted and tasks.max put back just before kmon began: 80,000 records polled twice looked like 278/s dropped, and hid an overload. So what was in flight at the most is taken off.',
    'A task whose graceful stop takes too long (full buffers before a limited target) is abandoned by its worker and ends later; it then unregisters MBeans that are called as those of its successor, which runs already. Measured: after a restart under a quota three of four producers had no throttle time, buffer or latency any more, for good, until they were started anew. So a quota that is set is named where none of these is measured.',
    'A topic that kmon may not describe looks like one that is not there: it counts only where nothing is polled.',
    'Markers of transactions and compaction make the source’s end grow by what no consumer gets: S − T rises, and nothing is behind.',
    'A host whose CPU is used up is the limit of its workers where they have a good part of it; where they wait, few tasks may still be what limits them, and the remedy says that little CPU is left. Measured: two workers that share a host with brokers never reach 85 % each. On one of which others used three quarters, workers whose converter computed for 3 ms a record had 0.2 of its CPU each, 40 % of what was in use, and carried a quarter of their load; workers whose converter waited had 6 %.',
    'The heap goes up and down with every collection: only its lowest of ten minutes is compared.',
    'Poll-batch time is measured of polls that brought records alone: a silent task has none, so that it proves no emptiness; and a caught-up task waits for what is written next. So it is that of the fastest task, and counts only while records lie at the source for certain.',
    'A fetch of a caught-up partition waits up to `fetch.max.wait.ms` by itself: of its own past a fetch takes the longer, the less there was to read. So a past of long waits may hide a source that became slow, and what is behind for certain then says so.',
  ],
  wrongIf: [
    'target: write reaches arrival while throttle time and buffers stay as they are',
    'source: producer buffers fill, or poll reaches arrival without any change at the source',
    'capacity: throttle time or full buffers appear, or a transform filters records',
    'dropped: records in flight grow by what poll exceeds write',
  ],
  remedies: [
    'target: raise the quota, or relieve the brokers; more tasks are throttled together',
    'its own producers: larger buffers and batches; a worker without CPU: another worker',
    'source: raise the quota of the reader, or mend the way to it',
    'capacity: more tasks while there are more partitions than tasks and CPU is left; else another worker, or another key',
  ],
};

export const flowLimits: Rule = {
  id: 'flow-limits',
  fireAfter: 10_000,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => snapshot.flows.flatMap(flow => judgeFlow(flow, snapshot, limits) ?? []),
};

function judgeFlow(flow: FlowView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  const subject = ofFlow(flow);
  if (flow.kind !== 'mirror-source') return undefined;
  if (!runs(flow)) return { subject };
  const base = { flow, snapshot, limits };
  const facts = factsOf(base);
  const first = walk(beforeRates, base);
  if (first.end !== undefined) {
    const verdict = first.end.conclude?.(base);
    return verdict === undefined ? { subject } : { subject, finding: findingOf(base, verdict, first.steps) };
  }
  if (facts === undefined) return { subject, unjudged: whyNot(flow) };
  const gate = gateOf(facts);
  // A healthy flow costs no more than this: the questions below look through topics, brokers and workers.
  if (!gate.open) return { subject };
  const then = walk(byRates, facts);
  const verdict = then.end?.conclude?.(facts);
  if (verdict === undefined) return { subject };
  const whole = {
    severity: severityOf(facts, verdict.verdict),
    consequence: consequenceOf(facts),
    ...verdict,
    evidence: [...gate.evidence, ...verdict.evidence],
  };
  const heldSince = holdsBack.has(verdict.verdict)
    ? heldBackSince(facts)
    : grownSince(facts, verdict.verdict);
  const finding = findingOf(base, whole, [...first.steps, ...then.steps]);
  return { subject, finding, ...(heldSince && { heldSince }) };
}

function findingOf({ flow }: Base, verdict: Verdict, steps: readonly Step[]): Finding {
  return {
    rule: flowLimits.id,
    subject: ofFlow(flow),
    severity: 'warning',
    consequence: '',
    unchecked: uncheckedOf(flow),
    byHand: byHandState(flow),
    advice: [],
    ...verdict,
    tree: { asks: `why is ${flow.connector} behind?`, steps, verdict: verdict.verdict },
  };
}

/** The first fact without which nothing can be said. */
function whyNot(flow: FlowView): Failure {
  const facts: readonly Known<unknown>[] = [flow.state, flow.lag, flow.arrival.now, flow.lagSlope];
  const missing = facts.flatMap(fact => (isKnown(fact) ? [] : fact.unknown))[0];
  return missing ?? failure('early', `flow ${flow.connector}`, 'not read often enough yet');
}

function severityOf(f: Facts, verdict: string): Severity {
  const late = f.slope > 0 && f.lag > f.limits.value('time-lag') * f.arrival;
  return late && verdict !== 'undetermined' ? 'critical' : 'warning';
}

function consequenceOf({ slope, lag, arrival, flow, limits }: Facts): string {
  if (slope >= limits.value('rising') * arrival) return `lag ${growth(slope)}`;
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
