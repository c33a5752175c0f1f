import { latest } from '../core/known.js';
import type { Finding, LiveFinding } from '../diagnose/finding.js';
import type { FlowView, GroupView, TopicView } from '../model/snapshot.js';
import { pinOf } from '../session/memory.js';
import type { View } from '../session/view.js';
import { lagNumber } from './format.js';
import { currentEntry } from './found.js';
import { machinesOf, type MachineItem } from './machines.js';
import { remembered } from './remembered.js';
import { pinnedFirst } from './pins.js';
import type { Selection, Ui } from './ui.js';

/** What carries data before MirrorMaker's heartbeats and checkpoints. */
export function flowRank(flow: FlowView): number {
  if (flow.kind === 'mirror-source') return 0;
  return flow.kind === 'mirror-checkpoint' || flow.kind === 'mirror-heartbeat' ? 2 : 1;
}

/** Flows that carry data first, most lag first; MirrorMaker's heartbeats and checkpoints below them. */
export const orderedFlows = remembered((view: View): readonly FlowView[] => {
  const lag = (flow: FlowView): number => {
    const last = latest(flow.lag);
    return last ? lagNumber(last.value) : -1;
  };
  const pin = pinnedFirst<FlowView>(view, ({ id }) => pinOf({ kind: 'flow', id }));
  return [...view.snapshot.flows].sort(
    (a, b) => pin(a, b) || flowRank(a) - flowRank(b) || lag(b) - lag(a) || a.id.localeCompare(b.id),
  );
});

/** Most lag first; then those whose lag is not known, for it may be any; those without lag last. */
export const orderedGroups = remembered((view: View): readonly GroupView[] => {
  const weighed = view.snapshot.groups.map(group => ({ group, weight: weightOf(group) })).sort(byWeight);
  const groups = weighed.map(({ group }) => group);
  if (view.memory.pinned.size === 0) return groups;
  return groups.sort(pinnedFirst<GroupView>(view, ({ id }) => pinOf({ kind: 'group', id })));
});

type Weighed = { readonly group: GroupView; readonly weight: number };

/** Asked some thousand times for each order of two hundred groups: by a function of its own, that stays compiled. */
function byWeight(a: Weighed, b: Weighed): number {
  return b.weight - a.weight || a.group.id.localeCompare(b.group.id);
}

function weightOf(group: GroupView): number {
  const last = latest(group.lag);
  if (!last) return group.type === 'share' ? -1 : 0.5;
  return last.value;
}

/** Findings that stand: those that only begin to show are counted, not shouted. */
export function standing(view: View): readonly LiveFinding[] {
  return view.findings.filter(finding => finding.phase !== 'pending');
}

/** Findings that only begin to show. */
export function forming(view: View): readonly LiveFinding[] {
  return view.findings.filter(finding => finding.phase === 'pending');
}

/** The worst of what is wrong; what is only told is none. */
export function headline(view: View): LiveFinding | undefined {
  return standing(view).find(isTrouble);
}

/** What is only told is none. */
export function isTrouble({ severity }: LiveFinding): boolean {
  return severity !== 'info';
}

/** What the keys speak of: what the user selected, else the subject of the headline, else the first flow or group. */
export function selection(view: View, ui: Ui): Selection | undefined {
  const all = selectable(view);
  const chosen = ui.selected && find(all, ui.selected);
  if (chosen) return chosen;
  const subject = headline(view)?.subject;
  return find(all, subject) ?? all[0];
}

/** Every row of the overview that can be entered, from top to bottom. */
export const selectable = remembered((view: View): readonly Selection[] => {
  return [
    ...orderedFlows(view).map(flow => ({ kind: 'flow' as const, id: flow.id })),
    ...orderedGroups(view).map(group => ({ kind: 'group' as const, id: group.id })),
    ...view.snapshot.workers.map(({ connect, id }) => ({ kind: 'worker' as const, id: `${connect}/${id}` })),
    ...view.snapshot.clusters.flatMap(({ name, brokers }) =>
      latest(brokers) ? [{ kind: 'cluster' as const, id: name }] : [],
    ),
  ];
});

function find(
  all: readonly Selection[],
  wanted: { readonly kind: string; readonly id: string } | undefined,
): Selection | undefined {
  if (wanted === undefined) return undefined;
  for (const one of all) if (one.id === wanted.id && one.kind === wanted.kind) return one;
  return undefined;
}

/** The flow whose detail is open, or that a key on this screen speaks of. */
export function currentFlow(view: View, ui: Ui): FlowView | undefined {
  const flows = orderedFlows(view);
  if (ui.at === 'flow') return flows.find(flow => flow.id === ui.flow) ?? flows[0];
  if (ui.at === 'findings') {
    const subject = currentFinding(view, ui)?.subject;
    return subject?.kind === 'flow' ? flows.find(flow => flow.id === subject.id) : undefined;
  }
  if (ui.at !== 'overview') return undefined;
  const chosen = selection(view, ui);
  return chosen?.kind === 'flow' ? flows.find(flow => flow.id === chosen.id) : undefined;
}

export function currentGroup(view: View, ui: Ui): GroupView | undefined {
  const groups = orderedGroups(view);
  return groups.find(group => group.id === ui.group) ?? groups[0];
}

export function currentTopic({ snapshot: { topics } }: View, ui: Ui): TopicView | undefined {
  return topics.find(topic => topic.id === ui.topic) ?? topics[0];
}

export function currentMachine(view: View, ui: Ui): MachineItem | undefined {
  const machines = machinesOf(view);
  return machines.find(machine => machine.id === ui.machine) ?? machines[0];
}

/** The finding that is selected in their list, also one that is over. */
export function currentFinding(view: View, ui: Ui): Finding | undefined {
  const entry = currentEntry(view, ui);
  return entry?.is === 'unjudged' ? undefined : entry?.finding;
}

export function currentChange(view: View, ui: Ui): View['changes'][number] | undefined {
  return view.changes.find(change => change.plan.id === ui.change) ?? view.changes[0];
}
