import type { FlowView } from '../model/snapshot.js';
import type { View } from '../session/view.js';
import { listState, selectedRow } from './list.js';
import { lists } from './lists/index.js';
import { currentFlow } from './selection.js';
import type { Ui } from './ui.js';

/** The flow that `x` speaks of here: the one that is open, or under the cursor. */
export function flowAtCursor(view: View, ui: Ui): FlowView | undefined {
  if (ui.at !== 'flows') return currentFlow(view, ui);
  const state = listState(ui, 'flows');
  const arranged = lists.flows.arrange(view, state);
  const id = arranged.ids[selectedRow(arranged, state)];
  return view.snapshot.flows.find(flow => flow.id === id);
}
