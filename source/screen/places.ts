import { subjectText } from '../core/subject-text.js';
import type { Subject, SubjectKind } from '../diagnose/finding.js';
import type { View } from '../session/view.js';
import { exactly } from './filter.js';
import { withList } from './list.js';
import { machineId, machinesOf } from './machines.js';
import { openFlow, openGroup, openMachine, openTopic, open } from './navigate.js';
import type { Ui } from './ui.js';

export type Opening = (ui: Ui) => Ui;

type Place = {
  readonly isThere: (view: View, id: string) => boolean;
  readonly open: (ui: Ui, id: string) => Ui;
};

/** Kinds of subjects that have a place of their own. A new view of one is a line here. */
const places: Readonly<Partial<Record<SubjectKind, Place>>> = {
  flow: { isThere: ({ snapshot }, id) => snapshot.flows.some(one => one.id === id), open: openFlow },
  group: { isThere: ({ snapshot }, id) => snapshot.groups.some(one => one.id === id), open: openGroup },
  topic: { isThere: ({ snapshot }, id) => snapshot.topics.some(one => one.id === id), open: openTopic },
  worker: machine('worker'),
  broker: machine('broker'),
  cluster: {
    isThere: ({ snapshot }, id) => snapshot.clusters.some(one => one.name === id),
    open: openMachinesOf,
  },
  connect: {
    isThere: ({ snapshot }, id) => snapshot.connects.some(one => one.name === id),
    open: openMachinesOf,
  },
};

function machine(kind: 'worker' | 'broker'): Place {
  return {
    isThere: (view, id) => machinesOf(view).some(one => one.id === machineId(kind, id)),
    open: (ui, id) => openMachine(ui, machineId(kind, id)),
  };
}

/** A cluster is the machines that it is made of. */
function openMachinesOf(ui: Ui, of: string): Ui {
  return withList(open(ui, 'machines'), 'machines', { filter: `of:${exactly(of)}` });
}

/** How the place of a subject is opened, or why it cannot be. */
export function openingOf(view: View, { kind, id, name }: Subject): Opening | string {
  const place = places[kind];
  if (place === undefined)
    return kind === 'watch' ? 'this is about kmon itself' : `there is no view of a ${kind}`;
  if (!place.isThere(view, id)) return `${subjectText({ kind, name })} is not there any more`;
  return ui => place.open(ui, id);
}
