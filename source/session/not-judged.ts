import { explain, failure, sentence, type Failure } from '../core/failure.js';
import { isKnown, latest } from '../core/known.js';
import { subjectText } from '../core/subject-text.js';
import type { SubjectKind, Unjudged } from '../diagnose/finding.js';
import { noCommits, type GroupView, type Snapshot } from '../model/snapshot.js';
import type { EndpointView, View } from './view.js';

/** Something that nothing can be said about now: that nothing was found says nothing of it. */
export type NotJudged = {
  /** `flow mm2-source`, `lag of group billing`, `group-skew of 3 groups (a, b, c)`. */
  readonly what: string;
  /** One sentence. */
  readonly reason: string;
  /** The same in a word or a few: `unauthorised`, `needs 4 samples over 12 s`. */
  readonly brief: string;
  readonly next: string;
  /**
   * Kmon asked for it and did not get to see it: that is never taken for health. Not so what there is none of here, for which no
   * time and no right would help, and what only takes longer than a check.
   */
  readonly required: boolean;
  /** Time alone will tell: a first answer, a window that fills. */
  readonly early: boolean;
  /** None of its kind was judged. */
  readonly whole: boolean;
  /** A question about flows for which this site exports no metric: it will not be judged here, and is said beside what was. */
  readonly aside?: true;
};

/** Why nothing is said: time will tell; it was asked for and not seen; or this site has nothing to judge it by, and no time helps. */
export type NotJudgedState = 'early' | 'unseen' | 'unavailable';

export function stateOf({ early, required }: NotJudged): NotJudgedState {
  if (early) return 'early';
  return required ? 'unseen' : 'unavailable';
}

/**
 * All that nothing can be said about, except findings that only form. What `kmon check` calls unknown and what the
 * screen does not call well are this one list.
 */
export function notJudged(view: Pick<View, 'endpoints' | 'snapshot' | 'unjudged'>): readonly NotJudged[] {
  const missing = [
    ...view.endpoints.flatMap(endpointNotSeen),
    ...view.snapshot.clusters.flatMap(clusterNotSeen),
    ...flowsNotJudged(view),
    ...groupsNotJudged(view.snapshot),
    ...othersNotJudged(view),
  ];
  const { flows, groups } = view.snapshot;
  return missing.length === 0 && flows.length + groups.length === 0 ? [nothingToJudge] : missing;
}

const nothingToJudge: NotJudged = {
  what: 'flows and groups',
  reason: 'there is none to judge',
  brief: 'there is none',
  next: 'is this the right cluster, and may this user see its groups?',
  required: true,
  early: false,
  whole: true,
};

function endpointNotSeen({ name, status }: EndpointView): NotJudged[] {
  if (status.is === 'live') return [];
  if (status.is === 'failing') return [because(name, status.failure, true)];
  const why = failure('early', name, 'no answer yet');
  return [{ ...because(name, why, true), reason: 'it has not answered yet' }];
}

function clusterNotSeen(c: Snapshot['clusters'][number]): NotJudged[] {
  const brokers = isKnown(c.brokers) ? c.brokers.value : [];
  return [
    ...(c.blind ? [because(`cluster ${c.name}`, c.blind, true)] : []),
    ...(isKnown(c.groupListing) ? [] : [because(`groups of ${c.name}`, c.groupListing.unknown, true)]),
    ...brokers.flatMap(b =>
      isKnown(b.answers) ? [] : [because(`broker ${b.id} of ${c.name}`, b.answers.unknown, true)],
    ),
  ];
}

/** Without these of a flow nothing is known that matters, whatever the reason is. */
const mainRules: ReadonlySet<string> = new Set(['flow-running', 'flow-limits']);

/**
 * Of a MirrorMaker flow every rule of flows has to say something; of the others, that they run is all that can be said. A rule beside the
 * main ones for which the site exports no metric (`unsupported`) is told once for all flows, and leaves the others their word.
 */
export function flowsNotJudged({ unjudged, snapshot }: Pick<View, 'unjudged' | 'snapshot'>): NotJudged[] {
  const first = new Map<string, Unjudged>();
  const aside = new Map<string, Unjudged[]>();
  for (const one of unjudged) {
    const flow = snapshot.flows.find(f => one.subject.kind === 'flow' && f.id === one.subject.id);
    if (flow === undefined || (flow.kind !== 'mirror-source' && one.rule !== 'flow-running')) continue;
    if (one.why.kind === 'unsupported' && !mainRules.has(one.rule))
      aside.set(one.rule, [...(aside.get(one.rule) ?? []), one]);
    else if (!first.has(flow.id)) first.set(flow.id, one);
  }
  const open = [...first.values()].map(({ rule, subject, why }): NotJudged => {
    const missing = because(`flow ${subject.name}`, why, true);
    return missing.early ? missing : { ...missing, brief: `${rule}: ${missing.brief}` };
  });
  return [...open, ...[...aside.values()].flatMap(notJudgedHere)];
}

/** `producer-retries of 3 flows (a, b, c)`, in brief `producer-retries, no producer-record-retry-rate`. */
function notJudgedHere(all: readonly Unjudged[]): NotJudged[] {
  const [first] = all;
  if (first === undefined) return [];
  const { rule, subject, why } = first;
  const names = all.map(one => one.subject.name);
  const whom = names.length === 1 ? subjectText(subject) : `${names.length} flows (${some(names)})`;
  return [{ ...because(`${rule} of ${whom}`, why, false), brief: `${rule}, no ${why.subject}`, aside: true }];
}

function groupsNotJudged({ groups }: Snapshot): NotJudged[] {
  const unseen = groups.flatMap(groupNotSeen);
  const measured = groups.filter(g => isKnown(g.lag));
  const young = measured.filter(g => g.isYoung);
  const [first] = young;
  if (first === undefined || isKnown(first.lagSlope)) return unseen;
  const what = young.length === 1 ? `trend of group ${first.group}` : `trend of ${young.length} groups`;
  return [...unseen, because(what, first.lagSlope.unknown, false, young.length === measured.length)];
}

/** One line a group: the first of its facts that is missing. */
function groupNotSeen(g: GroupView): NotJudged[] {
  const { group, state, lag, assignment } = g;
  if (!isKnown(state)) return [because(`group ${group}`, state.unknown, true)];
  // Kinds of groups that have no lag by offsets are told apart by the model.
  if (!isKnown(lag) && lag.unknown.kind !== 'unsupported' && !isEmpty(g))
    return [because(`lag of group ${group}`, lag.unknown, true)];
  if (!isKnown(assignment) && !isNoneOrEarly(assignment.unknown))
    return [because(`members of group ${group}`, assignment.unknown, true)];
  return isKnown(lag) ? partsNotSeen(g) : [because(`lag of group ${group}`, lag.unknown, false)];
}

function partsNotSeen({ group, unknownPartitions }: GroupView): NotJudged[] {
  if (unknownPartitions === 0) return [];
  return [
    {
      what: `lag of ${unknownPartitions} partitions of group ${group}`,
      reason: 'its committed or end offset is not known',
      brief: 'offsets not known',
      next: 'kmon lag names each of them, with the reason',
      required: true,
      early: false,
      whole: false,
    },
  ];
}

/** A group without a commit has no lag, and none is missing. */
function isEmpty({ lag }: GroupView): boolean {
  return !isKnown(lag) && lag.unknown.detail === noCommits;
}

/**
 * Groups, topics, brokers and whatever else rules speak of: of a group or a topic nothing is wrong because its window is not
 * filled. A rule that cannot judge a hundred groups for one reason is told once.
 */
function othersNotJudged({ unjudged, snapshot }: Pick<View, 'unjudged' | 'snapshot'>): NotJudged[] {
  // What is not known of these is told already, by its own name.
  const told = new Set(snapshot.groups.filter(g => !isKnown(g.state) || !isKnown(g.lag)).map(g => g.id));
  const alike = new Map<string, Unjudged[]>();
  for (const one of unjudged) {
    const { kind, id } = one.subject;
    if (kind === 'flow' || (kind === 'group' && told.has(id))) continue;
    const key = `${one.rule} ${kind} ${one.why.kind}`;
    const all = alike.get(key);
    if (all === undefined) alike.set(key, [one]);
    else all.push(one);
  }
  return [...alike.values()].flatMap(all => {
    const [first] = all;
    if (first === undefined) return [];
    const { rule, subject, why } = first;
    const names = all.map(one => one.subject.name);
    const whom =
      names.length === 1 ? subjectText(subject) : `${names.length} ${subject.kind}s (${some(names)})`;
    const whole = names.length >= countOf(subject.kind, snapshot);
    return [because(`${rule} of ${whom}`, why, !isNoneOrEarly(why), whole)];
  });
}

/** How many there are of a kind; of kinds that are not counted, one. */
function countOf(kind: SubjectKind, { groups, topics, clusters, workers, connects }: Snapshot): number {
  switch (kind) {
    case 'group':
      return groups.length;
    case 'topic':
      return topics.length;
    case 'cluster':
      return clusters.length;
    case 'broker':
      return clusters.reduce((sum, { brokers }) => sum + (latest(brokers)?.value.length ?? 0), 0);
    case 'worker':
      return workers.length;
    case 'connect':
      return connects.length;
    default:
      return 1;
  }
}

function isNoneOrEarly({ kind }: Failure): boolean {
  return kind === 'unsupported' || kind === 'absent' || kind === 'early';
}

function some(names: readonly string[]): string {
  return names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');
}

function because(what: string, why: Failure, required: boolean, whole = true): NotJudged {
  const early = why.kind === 'early';
  return {
    what,
    reason: sentence(why),
    brief: early ? why.detail || explain(why).meaning : why.kind,
    next: explain(why).nextStep,
    required,
    early,
    whole,
  };
}
