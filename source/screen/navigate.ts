import type { Spot, Ui, ViewName } from './ui.js';

/** Steps that Esc can take back. */
const longestTrail = 16;

/** Moves between views; each starts at its top, and Esc leads back. */
export function open(ui: Ui, at: ViewName): Ui {
  const trail = at === ui.at ? ui.trail : [...ui.trail, spotOf(ui)].slice(-longestTrail);
  return { ...ui, at, trail, scroll: 0, cell: { back: 0 }, pane: undefined, picked: {} };
}

function spotOf({ at, flow, group, topic, machine, finding, scroll, cell, pane, picked }: Ui): Spot {
  return { at, flow, group, topic, machine, finding, scroll, cell, pane, picked };
}

/** Straight to a view, by its number: Esc leads to the overview from there. */
export function jump(ui: Ui, at: ViewName): Ui {
  return { ...open(ui, at), trail: [] };
}

/** To where the user came from, as it was left; without a trail to the overview. */
export function back(ui: Ui): Ui {
  const before = ui.trail.at(-1);
  return before ? { ...ui, ...before, trail: ui.trail.slice(0, -1) } : jump(ui, 'overview');
}

export function openFlow(ui: Ui, flow: string): Ui {
  return { ...open(ui, 'flow'), flow, selected: { kind: 'flow', id: flow } };
}

export function openGroup(ui: Ui, group: string): Ui {
  return { ...open(ui, 'group'), group, selected: { kind: 'group', id: group } };
}

export function openTopic(ui: Ui, topic: string): Ui {
  return { ...open(ui, 'topic'), topic };
}

/** By the id of `machines.ts`. */
export function openMachine(ui: Ui, machine: string): Ui {
  return { ...open(ui, 'machine'), machine };
}

export function openFinding(ui: Ui, finding: string): Ui {
  return { ...open(ui, 'findings'), finding };
}

/** The scroll after a key, in a text whose last page starts at line `last`. */
export function scrolled(ui: Ui, key: string, last: number, rows: number): Ui {
  const from = Math.min(ui.scroll, last);
  const page = Math.max(1, rows - 4);
  const to = {
    up: from - 1,
    k: from - 1,
    'page-up': from - page,
    home: 0,
    end: last,
    'page-down': from + page,
    ' ': from + page,
  }[key];
  return { ...ui, scroll: Math.max(0, Math.min(last, to ?? from + 1)) };
}

/** The neighbour in a list by key, staying inside. */
export function neighbour<T>(all: readonly T[], from: number, key: string): T | undefined {
  const step = key === 'up' || key === 'k' ? -1 : 1;
  return all[Math.max(0, Math.min(all.length - 1, from + step))];
}

/** The row that a key leads to, among `count`, by pages of `page`. */
export function rowAfter(key: string, from: number, count: number, page: number): number {
  const to = {
    up: from - 1,
    k: from - 1,
    'page-up': from - Math.max(1, page),
    'page-down': from + Math.max(1, page),
    ' ': from + Math.max(1, page),
    home: 0,
    g: 0,
    end: count - 1,
    G: count - 1,
  }[key];
  return Math.max(0, Math.min(count - 1, to ?? from + 1));
}
