import { valueOf } from '../../core/known.js';
import { count, plural } from '../../core/units.js';
import type { FlowView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { statement } from '../evidence.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow } from '../subject.js';
import { keepLonger } from './kafka-command.js';
import { isNews, listed, made } from './make.js';

const description: Description = {
  what: 'Did the source’s retention remove records before MirrorMaker 2 had read them?',
  formula: `
N  flushed position (Connect's offsets)      S  first offset of the source's log      k = T − pos, see records-not-written

behind   N + 1 < S for longer than it takes to flush twice: at most S − (N + 1) records are gone before they were read
passed   N leapt over such a gap, and k fell: at least as many records as k fell by never reached the target
critical both: MirrorMaker 2 goes on at the log start without a word (auto.offset.reset=earliest), its task RUNNING`,
  thresholds: ['event-shown'],
  needs: [
    { fact: 'positions', without: 'blind' },
    { fact: 'offsets', without: 'blind' },
    { fact: 'connectors', without: 'blind' },
  ],
  traps: [
    'A flushed position is as old as the last flush (60 s by default): what retention removed behind it may have been read since. Hence the wait.',
    'kafka-delete-records moves the log start, too, also past what was replicated.',
  ],
  wrongIf: ['the positions of the connector were never flushed, or the records were deleted on purpose'],
  remedies: ['raise retention at the source; then what makes the flow slow'],
};

export const mirrorOverrun: Rule = {
  id: 'mirror-overrun',
  fireAfter: 0,
  keep: 60_000,
  description,
  judge: (snapshot, limits) => snapshot.flows.flatMap(flow => judgeFlow(flow, snapshot, limits) ?? []),
};

function judgeFlow(flow: FlowView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  if (flow.kind !== 'mirror-source') return undefined;
  const subject = ofFlow(flow);
  const { belowStart: below, unwritten } = flow;
  const passed =
    unwritten !== undefined && unwritten.removed > 0 && isNews(unwritten.at, snapshot.at, limits)
      ? unwritten
      : undefined;
  if (below === undefined && passed === undefined) return { subject };
  const least = passed ? Math.min(passed.records, passed.removed) : 0;
  const most = (below?.records ?? 0) + (passed?.removed ?? 0);
  const where = below?.worst ?? listed(passed?.topics ?? []);
  const topic = below?.worst.replace(/\/\d+$/, '') ?? passed?.topics[0] ?? '<topic>';
  const finding = made(mirrorOverrun.id, subject, {
    severity: 'critical',
    verdict: passed ? 'records-passed-over' : 'behind-log-start',
    sentence: passed
      ? `retention at the source overtook it: ${least === most ? '' : `${count(least)}…`}${count(most)} records never reached the target (${where})`
      : `its positions lie before the source’s log start in ${plural(below?.partitions ?? 0, 'partition')}: at most ${count(most)} records are gone (${where})`,
    consequence: passed ? 'lost to the target' : 'it will go on behind them, without a word',
    ...weigh(passed ? 0.85 : 0.7, [
      { what: 'the state of its tasks', holds: flow.tasks.length > 0 ? true : 'unknown', by: 0.1 },
    ]),
    evidence: [
      statement(
        'records between flushed positions and log starts',
        count(below?.records ?? 0),
        '0',
        'Connect’s offsets, log starts of the source',
        below !== undefined,
        { measured: below?.records ?? 0, limit: 0, unit: 'records' },
      ),
      statement(
        'records that fewer were written than read',
        passed ? `≥ ${count(passed.records)}` : '0',
        '0',
        'fall of T − pos',
        passed !== undefined,
        { measured: passed?.records ?? 0, limit: 0, unit: 'records' },
      ),
    ],
    unchecked: passed ? [] : ['what was read since the last flush: the count is one from above'],
    falsifier:
      'the records were deleted on purpose, or had been replicated under positions that were altered since',
    byHand: keepLonger(flow.source?.cluster, topic, snapshot),
    advice: [
      {
        where: `topic ${topic} at the source`,
        lines: ['retention.ms=<at least twice the longest stop of replication>', 'retention.bytes=-1'],
        why: 'MirrorMaker 2 sets auto.offset.reset=earliest for itself and passes over what is gone: only retention that outlasts its stops keeps the copy whole',
      },
    ],
    explains: [
      { rule: 'records-not-written', subject: { kind: 'flow', id: flow.id } },
      { rule: 'retention-risk', subject: { kind: 'flow', id: flow.id } },
    ],
  });
  const flushes = 2 * flow.flushInterval.seconds * 1000;
  const stopped = valueOf(flow.state) === 'STOPPED';
  return { subject, finding, fireAfter: passed || stopped ? 0 : flushes };
}
