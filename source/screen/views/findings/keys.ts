import type { Subject } from '../../../diagnose/finding.js';
import type { Binding } from '../../binding.js';
import { chooserKeys } from '../../chooser-keys.js';
import { openFinding, openFlow, openGroup } from '../../navigate.js';
import { currentFinding } from '../../selection.js';
import { lastScroll } from './present.js';

export const findingsKeys: readonly Binding[] = [
  ...chooserKeys({
    at: 'findings',
    what: 'finding',
    all: view => view.findings,
    current: currentFinding,
    choose: (ui, finding) => openFinding(ui, finding.key),
    lastScroll,
  }),
  {
    id: 'findings.open',
    keys: ['enter'],
    shown: 'Enter',
    label: 'open subject',
    description: 'open the flow or the group that the finding speaks of',
    at: ['findings'],
    footer: 10,
    disabled: ({ view, ui }) => {
      const subject = currentFinding(view, ui)?.subject;
      if (!subject) return 'there is no finding';
      return opens(subject) ? undefined : `there is no view of a ${subject.kind}`;
    },
    press: ({ view, ui }) => {
      const subject = currentFinding(view, ui)?.subject;
      if (!subject || !opens(subject)) return { ui };
      return { ui: subject.kind === 'flow' ? openFlow(ui, subject.id) : openGroup(ui, subject.id) };
    },
  },
];

function opens({ kind }: Subject): boolean {
  return kind === 'flow' || kind === 'group';
}
