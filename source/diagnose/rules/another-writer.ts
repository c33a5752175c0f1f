import { count, duration } from '../../core/units.js';
import type { FlowView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow } from '../subject.js';
import { isNews, listed, made } from './make.js';

const description: Description = {
  what: 'Does somebody else write into the topics that a flow writes?',
  formula: `
rose     T − S > the most that k was, without a restart, election or retry that was seen: records came into the target
         that this flow did not bring
writer   it rose twice or more, and no restart was seen within a minute of it
unclear  it rose once: a restart that was not seen looks the same
info     named, and no duplicates claimed. The lag of such a flow then counts by flushed positions alone`,
  thresholds: ['event-shown', 'unclaimed-wait'],
  needs: [
    { fact: 'positions', without: 'blind' },
    { fact: 'offsets', without: 'blind' },
    { fact: 'connectors', without: 'less-sure' },
  ],
  traps: [
    'Markers of transactions in the target take offsets: a flow under exactly-once is not judged.',
    'A second flow into the same topic is another writer, too, and is named where kmon watches it.',
  ],
  wrongIf: ['a worker was restarted so fast that its status never told'],
  remedies: ['give each writer a topic of its own'],
};

export const anotherWriter: Rule = {
  id: 'another-writer',
  fireAfter: 10_000,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => snapshot.flows.flatMap(flow => judgeFlow(flow, snapshot, limits) ?? []),
};

function judgeFlow(flow: FlowView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  if (flow.kind !== 'mirror-source') return undefined;
  const subject = ofFlow(flow);
  const { foreign, restarts } = flow;
  const { at } = snapshot;
  if (foreign === undefined || !isNews(foreign.at, at, limits)) return { subject };
  const wait = limits.millis('unclaimed-wait');
  const restarted = restarts.last !== undefined && Math.abs(restarts.last - foreign.at) <= wait;
  const often = foreign.times > foreign.partitions;
  if (restarted || (!often && at - foreign.at < wait)) return { subject };
  const others = snapshot.topics.filter(
    t =>
      t.cluster === flow.target?.cluster &&
      t.writers.length > 1 &&
      t.writers.includes(flow.id) &&
      foreign.topics.some(source => t.topic === source || t.topic.endsWith(source)),
  );
  const flows = [...new Set(others.flatMap(t => t.writers))].filter(id => id !== flow.id);
  const where = `the copies of ${listed(foreign.topics)}`;
  return {
    subject,
    finding: made(anotherWriter.id, subject, {
      severity: 'info',
      verdict: often || flows.length > 0 ? 'another-writer' : 'unexplained-records',
      sentence:
        often || flows.length > 0
          ? `somebody else writes into ${where}: ${flows.length > 0 ? listed(flows) : 'no flow that is watched'}`
          : `${where} got at least ${count(foreign.records)} records that it did not bring: another writer, or a restart that was not seen`,
      consequence: 'its lag counts by flushed positions',
      ...weigh(0.35, [
        { what: 'that it happens again and again', holds: often, by: 0.35 },
        { what: 'another flow into the same topic', holds: flows.length > 0, by: 0.25 },
      ]),
      evidence: [
        statement(
          'records that it did not bring',
          `≥ ${count(foreign.records)}`,
          '0',
          'rise of T − pos without a cause',
          true,
          {
            measured: foreign.records,
            limit: 0,
            unit: 'records',
          },
        ),
        statement(
          'last seen',
          `${duration(at - foreign.at)} ago`,
          'no restart within a minute',
          'Connect’s status',
          true,
        ),
        statement(
          'partitions, and how often',
          `${foreign.partitions}, ${foreign.times} times`,
          'more often than once each',
          'bounded positions',
          often,
        ),
      ],
      unchecked: ['who it is: brokers tell no producers without ids'],
      falsifier: 'a worker was restarted so fast that its status never told',
      byHand: [
        `kafka-transactions.sh --bootstrap-server <${flow.target?.cluster ?? 'target'}> describe-producers --topic <topic> --partition 0   # producers with an id only`,
      ],
      advice: [
        {
          where: 'the other producer',
          lines: ['# a topic of its own: what a flow writes belongs to the flow alone'],
          why: 'a copy that others write to can be compared with its source no longer, nor be made again from it',
        },
      ],
    }),
  };
}
