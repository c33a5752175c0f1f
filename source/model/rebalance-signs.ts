import type { GroupDescription, MemberSeen } from '../core/observation.js';
import type { RebalanceReason } from './rebalance-view.js';

/** What two looks at a group say of a rebalance between them. */
export type Signs = {
  /** In words; empty where there was none. */
  readonly what: readonly string[];
  /** Members by what stays the same when they restart. */
  readonly left: readonly string[];
  readonly joined: readonly string[];
  /** Static members that came back as somebody else: where nothing else changed, no rebalance was made for them. */
  readonly returned: readonly string[];
  /** Beside members that come and go. */
  readonly reasons: readonly RebalanceReason[];
};

export const noSigns: Signs = { what: [], left: [], joined: [], returned: [], reasons: [] };

const quietStates = new Set(['Stable', 'Empty', 'Dead']);

/** Whether a group in that state is at rest. */
export function isQuiet(state: string): boolean {
  return quietStates.has(state);
}

/**
 * The signs of a rebalance between two descriptions of a group. States alone miss most rebalances (they last shorter
 * than a poll), so members and what they own are compared too.
 */
export function rebalanceSigns(before: GroupDescription | undefined, now: GroupDescription): Signs {
  if (now === before && isQuiet(now.state)) return noSigns;
  const what: string[] = [];
  const reasons = new Set<RebalanceReason>();
  const gone = before === undefined ? [] : without(before.members, now.members);
  const come = before === undefined ? [] : without(now.members, before.members);
  const returned = gone.filter(m => isStatic(m) && come.some(n => n.instance === m.instance)).map(identity);
  const moved = before === undefined ? undefined : moves(before, now);
  for (const m of gone) if (!returned.includes(identity(m))) what.push(`${memberName(m)} left`);
  for (const m of come) if (!returned.includes(identity(m))) what.push(`${memberName(m)} joined`);
  if (before?.assignor !== undefined && now.assignor !== undefined && before.assignor !== now.assignor) {
    what.push(`assignor ${before.assignor} → ${now.assignor}`);
    reasons.add('assignor');
  }
  if (moved?.reason !== undefined) reasons.add(moved.reason);
  if (moved !== undefined && what.length === 0) what.push(moved.what);
  if (what.length === 0 && raised(before?.epoch, now.epoch))
    what.push(`epoch ${before?.epoch} → ${now.epoch}`);
  if (what.length === 0 && !isQuiet(now.state)) what.push(`state ${now.state}`);
  if (returned.length > 0) {
    if (what.length > 0) for (const id of returned) what.push(`static member ${id} returned`);
    reasons.add('static-return');
  }
  const others = (members: readonly MemberSeen[]): string[] =>
    members.map(identity).filter(id => !returned.includes(id));
  return { what, left: others(gone), joined: others(come), returned, reasons: [...reasons] };
}

/** What a member is called again after a restart: its instance id, its worker's address, else `client-id@host`. */
export function identity(m: MemberSeen): string {
  return m.instance ?? (m.url === undefined ? `${m.clientId}@${plainHost(m)}` : workerId(m.url));
}

/** `http://10.0.3.12:8083/` is the worker `10.0.3.12:8083`, as the status of its tasks names it. */
export function workerId(url: string): string {
  return url.replace(/^[a-z+]+:\/\//i, '').replace(/\/.*$/, '');
}

/** A member as people know it: a worker by its address, others by instance or client, and host. */
export function memberName(m: MemberSeen): string {
  if (m.url !== undefined) return `worker ${workerId(m.url)}`;
  return `member ${m.instance ?? m.clientId}@${plainHost(m)}`;
}

function plainHost(m: MemberSeen): string {
  return m.host.replace(/^\//, '');
}

function isStatic(m: MemberSeen): boolean {
  return m.instance !== undefined;
}

function without(members: readonly MemberSeen[], others: readonly MemberSeen[]): readonly MemberSeen[] {
  const ids = new Set(others.map(m => m.member));
  return members.filter(m => !ids.has(m.member));
}

/**
 * How ownership changed among members that were there before and are there now; with all of both looks known also why: other topics
 * are another subscription, more partitions of the same ones were added to them.
 */
function moves(
  before: GroupDescription,
  now: GroupDescription,
): { readonly what: string; readonly reason?: RebalanceReason } | undefined {
  const was = new Map(before.members.map(m => [isStatic(m) ? identity(m) : m.member, m]));
  if (!now.members.some(m => ownsOther(was.get(isStatic(m) ? identity(m) : m.member), m))) return undefined;
  const what = 'assignment changed';
  const [all, then] = [ownedByAll(now), ownedByAll(before)];
  if (all === undefined || then === undefined || then.size === 0 || all.size === 0) return { what };
  const more = [...all.keys()].filter(topic => !then.has(topic)).sort();
  const fewer = [...then.keys()].filter(topic => !all.has(topic)).sort();
  if (more.length + fewer.length > 0) {
    const texts = [...more.map(topic => `+ ${topic}`), ...fewer.map(topic => `− ${topic}`)];
    return { what: `topics ${texts.join(', ')}`, reason: 'subscription' };
  }
  const grown = [...all].filter(([topic, count]) => count > (then.get(topic) ?? 0));
  if (grown.length === 0) return { what };
  const texts = grown.map(([topic, count]) => `${topic} ${then.get(topic) ?? 0} → ${count} partitions`);
  return { what: texts.join(', '), reason: 'partitions-added' };
}

/** Partitions of each topic that any member owns; undefined where one does not tell. */
function ownedByAll({ members }: GroupDescription): Map<string, number> | undefined {
  const owned = new Map<string, number>();
  for (const { assignment } of members) {
    if (assignment === undefined) return undefined;
    for (const { topic, partitions } of assignment)
      owned.set(topic, (owned.get(topic) ?? 0) + partitions.length);
  }
  return owned;
}

function ownsOther(before: MemberSeen | undefined, now: MemberSeen): boolean {
  if (before?.assignment === undefined || now.assignment === undefined) return false;
  return before.assignment !== now.assignment && owned(before.assignment) !== owned(now.assignment);
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
