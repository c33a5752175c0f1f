import { isKnown } from '../../../core/known.js';
import type { GroupView, Snapshot, TopicView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import type { MachineItem } from '../../machines.js';
import { paneOf, textPane, type Pane } from '../../parts/pane.js';
import { remembered } from '../../remembered.js';
import { topicRank } from '../../topics.js';

/** What a machine does: a worker's tasks; the groups that a broker coordinates, and the topics of which it leads partitions. */
export function machinePanes({ role }: MachineItem, { snapshot }: View): readonly Pane[] {
  if (role.is === 'worker') {
    const { tasks } = role;
    if (tasks.length === 0) return [textPane];
    return [
      paneOf(
        'tasks',
        tasks,
        ({ flow, task }) => `${flow.id}/${task.task}`,
        ({ flow }) => ({ kind: 'flow', id: flow.id, name: flow.connector }),
      ),
    ];
  }
  const groups = groupsOf(snapshot, role.cluster, role.broker.id);
  const topics = topicsLed(snapshot, role.cluster, role.broker.id);
  const panes = [
    paneOf(
      'groups',
      groups,
      ({ id }) => id,
      ({ id, group }) => ({ kind: 'group', id, name: group }),
    ),
    paneOf(
      'topics',
      topics,
      ({ topic }) => topic.id,
      ({ topic }) => ({ kind: 'topic', id: topic.id, name: topic.topic }),
    ),
  ].filter(pane => pane.length > 0);
  return panes.length > 0 ? panes : [textPane];
}

/** Most lag first. */
export const groupsOf = remembered(
  (snapshot: Snapshot, cluster: string, broker: number): readonly GroupView[] =>
    snapshot.groups
      .filter(group => group.cluster === cluster && group.coordinator === broker)
      .sort((a, b) => lagOf(b) - lagOf(a) || a.group.localeCompare(b.group)),
);

function lagOf({ lag }: GroupView): number {
  return isKnown(lag) ? lag.value : -1;
}

/** A topic, and how many of its partitions a broker leads. */
export type Led = { readonly topic: TopicView; readonly leads: number };

/** What is not well first, then the most partitions. */
export const topicsLed = remembered((snapshot: Snapshot, cluster: string, broker: number): readonly Led[] =>
  snapshot.topics
    .flatMap(topic => {
      if (topic.cluster !== cluster) return [];
      const leads = topic.leaders.reduce((n, leader) => n + Number(leader === broker), 0);
      return leads === 0 ? [] : [{ topic, leads }];
    })
    .sort(
      (a, b) =>
        topicRank(b.topic) - topicRank(a.topic) ||
        b.leads - a.leads ||
        a.topic.topic.localeCompare(b.topic.topic),
    ),
);
