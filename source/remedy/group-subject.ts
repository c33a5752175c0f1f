import { valueOf } from '../core/known.js';
import type { GroupView, Snapshot } from '../model/snapshot.js';
import type { Offered } from './action.js';
import type { Target } from './plan.js';
import type { Subject } from './subject.js';
import type { GroupWorld } from './worlds/group.js';

export type GroupTarget = Extract<Target, { kind: 'group' }>;

/** A group as the model knows it. */
export function groupOf(snapshot: Snapshot, { cluster, group }: GroupTarget): GroupView | undefined {
  return snapshot.groups.find(view => view.cluster === cluster && view.group === group);
}

/** The group that is the subject, where it is one. `active`: also while it has members. */
export function groupOffers(
  snapshot: Snapshot,
  { kind, id }: Subject,
  { active }: { readonly active: boolean },
): readonly (Offered & { readonly target: GroupTarget })[] {
  const view = kind === 'group' ? snapshot.groups.find(group => group.id === id) : undefined;
  if (view === undefined) return [];
  const { cluster, group, type, protocol } = view;
  const target: GroupTarget = { kind: 'group', cluster, group };
  if (type === 'share' || type === 'streams') return [{ target, disabled: `kmon changes no ${type} groups` }];
  if (protocol === 'connect' && valueOf(view.state) !== 'Empty')
    return [{ target, disabled: 'its members are workers of Connect or MirrorMaker 2, not consumers' }];
  const state = valueOf(view.state);
  const members = valueOf(view.members)?.length ?? 0;
  if (!active && state !== undefined && state !== 'Empty')
    return [{ target, disabled: isActive(state, members) }];
  return [{ target }];
}

/** Why it is no moment to change what a group has committed; undefined where it is one. */
export function inUse({ state, members }: GroupWorld): string | undefined {
  if (state === 'Empty' && members.length === 0) return undefined;
  return state === undefined ? 'there is no such group now' : isActive(state, members.length);
}

function isActive(state: string, members: number): string {
  return `the group is ${state} with ${members} ${members === 1 ? 'member' : 'members'}: stop its consumers first`;
}
