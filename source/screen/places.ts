import type { Subject, SubjectKind } from '../diagnose/finding.js';
import type { View } from '../session/view.js';
import { subjectText } from './format.js';
import { openFlow, openGroup } from './navigate.js';
import type { Ui } from './ui.js';

export type Opening = (ui: Ui) => Ui;

/** Kinds of subjects that have a place of their own. A new view of one is a line here. */
const places: Readonly<
  Partial<
    Record<
      SubjectKind,
      {
        readonly all: (view: View) => readonly { readonly id: string }[];
        readonly open: (ui: Ui, id: string) => Ui;
      }
    >
  >
> = {
  flow: { all: view => view.snapshot.flows, open: openFlow },
  group: { all: view => view.snapshot.groups, open: openGroup },
};

/** How the place of a subject is opened, or why it cannot be. */
export function openingOf(view: View, { kind, id, name }: Subject): Opening | string {
  const place = places[kind];
  if (place === undefined)
    return kind === 'watch' ? 'this is about kmon itself' : `there is no view of a ${kind}`;
  if (!place.all(view).some(one => one.id === id))
    return `${subjectText({ kind, name })} is not there any more`;
  return ui => place.open(ui, id);
}
