import type { Millis } from '../../core/clock.js';
import { valueOf } from '../../core/known.js';
import { count, duration } from '../../core/units.js';
import type { FlowView, GroupView, Snapshot } from '../../model/snapshot.js';
import { weigh } from '../confidence.js';
import { perSecond, statement } from '../evidence.js';
import type { Finding, Severity, Subject } from '../finding.js';
import type { Limits } from '../limits.js';
import type { Description, Judgement, Rule } from '../rule.js';
import { ofFlow, ofGroup, ofTopic } from '../subject.js';
import { keepLonger } from './kafka-command.js';
import { made } from './make.js';

const description: Description = {
  what: 'Will retention remove records before a group or MirrorMaker 2 has read them, and when?',
  formula: `
C  committed offset, or where MirrorMaker 2 surely stands     R  records/s that retention removes (ΔS/Δt)
S  first offset of the log                                    Q  records/s that are read

time left = (C − S) ÷ (R − Q), of the partition where it is shortest, where R > Q
gate        the first unread record is 120 s old; of a flow: lag ≥ 120 s of arrival, or nothing is read
warning     < 6 h         critical  < 1 h; warning of a group without members that stood so when kmon first looked`,
  thresholds: ['loss-ahead', 'loss-soon', 'loss-age'],
  needs: [
    { fact: 'offsets', without: 'blind' },
    { fact: 'committed', without: 'blind' },
    { fact: 'positions', without: 'blind' },
  ],
  traps: [
    'A log begins at a segment: its start stands still and then leaps. The pace is told from three leaps, or two an hour apart, and nothing before that.',
    'Who reads at the end cannot be overtaken: when traffic falls, retention removes more than is read for a while, and nothing is at risk. Hence the gate.',
    'A compacted topic has no such time.',
  ],
  wrongIf: ['the log start has moved by kafka-delete-records, or retention was changed since'],
  remedies: [
    'raise retention.ms and retention.bytes of the topic before anything else; then what makes the reader slow',
  ],
};

export const retentionRisk: Rule = {
  id: 'retention-risk',
  fireAfter: 20_000,
  keep: 120_000,
  description,
  judge: (snapshot, limits) => [
    ...snapshot.groups.flatMap(group => judgeGroup(group, snapshot, limits) ?? []),
    ...snapshot.flows.flatMap(flow => judgeFlow(flow, snapshot, limits) ?? []),
  ],
};

function judgeGroup(group: GroupView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  const subject = ofGroup(group);
  const timeLag = valueOf(group.timeLag);
  if (timeLag === undefined) return undefined;
  if (timeLag.ms < limits.millis('loss-age')) return { subject };
  const left = valueOf(group.timeToLoss);
  // What is lost already is another finding.
  if (left === undefined || left <= 0) return { subject };
  const rows = group.partitions.flatMap(p => {
    const ms = valueOf(p.timeToLoss);
    return ms === undefined || ms <= 0 ? [] : { p, ms };
  });
  const soonest = rows.sort((a, b) => a.ms - b.ms)[0];
  if (soonest === undefined) return { subject };
  const { p, ms } = soonest;
  const empty = valueOf(group.state) === 'Empty';
  const stood = group.partitions.every(row => valueOf(row.unmoved)?.bound === true);
  return judged(subject, ms, empty && stood, limits, {
    cluster: group.cluster,
    topic: p.topic,
    where: `${p.topic}/${p.partition}`,
    left: (valueOf(p.committed) ?? NaN) - (valueOf(p.start) ?? NaN),
    removal: valueOf(p.removal) ?? NaN,
    pace: valueOf(p.consume) ?? NaN,
    snapshot,
  });
}

function judgeFlow(flow: FlowView, snapshot: Snapshot, limits: Limits): Judgement | undefined {
  if (flow.kind !== 'mirror-source') return undefined;
  const subject = ofFlow(flow);
  const ahead = valueOf(flow.timeToLoss);
  const lag = valueOf(flow.lag);
  if (ahead === undefined || lag === undefined || ahead.ms <= 0) return { subject };
  const arrival = valueOf(flow.arrival.now) ?? 0;
  const behind = lag.low > 0 && (lag.low >= limits.value('loss-age') * arrival || ahead.pace === 0);
  if (!behind) return { subject };
  return judged(subject, ahead.ms, false, limits, {
    cluster: flow.source?.cluster,
    topic: ahead.topic,
    where: `${ahead.topic}/${ahead.partition}`,
    left: ahead.left,
    removal: ahead.removal,
    pace: ahead.pace,
    snapshot,
  });
}

type Reckoned = {
  readonly cluster: string | undefined;
  readonly topic: string;
  readonly where: string;
  readonly left: number;
  readonly removal: number;
  readonly pace: number;
  readonly snapshot: Snapshot;
};

function judged(subject: Subject, ms: Millis, abandoned: boolean, limits: Limits, by: Reckoned): Judgement {
  const level = limits.level(ms / 1000, '<', 'loss-ahead');
  if (level !== 'met' && level !== 'between') return { subject };
  const soon = limits.compare(`time until ${by.where} loses records`, ms / 1000, '<', 'loss-soon');
  const severity: Severity = soon.holds === true && !abandoned ? 'critical' : 'warning';
  const finding = riskOf(subject, severity, ms, limits, by);
  return { subject, finding, ...(level === 'between' && { keepsOnly: true as const }) };
}

function riskOf(subject: Subject, severity: Severity, ms: Millis, limits: Limits, by: Reckoned): Finding {
  return made(retentionRisk.id, subject, {
    severity,
    verdict: 'loss-ahead',
    sentence: `retention reaches unread records of ${by.where} in ${duration(ms)}`,
    consequence: `removes ${perSecond(by.removal)}, reads ${perSecond(by.pace)}`,
    ...weigh(0.85, []),
    evidence: [
      limits.compare('time left, warning', ms / 1000, '<', 'loss-ahead'),
      limits.compare('time left, critical', ms / 1000, '<', 'loss-soon'),
      statement(
        'records before the reader',
        count(by.left),
        `÷ (${perSecond(by.removal)} − ${perSecond(by.pace)})`,
        'log start, committed or flushed position',
        true,
        { measured: by.left, unit: 'records' },
      ),
    ],
    unchecked: ['when the next segment goes: a log start leaps, so that the time is one of the average pace'],
    falsifier: 'the log start stands still for longer than it used to, or the reader overtakes it',
    remedies:
      by.cluster === undefined
        ? []
        : [
            {
              action: 'lengthen-retention',
              cures: true,
              note: 'records stay until they are read; it takes so much more disk',
              target: ofTopic(by.cluster, by.topic),
            },
          ],
    byHand: keepLonger(by.cluster, by.topic, by.snapshot),
    advice: [
      {
        where: `topic ${by.topic}`,
        lines: ['retention.ms=<at least twice the longest stop>', 'retention.bytes=-1'],
        why: 'raise it first: it takes effect at once and is taken back as easily. It costs disk, see bytes of the topic',
      },
    ],
  });
}
