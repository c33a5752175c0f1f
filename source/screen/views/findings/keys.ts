import type { Subject } from '../../../diagnose/finding.js';
import type { Binding, Context } from '../../binding.js';
import { chooserKeys } from '../../chooser-keys.js';
import { currentEntry, entriesOf, type Entry } from '../../found.js';
import { openFinding } from '../../navigate.js';
import { opening } from '../../opens.js';
import { openingOf, type Opening } from '../../places.js';
import { lastScroll } from './present.js';

export const findingsKeys: readonly Binding[] = [
  ...chooserKeys({
    at: 'findings',
    what: 'finding',
    all: entriesOf,
    idOf: entry => entry.id,
    current: currentEntry,
    choose: (ui, entry) => openFinding(ui, entry.id),
    lastScroll,
  }),
  {
    id: 'findings.open',
    keys: ['enter'],
    shown: 'Enter',
    label: 'open subject',
    description: 'open what the finding speaks of: its flow, its group',
    at: ['findings'],
    footer: 10,
    ...opening(opens),
  },
  {
    id: 'findings.unfold',
    keys: ['right', 'l'],
    shown: '→',
    label: 'list all',
    description: 'list all that follows from the selected cause; ← counts them again',
    at: ['findings'],
    footer: 45,
    disabled: ({ view, ui }) => (causeOf(view, ui) ? undefined : 'nothing follows from it'),
    press: ({ view, ui }) => ({ ui: { ...ui, unfolded: causeOf(view, ui) } }),
  },
  {
    id: 'findings.fold',
    keys: ['left', 'h'],
    shown: '←',
    label: 'count',
    description: 'go to the cause, and count what follows from it',
    at: ['findings'],
    disabled: ({ view, ui }) =>
      causeOf(view, ui) === undefined ? 'nothing follows from it, and it follows from nothing' : undefined,
    press: ({ view, ui }) => {
      const cause = causeOf(view, ui);
      return { ui: { ...(cause === undefined ? ui : openFinding(ui, cause)), unfolded: undefined } };
    },
  },
];

/** The key of the selected finding where others follow from it, else of what it follows from. */
function causeOf(view: Context['view'], ui: Context['ui']): string | undefined {
  const entry = currentEntry(view, ui);
  if (entry?.is !== 'live') return undefined;
  return entry.finding.consequences.length > 0 ? entry.finding.key : entry.causes.at(-1)?.key;
}

/** How the place of what the selected entry speaks of is opened, or why it cannot be. */
function opens({ view, ui }: Pick<Context, 'view' | 'ui'>): Opening | string {
  const entry = currentEntry(view, ui);
  if (entry === undefined) return 'there is no finding';
  const subject = subjectOf(entry);
  return subject === undefined ? 'it speaks of several: none of them is selected' : openingOf(view, subject);
}

function subjectOf(entry: Entry): Subject | undefined {
  if (entry.is !== 'unjudged') return entry.finding.subject;
  const { subjects } = entry.unjudged;
  return subjects.length === 1 ? subjects[0]?.subject : undefined;
}
