import type { LiveFinding } from '../diagnose/finding.js';
import type { Advised } from '../remedy/guides/client-lines.js';
import type { Suggested } from '../remedy/offers.js';
import type { Subject } from '../remedy/subject.js';
import type { View } from '../session/view.js';
import { currentEntry } from './found.js';
import { listState, selectedRow } from './list.js';
import { lists } from './lists/index.js';
import { machinesOf } from './machines.js';
import {
  currentFinding,
  currentFlow,
  currentGroup,
  currentMachine,
  currentTopic,
  forming,
  selection,
  standing,
} from './selection.js';
import type { ListName, Ui } from './ui.js';

/** What `x` speaks of here: what is open, or under the cursor; undefined where nothing is. */
export function subjectAtCursor(view: View, ui: Ui): Subject | undefined {
  switch (ui.at) {
    case 'overview':
      return selection(view, ui);
    case 'flows':
    case 'groups':
    case 'topics':
    case 'machines': {
      const state = listState(ui, ui.at);
      const arranged = lists[ui.at].arrange(view, state);
      const id = arranged.ids[selectedRow(arranged, state)];
      return id === undefined ? undefined : subjectOf(view, ui.at, id);
    }
    case 'topic': {
      const topic = currentTopic(view, ui);
      return topic && { kind: 'topic', id: topic.id };
    }
    case 'machine':
      return currentMachine(view, ui)?.subject;
    case 'findings': {
      const subject = currentFinding(view, ui)?.subject;
      return subject && { kind: subject.kind, id: subject.id };
    }
    case 'group': {
      const group = currentGroup(view, ui);
      return group && { kind: 'group', id: group.id };
    }
    default: {
      const flow = currentFlow(view, ui);
      return flow && { kind: 'flow', id: flow.id };
    }
  }
}

function subjectOf(view: View, list: ListName, id: string): Subject | undefined {
  if (list === 'machines') return machinesOf(view).find(one => one.id === id)?.subject;
  return { kind: kinds[list], id };
}

const kinds = { flows: 'flow', groups: 'group', topics: 'topic' } as const;

/**
 * What findings say of remedies for a subject: the selected finding alone, and nothing where that is over; else all, the
 * worst first, those that only form last.
 */
export function suggestedFor(view: View, ui: Ui, subject: Subject): readonly Suggested[] {
  return findingsOf(view, ui, subject).flatMap(one => one.remedies);
}

/** What the same findings say that others should set: the same lines once. */
export function advisedFor(view: View, ui: Ui, subject: Subject): readonly Advised[] {
  const all = findingsOf(view, ui, subject).flatMap(({ advice, key, sentence }) =>
    advice.map((one): Advised => ({ ...one, finding: key, sentence })),
  );
  const linesOf = ({ where, lines }: Advised): string => [where, ...lines].join('\n');
  return all.filter((one, i) => all.findIndex(other => linesOf(other) === linesOf(one)) === i);
}

function findingsOf(view: View, ui: Ui, subject: Subject): readonly LiveFinding[] {
  const entry = ui.at === 'findings' ? currentEntry(view, ui) : undefined;
  if (entry?.is === 'past') return [];
  const all = entry?.is === 'live' ? [entry.finding] : [...standing(view), ...forming(view)];
  return all.filter(one => one.subject.kind === subject.kind && one.subject.id === subject.id);
}
