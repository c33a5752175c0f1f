import type { LastView } from '../session/memory.js';
import { views } from './binding.js';
import { initialUi, type ListName, type ListState, type Ui } from './ui.js';

/** Where the user is, as the next run finds it. */
export function lastView({ at, flow, group, topic, machine, lists }: Ui): LastView {
  const open = { flow, group, topic, machine };
  return {
    at,
    open: Object.fromEntries(
      Object.entries(open).flatMap(([kind, id]) => (id === undefined ? [] : [[kind, id]])),
    ),
    lists: Object.fromEntries(
      Object.entries(lists).flatMap(([name, { sort }]) => (sort === undefined ? [] : [[name, { sort }]])),
    ),
  };
}

/** Back to it. A view that this kmon does not have is the overview; Esc leads there from all others. */
export function resumed(last: LastView | undefined, notice?: string): Ui {
  const begin = { ...initialUi, notice };
  const at = views.find(view => view === last?.at);
  if (last === undefined || at === undefined) return begin;
  const { flow, group, topic, machine } = last.open;
  return {
    ...begin,
    at,
    ...(flow !== undefined && { flow }),
    ...(group !== undefined && { group }),
    ...(topic !== undefined && { topic }),
    ...(machine !== undefined && { machine }),
    lists: Object.fromEntries(
      Object.entries(last.lists).map(([name, { sort }]): [string, ListState] => [
        name,
        { filter: '', ...(sort !== undefined && { sort }) },
      ]),
    ) satisfies Partial<Record<ListName, ListState>>,
  };
}
