import type { FlowView } from '../../../model/snapshot.js';
import { paneOf, textPane, type Pane } from '../../parts/pane.js';
import { partitionsShown } from './partitions.js';

/** The text of a flow, its tasks, which lead to their workers, and its partitions, which lead to their topics. */
export function flowPanes(flow: FlowView): readonly Pane[] {
  const from = flow.source?.cluster;
  return [
    textPane,
    paneOf(
      'tasks',
      flow.tasks,
      ({ task }) => String(task),
      ({ worker }) =>
        worker === '' ? 'it runs nowhere' : { kind: 'worker', id: `${flow.connect}/${worker}`, name: worker },
    ),
    paneOf(
      'partitions',
      partitionsShown(flow),
      ({ topic, partition }) => `${topic}/${partition}`,
      ({ topic }) =>
        from === undefined
          ? 'its source is no cluster that kmon was given'
          : { kind: 'topic', id: `${from}/${topic}`, name: topic },
    ),
  ].filter(pane => pane.kind === 'text' || pane.length > 0);
}
