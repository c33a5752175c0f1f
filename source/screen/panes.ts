import type { Subject } from '../diagnose/finding.js';
import type { View } from '../session/view.js';
import { currentFlow, currentGroup, currentMachine, currentTopic } from './selection.js';
import type { Ui } from './ui.js';
import { flowPanes } from './views/flow/panes.js';
import { groupPanes } from './views/group/panes.js';
import { machinePanes } from './views/machine/panes.js';
import { topicPanes } from './views/topic/panes.js';
import type { Pane } from './parts/pane.js';

/** The panes of the view that is open, from top to bottom; none where it has but one text or one list. */
export function panesOf(view: View, ui: Ui): readonly Pane[] {
  switch (ui.at) {
    case 'flow': {
      const flow = currentFlow(view, ui);
      return flow ? flowPanes(flow) : [];
    }
    case 'group': {
      const group = currentGroup(view, ui);
      return group ? groupPanes(group, ui) : [];
    }
    case 'topic': {
      const topic = currentTopic(view, ui);
      return topic ? topicPanes(topic, view, ui) : [];
    }
    case 'machine': {
      const machine = currentMachine(view, ui);
      return machine ? machinePanes(machine, view) : [];
    }
    default:
      return [];
  }
}

/** Where the keys are. */
export function activePane(view: View, ui: Ui): Pane | undefined {
  const panes = panesOf(view, ui);
  return panes.find(pane => pane.name === ui.pane) ?? panes[0];
}

/** What Enter opens here; or why it opens nothing. */
export function subjectInPane(view: View, ui: Ui): Subject | string {
  const pane = activePane(view, ui);
  if (pane === undefined) return 'there is nothing here that could be opened';
  return pane.opens(pane.selected(ui));
}
