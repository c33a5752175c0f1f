import { frame } from '../../source/screen/frame.js';
import { initialUi, type Size, type Ui } from '../../source/screen/ui.js';
import type { View } from '../../source/session/view.js';

/** A frame as plain text, one string a row, trailing spaces cut. */
export function textOf(view: View, size: Size = { columns: 120, rows: 40 }, ui: Partial<Ui> = {}): string[] {
  return frame({ view, ui: { ...initialUi, ...ui }, size }).map(row =>
    row.segments
      .map(s => s.text)
      .join('')
      .trimEnd(),
  );
}

/** Every place that a user can go to from this view, without its header: a replay says there what it is. */
export function everyScreen(view: View): Readonly<Record<string, string[]>> {
  const places: [string, Partial<Ui>][] = [
    ['overview', {}],
    ['findings', { at: 'findings' }],
    ['changes', { at: 'changes' }],
    ['topics', { at: 'topics' }],
    ['machines', { at: 'machines' }],
    ...view.snapshot.topics.map(
      t => [`topic ${t.id}`, { at: 'topic', topic: t.id }] satisfies [string, Partial<Ui>],
    ),
    ...view.snapshot.flows.map(
      f => [`flow ${f.id}`, { at: 'flow', flow: f.id }] satisfies [string, Partial<Ui>],
    ),
    ...view.snapshot.groups.map(
      g => [`group ${g.id}`, { at: 'group', group: g.id }] satisfies [string, Partial<Ui>],
    ),
  ];
  return Object.fromEntries(
    places.flatMap(([name, ui]) =>
      [
        { columns: 80, rows: 24 },
        { columns: 160, rows: 50 },
      ].map(size => [`${name} ${size.columns}x${size.rows}`, textOf(view, size, ui).slice(1)]),
    ),
  );
}
