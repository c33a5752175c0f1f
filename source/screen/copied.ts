import { sentence } from '../core/failure.js';
import { isKnown, latest, type Known } from '../core/known.js';
import { count, duration, percent } from '../core/units.js';
import type { Evidence, Finding, LiveFinding, PastFinding, Subject } from '../diagnose/finding.js';
import type { FlowView, GroupView } from '../model/snapshot.js';
import type { ChangeView, View } from '../session/view.js';
import { currentEntry, countsByVerdict, followersOf, type Entry } from './found.js';
import { age, lagText, slope, subjectText } from './format.js';
import { plainText } from './row.js';
import { currentChange, standing } from './selection.js';
import { flowSinceRows, groupSinceRows } from './since.js';
import { subjectAtCursor } from './subject.js';
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
    `  in flight: ${said(flow.inFlight, at, count)}, buffer: ${said(flow.bufferUsed, at, percent)}, throttle: ${said(flow.throttle, at, ms)}`,
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

/** Findings about the subject, a line each. */
function foundLines(view: View, { kind, id }: Pick<Subject, 'kind' | 'id'>): readonly string[] {
  return standing(view)
    .flatMap(one => [one, ...followersOf(one)])
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

function ms(value: number): string {
  return `${count(value)} ms`;
}

function utc(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString().replace(/\.\d+Z$/, 'Z') : 'an unknown time';
}

/** Names come from outside, and the text goes into other terminals: nothing in it commands one. */
function harmless(line: string): string {
  return line.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '?');
}
