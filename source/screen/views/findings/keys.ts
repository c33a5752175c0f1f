import type { Subject } from '../../../diagnose/finding.js';
import type { Binding } from '../../binding.js';
import { neighbour, openFinding, openFlow, openGroup, scrolled } from '../../navigate.js';
import { currentFinding } from '../../selection.js';
import { lastScroll } from './present.js';

export const findingsKeys: readonly Binding[] = [
  {
    id: 'findings.move',
    keys: ['up', 'down', 'k', 'j'],
    shown: '↑↓',
    label: 'move',
    description: 'select a finding (also j and k)',
    at: ['findings'],
    footer: 40,
    press: ({ view, ui }, key) => {
      const from = view.findings.findIndex(finding => finding.key === currentFinding(view, ui)?.key);
      const finding = neighbour(view.findings, from, key);
      return { ui: finding ? openFinding(ui, finding.key) : ui };
    },
  },
  {
    id: 'findings.scroll',
    keys: ['page-up', 'page-down', 'home', 'end', ' '],
    shown: 'PgDn',
    label: 'scroll',
    description: 'scroll the finding (also Space)',
    at: ['findings'],
    footer: 50,
    press: ({ view, ui, size }, key) => ({
      ui: scrolled(ui, key, lastScroll(view, ui, size), Math.floor(size.rows / 2)),
    }),
  },
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
