import type { Failure } from '../core/failure.js';
import type { LiveFinding, PastFinding, Subject } from '../diagnose/finding.js';
import { withConsequences } from '../session/consequences.js';
import type { View } from '../session/view.js';
import type { Ui } from './ui.js';

/** What the findings view lists: what is found with what follows from it, then what is over, then what nothing can be said about. */
export type Entry =
  | { readonly is: 'live'; readonly id: string; readonly finding: LiveFinding; readonly causes: Causes }
  | { readonly is: 'past'; readonly id: string; readonly finding: PastFinding }
  | { readonly is: 'unjudged'; readonly id: string; readonly unjudged: Blindness };

/** A line of the list; `more` counts the consequences of a cause that are not listed. */
export type Line =
  | Entry
  | {
      readonly is: 'more';
      readonly id: string;
      readonly hidden: readonly LiveFinding[];
      readonly depth: number;
    };

/** What a finding follows from, the nearest last. */
type Causes = readonly LiveFinding[];

/** Subjects that one rule cannot judge, for one kind of reason. */
export type Blindness = {
  readonly rule: string;
  readonly subjects: readonly { readonly subject: Subject; readonly why: Failure }[];
};

/** So many consequences of a cause are listed before they are only counted. */
const listed = 3;

/** Every line of the list. The consequences of a cause are counted where they are many, until it is unfolded. */
export function linesOf(view: View, ui: Ui): readonly Line[] {
  return [
    ...view.findings.flatMap(finding => linesFrom(finding, [], ui)),
    ...view.past.map(finding => ({ is: 'past' as const, id: pastId(finding), finding })),
    ...blindnessOf(view).map(unjudged => ({ is: 'unjudged' as const, id: blindId(unjudged), unjudged })),
  ];
}

/** Those that can be selected. */
export function entriesOf(view: View, ui: Ui): readonly Entry[] {
  return linesOf(view, ui).flatMap(line => (line.is === 'more' ? [] : [line]));
}

/**
 * The selected one; the first where none is, or where it is gone. A finding that ended while it was selected is found
 * again among those that are over.
 */
export function currentEntry(view: View, ui: Ui): Entry | undefined {
  const all = entriesOf(view, ui);
  const ended = view.past.find(one => one.key === ui.finding);
  return (
    all.find(one => one.id === ui.finding) ?? all.find(one => ended && one.id === pastId(ended)) ?? all[0]
  );
}

/** All that is found, also what follows from something else. */
export function allFindings(view: View): readonly LiveFinding[] {
  return view.findings.flatMap(withConsequences);
}

/** What stands about one subject: what may be wrong first, the worst of it first, before what only forms; then what is only told. */
export function findingsAbout(
  view: View,
  { kind, id }: Pick<Subject, 'kind' | 'id'>,
): readonly LiveFinding[] {
  return allFindings(view)
    .filter(({ subject }) => subject.kind === kind && subject.id === id)
    .sort((a, b) => rank(a) - rank(b));
}

function rank({ severity, phase }: LiveFinding): number {
  const isForming = phase === 'pending' ? 2 : 0;
  return severity === 'info' ? 4 + isForming : isForming + (severity === 'critical' ? 0 : 1);
}

/** `180 offline, 17 not-running`: how many there are of each verdict, the most first. */
export function countsByVerdict(findings: readonly { readonly verdict: string }[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of findings) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([verdict, n]) => `${n} ${verdict}`)
    .join(', ');
}

function linesFrom(finding: LiveFinding, causes: Causes, ui: Ui): readonly Line[] {
  const under: Causes = [...causes, finding];
  const isOpen = (one: LiveFinding): boolean =>
    withConsequences(one).some(each => each.key === ui.finding) || ui.unfolded === finding.key;
  const shown = finding.consequences.filter(
    (one, i, { length }) => i < listed || length === listed + 1 || isOpen(one),
  );
  const hidden = finding.consequences.filter(one => !shown.includes(one));
  return [
    { is: 'live', id: finding.key, finding, causes },
    ...shown.flatMap(one => linesFrom(one, under, ui)),
    ...(hidden.length === 0
      ? []
      : [
          {
            is: 'more' as const,
            id: `${finding.key}/more`,
            hidden: hidden.flatMap(withConsequences),
            depth: under.length,
          },
        ]),
  ];
}

/** A finding may come and go, so those of one subject are told apart by when they ended. */
function pastId({ key, endedAt }: PastFinding): string {
  return `${key}@${endedAt}`;
}

function blindId({ rule, subjects }: Blindness): string {
  return `unjudged/${rule}/${subjects[0]?.why.kind ?? ''}`;
}

function blindnessOf({ unjudged }: View): readonly Blindness[] {
  const groups = new Map<string, { rule: string; subjects: { subject: Subject; why: Failure }[] }>();
  for (const { rule, subject, why } of unjudged) {
    const id = `${rule}/${why.kind}`;
    const group = groups.get(id) ?? { rule, subjects: [] };
    group.subjects.push({ subject, why });
    groups.set(id, group);
  }
  return [...groups.values()];
}
