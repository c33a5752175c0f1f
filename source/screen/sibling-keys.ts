import type { Binding, Context } from './binding.js';
import { listState, withList } from './list.js';
import { lists } from './lists/index.js';
import { currentFlow, currentGroup, currentMachine, currentTopic } from './selection.js';
import type { ListName, Ui, ViewName } from './ui.js';

/** Which list a view of one is of, and what of it is open. */
const places: Readonly<
  Partial<
    Record<ViewName, { readonly of: ListName; readonly open: (context: Context) => string | undefined }>
  >
> = {
  flow: { of: 'flows', open: ({ view, ui }) => currentFlow(view, ui)?.id },
  group: { of: 'groups', open: ({ view, ui }) => currentGroup(view, ui)?.id },
  topic: { of: 'topics', open: ({ view, ui }) => currentTopic(view, ui)?.id },
  machine: { of: 'machines', open: ({ view, ui }) => currentMachine(view, ui)?.id },
};

/** The neighbour of what is open, in the order and by the filter of its list; the one after the last is the first. */
function sibling(context: Context, step: 1 | -1): ((ui: Ui) => Ui) | undefined {
  const { view, ui } = context;
  const place = places[ui.at];
  if (place === undefined) return undefined;
  const list = lists[place.of];
  const { ids } = list.arrange(view, listState(ui, place.of));
  const from = ids.indexOf(place.open(context) ?? '');
  const next = ids[(from + step + ids.length) % ids.length];
  if (next === undefined || next === ids[from]) return undefined;
  // The pane, the order and the measure stay: the same is looked at of another one.
  return now => ({
    ...list.open(withList(now, place.of, { selected: next }), next),
    pane: now.pane,
  });
}

export const siblingKeys: readonly Binding[] = [
  {
    id: 'sibling.next',
    keys: ['n', 'N'],
    shown: 'n',
    label: 'next one',
    description: 'the same of the next one, in the order of its list (N: of the one before)',
    at: ['flow', 'group', 'topic', 'machine'],
    footer: 46,
    disabled: context => (sibling(context, 1) ? undefined : 'there is no other one in its list'),
    press: (context, key) => {
      const { ui } = context;
      return { ui: sibling(context, key === 'N' ? -1 : 1)?.(ui) ?? ui };
    },
  },
];
