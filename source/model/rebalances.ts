import type { Millis } from '../core/clock.js';
import type { GroupDescription, MemberSeen } from '../core/observation.js';
import type { RebalanceView } from './snapshot.js';

/**
 * Counts episodes: signals within 30 s of each other are one (a cooperative rebalance takes two generations for one
 * change, a lost Connect worker is seen as unassigned tasks first and as moved ones later).
 */
export class Episodes {
  private readonly starts: Millis[] = [];
  private readonly recent: { at: Millis; what: string[] }[] = [];
  private latest = -Infinity;
  private total = 0;

  constructor(private readonly since: Millis) {}

  signal(at: Millis, what: readonly string[]): void {
    if (what.length === 0) return;
    const current = this.recent[this.recent.length - 1];
    if (current !== undefined && at - this.latest <= mergeWithin) {
      for (const text of what) if (!current.what.includes(text)) current.what.push(text);
    } else {
      this.total++;
      this.starts.push(at);
      this.recent.push({ at, what: [...new Set(what)] });
      if (this.recent.length > keptRecent) this.recent.shift();
      if (this.starts.length > keptStarts) this.starts.shift();
    }
    this.latest = Math.max(this.latest, at);
  }

  view(at: Millis): RebalanceView {
    const last = this.starts[this.starts.length - 1];
    return {
      total: this.total,
      lastHour: this.starts.filter(start => start > at - 3_600_000 && start <= at).length,
      ...(last === undefined ? {} : { last }),
      since: this.since,
      recent: this.recent.map(({ at: when, what }) => ({ at: when, what: summary(what) })),
    };
  }
}

const mergeWithin = 30_000;
const keptRecent = 20;
const keptStarts = 1_000;
const namedAtMost = 4;

function summary(what: readonly string[]): string {
  const rest = what.length - namedAtMost;
  return what.slice(0, namedAtMost).join(', ') + (rest > 0 ? `, … ${rest} more` : '');
}

const quietStates = new Set(['Stable', 'Empty', 'Dead']);

/**
 * The signs of a rebalance between two descriptions of a group, in words. States alone miss most rebalances (they
 * last shorter than a poll), so members and owners are compared too.
 */
export function rebalanceSigns(before: GroupDescription | undefined, now: GroupDescription): string[] {
  const signs: string[] = [];
  if (before !== undefined) {
    const was = new Map(before.members.map(m => [m.member, m]));
    const is = new Map(now.members.map(m => [m.member, m]));
    for (const m of before.members) if (!is.has(m.member)) signs.push(`${name(m)} left`);
    for (const m of now.members) if (!was.has(m.member)) signs.push(`${name(m)} joined`);
    if (signs.length === 0 && now.members.some(m => ownsOther(was.get(m.member), m)))
      signs.push('assignment changed');
    if (signs.length === 0 && raised(before.epoch, now.epoch))
      signs.push(`epoch ${before.epoch} → ${now.epoch}`);
  }
  if (signs.length === 0 && !quietStates.has(now.state)) signs.push(`state ${now.state}`);
  return signs;
}

function name(m: MemberSeen): string {
  if (m.url !== undefined) return `worker ${workerId(m.url)}`;
  return `member ${m.instance ?? m.clientId}@${m.host.replace(/^\//, '')}`;
}

/** `http://10.0.3.12:8083/` is the worker `10.0.3.12:8083`, as the status of its tasks names it. */
export function workerId(url: string): string {
  return url.replace(/^[a-z+]+:\/\//i, '').replace(/\/.*$/, '');
}

function ownsOther(before: MemberSeen | undefined, now: MemberSeen): boolean {
  if (before?.assignment === undefined || now.assignment === undefined) return false;
  return owned(before.assignment) !== owned(now.assignment);
}

function owned(assignment: NonNullable<MemberSeen['assignment']>): string {
  return assignment
    .map(({ topic, partitions }) => `${topic}:${[...partitions].sort((a, b) => a - b).join()}`)
    .sort()
    .join(';');
}

function raised(before: number | undefined, now: number | undefined): boolean {
  return before !== undefined && now !== undefined && now > before;
}
