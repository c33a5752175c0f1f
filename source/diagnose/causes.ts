import type { Millis } from '../core/clock.js';
import type { Explains, LiveFinding, Severity } from './finding.js';
import type { Limits } from './limits.js';

const order: { readonly [S in Severity]: number } = { critical: 0, warning: 1, info: 2 };

export function isWorse(a: Severity, b: Severity): boolean {
  return order[a] < order[b];
}

/**
 * Critical first; then what holds before what no longer does, or was not looked at for a while; then what is wrong with the site before
 * what kmon does not see of it; then what others follow from, which is what goes on now; then the oldest.
 */
export function bySeverity(a: LiveFinding, b: LiveFinding): number {
  return (
    order[a.severity] - order[b.severity] ||
    gone(a) - gone(b) ||
    ofSight(a) - ofSight(b) ||
    alone(a) - alone(b) ||
    a.since - b.since
  );
}

/** 1 where neither it nor anything that follows from it holds any more, as far as is known now. */
function gone({ phase, unjudgedFor, consequences }: LiveFinding): number {
  const isOver = phase === 'resolving' || unjudgedFor !== undefined;
  return isOver && consequences.every(c => gone(c) === 1) ? 1 : 0;
}

/** 1 where nothing follows from it. */
function alone({ consequences }: LiveFinding): number {
  return consequences.length === 0 ? 1 : 0;
}

function ofSight({ subject }: LiveFinding): number {
  return subject.kind === 'watch' ? 1 : 0;
}

/**
 * Puts what a cause explains under it: a dead broker is one finding, not forty. What is explained by something that is
 * itself explained comes under that. A cause is as severe as the worst that follows from it, unless that is excused.
 */
export function nest(flat: readonly LiveFinding[], limits: Limits, at: Millis): readonly LiveFinding[] {
  const links = linksOf(flat, limits.millis('cause-lead'), at);
  const withConsequences = (finding: LiveFinding): LiveFinding => {
    const consequences = flat
      .filter(one => links.get(one)?.cause === finding)
      .map(one => ({ ...withConsequences(one), ...(links.get(one)?.excuses && { excused: true as const }) }))
      .sort(bySeverity);
    const counted = consequences.filter(c => c.phase === 'firing' && c.excused !== true);
    const severity = [finding, ...counted].sort(bySeverity)[0]?.severity ?? finding.severity;
    return { ...finding, consequences, severity };
  };
  return flat
    .filter(finding => !links.has(finding))
    .map(withConsequences)
    .sort(bySeverity);
}

type Link = { readonly cause: LiveFinding; readonly excuses: boolean };

/** The cause of each finding that has one: the worst that explains it, and never one of its own consequences. */
function linksOf(flat: readonly LiveFinding[], lead: Millis, at: Millis): ReadonlyMap<LiveFinding, Link> {
  const links = new Map<LiveFinding, Link>();
  const causes = flat.filter(f => f.explains !== undefined && f.explains.length > 0).sort(bySeverity);
  // The least severe first: of two that explain each other the worse stays on top.
  for (const finding of [...flat].sort(bySeverity).reverse())
    for (const cause of causes) {
      if (cause === finding || !mayExplain(cause, finding, lead) || leadsTo(finding, cause, links)) continue;
      const by = cause.explains?.find(one => matches(one, finding, at));
      if (by === undefined) continue;
      links.set(finding, { cause, excuses: by.excuses === true });
      break;
    }
  return links;
}

/** What only forms takes nothing that fires under it, and what came later explains nothing that was there before. */
function mayExplain(cause: LiveFinding, finding: LiveFinding, lead: Millis): boolean {
  if (cause.phase === 'pending' && finding.phase !== 'pending') return false;
  return cause.sinceIsBound || finding.since >= cause.since - lead;
}

/** Whether `cause` is explained, over any number of steps, by `finding`. */
function leadsTo(finding: LiveFinding, cause: LiveFinding, links: ReadonlyMap<LiveFinding, Link>): boolean {
  for (let up = links.get(cause)?.cause; up !== undefined; up = links.get(up)?.cause)
    if (up === finding) return true;
  return false;
}

function matches({ rule, subject, until }: Explains, finding: LiveFinding, at: Millis): boolean {
  if (until !== undefined && at > until) return false;
  const { kind, id } = finding.subject;
  return (
    fits(rule, finding.rule) &&
    (subject?.kind === undefined || subject.kind === kind) &&
    fits(subject?.id, id)
  );
}

function fits(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
