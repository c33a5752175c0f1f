import { latest, valueOf } from '../../core/known.js';
import { count, duration } from '../../core/units.js';
import type { FlowView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow } from '../subject.js';
import { settingOf } from './connector-config.js';
import { listed, made } from './make.js';

const description: Description = {
  what: 'Were records of the source not written to the target? A question, and no loss by itself.',
  formula: `
T  end offset of the target, N  flushed position, k = T − pos: constant while each record becomes one record

fell     T − (N + 1) < the least that k was: so many records did not become records of the target
asked    it fell, and did not again for max(5 min, 4 flushes): one event, and not the way of this topic
info     filtered by a transform, skipped by errors.tolerance, compacted away, a transaction's marker, or lost`,
  thresholds: ['unwritten-quiet', 'event-shown'],
  needs: [
    { fact: 'positions', without: 'blind' },
    { fact: 'offsets', without: 'blind' },
    { fact: 'topic-configs', without: 'less-sure' },
    { fact: 'task-records-skipped-total', without: 'less-sure' },
  ],
  traps: [
    'A transactional source has a marker a partition and transaction, which has an offset and is no record: k falls at every flush. So it does where compaction has left gaps. What falls again and again is never asked about, and after three times the flow counts by flushed positions alone.',
    'A transactional source with a transaction now and then looks like an event: read the topic with print.offset before you call it a loss.',
  ],
  wrongIf: ['a transform filters records, or the source is transactional or compacted'],
  remedies: ['compare both topics from the offset where it happened'],
};

export const recordsNotWritten: Rule = {
  id: 'records-not-written',
  fireAfter: 20_000,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => snapshot.flows.flatMap(flow => judgeFlow(flow, snapshot, limits) ?? []),
};

function judgeFlow(flow: FlowView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  if (flow.kind !== 'mirror-source') return undefined;
  const subject = ofFlow(flow);
  const { unwritten } = flow;
  if (unwritten === undefined) return { subject };
  const quiet = Math.max(limits.millis('unwritten-quiet'), 4_000 * flow.flushInterval.seconds);
  const age = snapshot.at - unwritten.at;
  if (age < quiet || age > quiet + limits.millis('event-shown')) return { subject };
  const configs = unwritten.topics.map(name =>
    snapshot.topics.find(t => t.topic === name && t.cluster === flow.source?.cluster),
  );
  const policies = configs.map(t => t && latest(t.config)?.value.values['cleanup.policy']);
  if (policies.some(policy => policy?.includes('compact'))) return { subject };
  const transforms = settingOf(flow, 'transforms');
  const skipped = valueOf(flow.skipped);
  const unreadPolicy = policies.some(policy => policy === undefined);
  return {
    subject,
    finding: made(recordsNotWritten.id, subject, {
      severity: 'info',
      verdict: 'not-written',
      sentence: `at least ${count(unwritten.records)} records of ${listed(unwritten.topics)} were read and not written, ${duration(age)} ago: why?`,
      consequence: 'a question, and no loss yet',
      ...weigh(0.4, [
        { what: 'cleanup.policy of its topics', holds: unreadPolicy ? 'unknown' : true, by: 0.1 },
        { what: 'records skipped', holds: skipped === undefined ? 'unknown' : skipped > 0, by: 0.2 },
        { what: 'transforms', holds: transforms !== undefined, by: -0.2 },
      ]),
      evidence: [
        statement(
          'records fewer in the target',
          `≥ ${count(unwritten.records)}`,
          '0',
          'fall of T − pos',
          true,
          {
            measured: unwritten.records,
            limit: 0,
            unit: 'records',
          },
        ),
        statement('partitions', String(unwritten.partitions), '0', 'bounded positions', true),
        statement(
          'records skipped in 5m',
          count(skipped),
          '0',
          'total-records-skipped',
          skipped === undefined ? 'unknown' : skipped > 0,
        ),
        statement(
          'transforms',
          transforms ?? 'none',
          'none',
          'the connector’s configuration',
          transforms !== undefined,
        ),
      ],
      unchecked: [
        'whether the source is transactional: its markers take offsets',
        ...(unreadPolicy ? ['whether the source is compacted'] : []),
        'keys and timestamps: sampling of records is not there',
      ],
      falsifier: 'a transform filters records, or the source is transactional or compacted',
      byHand: unwritten.topics
        .slice(0, 1)
        .map(
          topic =>
            `kafka-console-consumer.sh --bootstrap-server <${flow.source?.alias ?? 'source'}> --topic ${topic} --partition <p> --offset <o> --property print.offset=true --property print.timestamp=true`,
        ),
      advice: [
        {
          where: `connector ${flow.connector}`,
          lines: ['errors.tolerance=none', 'errors.log.enable=true', 'errors.log.include.messages=false'],
          why: 'what it may not write then stops it, and is in the log',
        },
      ],
    }),
  };
}
