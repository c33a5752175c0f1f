import type { TopicView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { lazyPane, paneOf, type Pane } from '../../parts/pane.js';
import type { Ui } from '../../ui.js';
import { topicOrder } from './order.js';
import { usersOf } from './users.js';

/** Partitions lead to the brokers that lead them; users to their own views. */
export function topicPanes(topic: TopicView, view: View, ui: Ui): readonly [Pane, ...Pane[]] {
  const users = usersOf(topic, view);
  return [
    partitionsPane(topic, ui),
    ...(users.length === 0
      ? []
      : [
          paneOf(
            'users',
            users,
            ({ subject }) => `${subject.kind} ${subject.id}`,
            ({ subject }) => subject,
          ),
        ]),
  ];
}

function partitionsPane(topic: TopicView, ui: Ui): Pane {
  const order = topicOrder(topic, ui);
  const { cluster, partitionCount, leaders } = topic;
  return lazyPane('partitions', partitionCount, {
    id: row => String(order.at(row)),
    find: id => order.rowOf(Number(id)),
    opens: row => {
      if (partitionCount === 0) return 'it has no partition';
      const leader = leaders[order.at(row)] ?? NaN;
      if (Number.isNaN(leader)) return 'its leader is not known';
      if (leader < 0) return 'it has no leader';
      return { kind: 'broker', id: `${cluster}/${leader}`, name: `broker ${leader} of ${cluster}` };
    },
  });
}
