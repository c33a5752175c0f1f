import type { Binding, Context } from './binding.js';
import { rowAfter } from './navigate.js';
import { activePane, panesOf, subjectInPane } from './panes.js';
import { opening } from './opens.js';
import { openingOf, type Opening } from './places.js';
import type { Pane } from './parts/pane.js';
import type { ViewName } from './ui.js';

const at: readonly ViewName[] = ['flow', 'group', 'topic', 'machine'];

const inPane =
  (kind: Pane['kind']) =>
  ({ view, ui }: Context): boolean =>
    activePane(view, ui)?.kind === kind;

export const isText = inPane('text');
export const isCells = inPane('cells');
const isRows = inPane('rows');

function opens({ view, ui }: Context): Opening | string {
  const subject = subjectInPane(view, ui);
  return typeof subject === 'string' ? subject : openingOf(view, subject);
}

/** Keys of views that have several panes: Tab between them, the cursor of the one that has the keys, and the way that each row is. */
export const paneKeys: readonly Binding[] = [
  {
    id: 'pane.next',
    keys: ['tab'],
    shown: 'Tab',
    label: 'next pane',
    description: 'the next pane of this view: its rows can be selected, and opened with Enter',
    at,
    footer: 42,
    disabled: ({ view, ui }) =>
      panesOf(view, ui).length > 1 ? undefined : 'there is nothing else to go to here',
    press: ({ view, ui }) => {
      const panes = panesOf(view, ui);
      const now = panes.findIndex(pane => pane.name === activePane(view, ui)?.name);
      return { ui: { ...ui, pane: panes[(now + 1) % panes.length]?.name } };
    },
  },
  {
    id: 'pane.move',
    keys: ['up', 'down', 'k', 'j', 'page-up', 'page-down', ' ', 'home', 'end', 'g', 'G'],
    shown: '↑↓',
    label: 'move',
    description: 'select a row',
    at,
    footer: 40,
    when: isRows,
    press: ({ view, ui, size }, key) => {
      const pane = activePane(view, ui);
      if (!pane) return { ui };
      const row = rowAfter(key, pane.selected(ui), pane.length, size.rows - 12);
      return { ui: { ...ui, picked: { ...ui.picked, [pane.name]: pane.id(row) } } };
    },
  },
  {
    id: 'pane.open',
    keys: ['enter'],
    shown: 'Enter',
    label: 'open',
    description: 'open what the selected row stands for: a topic, a group, a flow, a worker, a broker',
    at,
    footer: 10,
    ...opening(opens),
  },
];
