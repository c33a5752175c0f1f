import { sentence } from '../core/failure.js';
import { isKnown, latest, type Known } from '../core/known.js';
import { subjectText } from '../core/subject-text.js';
import { bytes, count, duration, latency, percent, plural } from '../core/units.js';
import type { Evidence, Finding, LiveFinding, PastFinding, Subject } from '../diagnose/finding.js';
import type { FlowView, GroupView, TopicView } from '../model/snapshot.js';
import { followersOf, withConsequences } from '../session/consequences.js';
import type { ChangeView, View } from '../session/view.js';
import { currentEntry, countsByVerdict, type Entry } from './found.js';
import { age, lagText, slope } from './format.js';
import { machineId, machinesOf, type MachineItem } from './machines.js';
import { plainText } from './row.js';
import { currentChange, standing } from './selection.js';
import { flowSinceRows, groupSinceRows, machineSinceRows, topicSinceRows } from './since.js';
import { subjectAtCursor } from './subject.js';
import { nameInId, replicasText, topicTroubles } from './topics.js';
import type { Ui } from './ui.js';

/** What a copy is of, in a word or two, and its text. */
export type Copied = { readonly what: string; readonly text: string };

/**
 * What is selected, as plain text that is understood in a chat, by someone who does not see the screen: the site and the
 * time in UTC first, then the sentence, its age and its numbers. Undefined where nothing is selected.
 */
export function copied(view: View, ui: Ui): Copied | undefined {
  const of = selected(view, ui);
  if (of === undefined) return undefined;
  const from = `kmon ${view.site.context}, ${utc(view.at)}${view.replay ? ' (a recording)' : ''}`;
  return { what: of.what, text: [from, ...of.lines].map(harmless).join('\n') };
}

type Selected = { readonly what: string; readonly lines: readonly string[] };

function selected(view: View, ui: Ui): Selected | undefined {
  if (ui.at === 'findings') {
    const entry = currentEntry(view, ui);
    return (
      entry && {
        what: entry.is === 'unjudged' ? 'what is not judged' : 'the finding',
        lines: entryLines(entry, view),
      }
    );
  }
  if (ui.at === 'changes') {
    const change = currentChange(view, ui);
    return change && { what: 'the change', lines: changeLines(change) };
  }
  const subject = subjectAtCursor(view, ui);
  if (subject === undefined) return undefined;
  const { snapshot, at } = view;
  const flow = subject.kind === 'flow' ? snapshot.flows.find(one => one.id === subject.id) : undefined;
  if (flow)
    return {
      what: `flow ${flow.connector}`,
      lines: [
        ...flowLines(flow, at),
        ...flowSinceRows(view, flow).map(one => ` ${plainText(one)}`),
        ...foundLines(view, subject),
      ],
    };
  const group = subject.kind === 'group' ? snapshot.groups.find(one => one.id === subject.id) : undefined;
  if (group)
    return {
      what: `group ${group.group}`,
      lines: [
        ...groupLines(group, at),
        ...groupSinceRows(view, group).map(one => ` ${plainText(one)}`),
        ...foundLines(view, subject),
      ],
    };
  const topic = subject.kind === 'topic' ? snapshot.topics.find(one => one.id === subject.id) : undefined;
  if (topic)
    return {
      what: `topic ${topic.topic}`,
      lines: [
        ...topicLines(topic, at),
        ...topicSinceRows(view, topic).map(one => ` ${plainText(one)}`),
        ...foundLines(view, subject),
      ],
    };
  const machine = machinesOf(view).find(one => one.id === machineId(subject.kind, subject.id));
  if (machine)
    return {
      what: machine.name,
      lines: [
        ...machineLines(machine, at),
        ...machineSinceRows(view, machine).map(one => ` ${plainText(one)}`),
        ...foundLines(view, subject),
      ],
    };
  return undefined;
}

function entryLines(entry: Entry, view: View): readonly string[] {
  if (entry.is === 'unjudged') {
    const { rule, subjects } = entry.unjudged;
    return [
      `${rule} cannot be judged:`,
      ...subjects.map(({ subject, why }) => `  ${subjectText(subject)}: ${sentence(why)}`),
    ];
  }
  const { finding } = entry;
  const cause = entry.is === 'live' ? entry.causes.at(-1) : undefined;
  const followers = entry.is === 'live' ? followersOf(entry.finding) : [];
  const lines = (title: string, all: readonly string[]): readonly string[] =>
    all.length === 0 ? [] : [title, ...all.map(one => `  ${one}`)];
  return [
    `${finding.severity.toUpperCase()} ${subjectText(finding.subject)}: ${finding.sentence}; ${finding.consequence}`,
    `${entry.is === 'past' ? pastStand(entry.finding) : liveStand(entry.finding, view)}; ${finding.verdict}, ${finding.confidence} confidence (${finding.certainty.toFixed(2)})`,
    ...(cause === undefined ? [] : [`follows from ${subjectText(cause.subject)}: ${cause.sentence}`]),
    ...(followers.length === 0 ? [] : [`${followers.length} follow from it: ${countsByVerdict(followers)}`]),
    ...lines('because:', finding.evidence.map(evidenceLine)),
    ...lines('not checked:', finding.unchecked),
    ...lines('would be wrong if:', [finding.falsifier].filter(Boolean)),
    ...lines(
      'remedies:',
      finding.remedies.map(
        ({ action, cures, note }) => `${action}${cures ? '' : ' (does not cure)'}: ${note}`,
      ),
    ),
    ...finding.advice.flatMap(({ where, lines: exact, why }) => lines(`${where} (${why}):`, exact)),
    ...lines('by hand:', finding.byHand),
  ];
}

function liveStand({ phase, since, sinceIsBound, firesAt }: LiveFinding, { at }: View): string {
  const stands = `${phase === 'pending' ? 'forming' : phase} for ${age(since, at, sinceIsBound)}, since ${utc(since)}`;
  return firesAt !== undefined && firesAt > at ? `${stands}, fires in ${duration(firesAt - at)}` : stands;
}

function pastStand({ since, sinceIsBound, endedAt }: PastFinding): string {
  return `over: ${utc(since)} to ${utc(endedAt)}, ${age(since, endedAt, sinceIsBound)}`;
}

function evidenceLine({ what, value, threshold, holds, window }: Evidence): string {
  const mark = holds === 'unknown' ? '[?]' : holds ? '[x]' : '[ ]';
  return `${mark} ${what}: ${value} (${threshold}${window === undefined ? '' : ` over ${duration(window * 1000)}`})`;
}

function flowLines(flow: FlowView, at: number): readonly string[] {
  const { source, target, kind, tasks, connect, rebalances } = flow;
  const way = source && target ? `${source.alias} → ${target.alias}, ` : '';
  const states = countsByVerdict(tasks.map(task => ({ verdict: task.state })));
  return [
    `flow ${flow.connector} (${way}${kind}, ${subjectText({ kind: 'connect', name: connect })}): ${said(flow.state, at, String)}`,
    `  lag: ${said(flow.lag, at, lagText)}, growing ${said(flow.lagSlope, at, slope)}`,
    `  poll: ${said(flow.poll.now, at, rate)}, write: ${said(flow.write.now, at, rate)}, arrival: ${said(flow.arrival.now, at, rate)}`,
    `  in flight: ${said(flow.inFlight, at, count)}, buffer: ${said(flow.bufferUsed, at, percent)}, throttle: ${said(flow.throttle, at, latency)}`,
    `  tasks: ${states || 'none'}; rebalances in the last hour: ${rebalances.lastHour}`,
  ];
}

function groupLines(group: GroupView, at: number): readonly string[] {
  const unseen = group.unknownPartitions > 0 ? ` (${group.unknownPartitions} of them unknown)` : '';
  return [
    `group ${group.group} (cluster ${group.cluster}, ${group.type}): ${said(group.state, at, String)}`,
    `  lag: ${said(group.lag, at, count)}, growing ${said(group.lagSlope, at, slope)}, in time: ${said(group.timeLag, at, lag => duration(lag.ms))}`,
    `  consume: ${said(group.consume, at, rate)}, drains in: ${said(group.drain, at, duration)}`,
    `  members: ${said(group.members, at, members => String(members.length))}; partitions: ${group.partitionCount}${unseen}; rebalances in the last hour: ${group.rebalances.lastHour}`,
  ];
}

function topicLines(topic: TopicView, at: number): readonly string[] {
  const { readers, writers } = topic;
  const names = (ids: readonly string[]): string => ids.map(nameInId).join(', ') || 'nobody';
  const state = topicTroubles(topic)
    .map(({ text }) => text)
    .join(', ');
  return [
    `topic ${topic.topic} (cluster ${topic.cluster}): ${state || 'not described'}`,
    `  partitions: ${topic.partitionCount}, replicas: ${said(topic.replicas, at, replicasText)}`,
    `  write: ${said(topic.arrival, at, rate)}, size over all replicas: ${said(topic.bytes, at, bytes)}`,
    `  read by: ${names([...readers.groups, ...readers.flows])}; written by: ${writers.length > 0 ? names(writers) : 'no flow'}`,
  ];
}

function machineLines(item: MachineItem, at: number): readonly string[] {
  const { name, of, machine, role, throttle, latency: takes } = item;
  const does =
    role.is === 'worker'
      ? `worker of ${of}: ${plural(role.worker.tasks, 'task')}`
      : `${role.broker.address}: ${isKnown(role.broker.answers) ? 'answers' : `does not answer: ${sentence(role.broker.answers.unknown)}`}, leads ${plural(role.broker.leaders, 'partition')}`;
  return [
    `${name} (${does})`,
    `  CPU: ${said(machine.processCpu, at, percent)} (host ${said(machine.hostCpu, at, percent)}), heap: ${said(machine.heap, at, percent)}, memory: ${said(machine.hostMemory, at, percent)}`,
    `  GC: ${said(machine.gcShare, at, percent)}, network: ${said(machine.network, at, n => `${bytes(n)}/s`)}`,
    role.is === 'worker'
      ? `  worst producer: throttled ${said(throttle, at, latency)}, requests take ${said(takes, at, latency)}`
      : `  disk: ${said(role.broker.bytes, at, bytes)} in ${said(role.broker.replicas, at, count)} replicas`,
  ];
}

/** Findings about the subject, a line each. */
function foundLines(view: View, { kind, id }: Pick<Subject, 'kind' | 'id'>): readonly string[] {
  return standing(view)
    .flatMap(withConsequences)
    .filter(one => one.subject.kind === kind && one.subject.id === id)
    .map(one => `  ${foundLine(one)}; ${age(one.since, view.at, one.sinceIsBound)}`);
}

function foundLine({ severity, sentence: said, consequence }: Finding): string {
  return `${severity.toUpperCase()}: ${said}; ${consequence}`;
}

function changeLines({ plan, steps }: ChangeView): readonly string[] {
  return [
    plan.title,
    ...plan.changes.map(({ key, from, to }) => `  ${key}: ${from ?? 'not set'} → ${to ?? 'not set'}`),
    ...steps.map(step => `  ${utc(step.at)} ${step.state}: ${step.text}`),
  ];
}

/** The value; what it last was and how long ago; or why it is not known. */
function said<T>(known: Known<T>, at: number, format: (value: T) => string): string {
  if (isKnown(known)) return format(known.value);
  const last = latest(known);
  const why = `unknown: ${sentence(known.unknown)}`;
  return last === undefined ? why : `${format(last.value)} ${duration(at - last.at)} ago (now ${why})`;
}

function rate(perSecond: number): string {
  return `${count(perSecond)}/s`;
}

function utc(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString().replace(/\.\d+Z$/, 'Z') : 'an unknown time';
}

/** Names come from outside, and the text goes into other terminals: nothing in it commands one. */
function harmless(line: string): string {
  return line.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '?');
}
