import { isKnown, orNaN, type Known } from '../../../core/known.js';
import type { Subject } from '../../../diagnose/finding.js';
import type { FlowView, GroupView, TopicView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { lagNumber } from '../../format.js';
import { remembered } from '../../remembered.js';
import { nameInId } from '../../topics.js';

/** Who reads a topic, or writes it. */
export type TopicUser = {
  readonly subject: Subject;
  readonly does: string;
  readonly state: Known<string> | undefined;
  /** Its lag in this topic alone, by partition; NaN where not known. Empty of who writes it. */
  readonly lags: readonly number[];
};

export const usersOf = remembered((topic: TopicView, view: View): readonly TopicUser[] => {
  const { groups, flows } = view.snapshot;
  return [
    ...topic.readers.groups.map(id => {
      const group = groups.find(one => one.id === id);
      return {
        subject: { kind: 'group' as const, id, name: nameInId(id) },
        does: 'reads it',
        state: group?.state,
        lags: group ? lagsOfGroup(group, topic) : [],
      };
    }),
    ...topic.readers.flows.map(id => {
      const flow = flows.find(one => one.id === id);
      const to = flow?.target?.alias;
      return {
        subject: flowSubject(id, flow),
        does: to === undefined ? 'reads it' : `mirrors it to ${to}`,
        state: flow?.state,
        lags: flow ? lagsOfFlow(flow, topic) : [],
      };
    }),
    ...topic.writers.map(id => {
      const flow = flows.find(one => one.id === id);
      const from = flow?.source?.alias;
      return {
        subject: flowSubject(id, flow),
        does: from === undefined ? 'writes it' : `writes it, from ${from}`,
        state: flow?.state,
        lags: [],
      };
    }),
  ];
});

function flowSubject(id: string, flow: FlowView | undefined): Subject {
  return { kind: 'flow', id, name: flow?.connector ?? nameInId(id) };
}

function lagsOfGroup(group: GroupView, { topic }: TopicView): readonly number[] {
  return group.partitions.filter(one => one.topic === topic).map(({ lag }) => orNaN(lag));
}

function lagsOfFlow(flow: FlowView, { topic }: TopicView): readonly number[] {
  return flow.partitions
    .filter(one => one.topic === topic)
    .map(({ lag }) => (isKnown(lag) ? lagNumber(lag.value) : NaN));
}
