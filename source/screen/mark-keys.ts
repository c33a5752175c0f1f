import { comparedWith, nameOf } from '../session/mark.js';
import type { View } from '../session/view.js';
import type { Binding, Context, Effect } from './binding.js';
import { views } from './binding.js';
import { timeOfDay } from './format.js';
import { isPinned } from './pins.js';
import { subjectAtCursor } from './subject.js';
import { keyHint, type Ui } from './ui.js';

const longestLabel = 40;

/** Keys that leave something for later: marks to compare with, and what sorts first. */
export const markKeys: readonly Binding[] = [
  {
    id: 'time.mark',
    keys: ['m'],
    shown: 'm',
    label: 'mark',
    description:
      'mark this moment, a deployment begins: lag, rates, rebalances and findings then show what changed since, here and in kmon check --since-mark',
    at: views,
    footer: 71,
    press: ({ ui, view }) => marked(ui, view),
  },
  {
    id: 'time.label',
    keys: ['M'],
    shown: 'M',
    label: 'mark as',
    description: 'the same with a label: a version, a ticket',
    at: views,
    press: ({ ui }) => ({ ui: { ...ui, label: '' } }),
  },
  {
    id: 'time.compare',
    keys: ['='],
    shown: '=',
    label: 'compare',
    description:
      'compare with the mark before this one; after the oldest with none, then with the newest again',
    at: views,
    disabled: ({ view, ui }) =>
      view.memory.marks.length > 0
        ? undefined
        : `there is no mark yet: ${keyHint(ui, 'time.mark', 'm')} sets one`,
    press: ({ view, ui }) => ({ ui: { ...ui, notice: comparing(view) }, intents: [{ type: 'compare' }] }),
  },
  {
    id: 'label.keep',
    keys: ['enter'],
    shown: 'Enter',
    label: 'mark',
    description: 'mark this moment with the label that was typed',
    at: ['label'],
    footer: 1,
    press: ({ ui, view }) => marked({ ...ui, label: undefined }, view, ui.label?.trim()),
  },
  {
    id: 'label.leave',
    keys: ['escape'],
    shown: 'Esc',
    label: 'leave',
    description: 'leave it unmarked',
    at: ['label'],
    footer: 2,
    press: ({ ui }) => ({ ui: { ...ui, label: undefined } }),
  },
  {
    id: 'act.pin',
    keys: ['*'],
    shown: '*',
    label: 'pin',
    description:
      'pin what is selected, so that it comes first in every list, in later runs too; again lets it go',
    at: views.filter(view => view !== 'findings' && view !== 'changes'),
    footer: 74,
    disabled: ({ view, ui }) => {
      const subject = subjectAtCursor(view, ui);
      if (subject === undefined) return 'nothing is selected';
      return subject.kind === 'cluster' ? 'clusters are in no list' : undefined;
    },
    press: ({ view, ui }) => {
      const subject = subjectAtCursor(view, ui);
      if (subject === undefined) return { ui };
      const done = isPinned(view, subject) ? `${subject.id} is not pinned any more` : `pinned ${subject.id}`;
      return { ui: { ...ui, notice: `${done}${unkept(view)}` }, intents: [{ type: 'pin', subject }] };
    },
  },
];

/** While a label is typed, every other key is text. */
export function labelInto({ ui }: Context, text: string): Effect {
  const before = ui.label ?? '';
  const label = text === 'backspace' ? Array.from(before).slice(0, -1).join('') : before + text;
  return { ui: { ...ui, label: label.slice(0, longestLabel) } };
}

function marked(ui: Ui, view: View, label = ''): Effect {
  const what = view.held ? 'the present' : timeOfDay(view.at);
  const as = label === '' ? '' : ` as ${label}`;
  return {
    ui: { ...ui, notice: `marked ${what}${as}${unkept(view)}` },
    intents: [label === '' ? { type: 'mark' } : { type: 'mark', label }],
  };
}

/** What the key is about to lead to. */
function comparing(view: View): string {
  const { marks, compares } = view.memory;
  if (compares === 'none') return 'compares with the newest mark';
  const now = compares === 'newest' ? (marks.at(-1)?.at ?? 0) : compares;
  const next = marks.findLast(mark => mark.at < now);
  if (next !== undefined) return `compares with ${nameOf(next)} of ${timeOfDay(next.at)}`;
  return comparedWith(view) === undefined ? 'compares with no mark' : 'compares with no mark any more';
}

function unkept({ memory, replay }: View): string {
  if (replay) return ', in this replay only';
  return memory.trouble === undefined ? '' : `, for this run only: ${memory.trouble}`;
}
