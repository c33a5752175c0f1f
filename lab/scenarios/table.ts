/** What was measured, as a table for people and as `docs/scenarios.md`. */
import { listed } from '../../source/diagnose/rules/make.js';
import { count, duration } from '../../source/core/units.js';
import { findFault } from '../faults/index.js';
import { table } from '../status.js';
import type { Calm } from './calm.js';
import { type Curable, type Expectation, isCurable, nameOf } from './expected.js';
import type { CureRun, Dose, FaultRun, QuietRun, Results } from './results.js';
import type { Wanted } from './wanted.js';

/** Beyond it the machine itself was the limit, and what was measured says less. */
const busyHost = 0.85;

type Row = readonly [
  fault: string,
  expected: string,
  within: string,
  found: string,
  wrong: string,
  cleared: string,
  runs: string,
];

const heading: Row = [
  'fault',
  'expected',
  'within',
  'found after',
  'false findings',
  'cleared after',
  'times run',
];

export function isGood(expectation: Expectation, run: FaultRun): boolean {
  return (
    run.errors.length === 0 &&
    run.false.length === 0 &&
    expectation.expected.every(({ within }, i) => (run.found[i]?.after ?? Infinity) <= within)
  );
}

export function isSilent(run: QuietRun): boolean {
  return run.errors.length === 0 && run.false.length === 0;
}

function faultRow(expectation: Expectation, runs: readonly FaultRun[]): Row {
  const { expected, clears } = expectation;
  const what = [
    nameOf(expectation),
    expected.map(wantedText).join('; '),
    expected.map(({ within }) => `${within} s`).join('; '),
  ] as const;
  if (runs.length === 0) return [...what, 'not run', '', '', '0'];
  const wrong = runs.flatMap(run => [...run.false, ...run.errors.map(error => `failed: ${error}`)]);
  return [
    ...what,
    runs
      .map(run => {
        const each = run.found.map(({ after }) => (after === null ? 'never' : `${after} s`)).join('; ');
        const marks = [
          ...(run.with ? [`with ${run.with.join(', ')}`] : []),
          ...(run.hostCpu >= busyHost ? ['host busy'] : []),
        ];
        return marks.length > 0 ? `${each} (${marks.join('; ')})` : each;
      })
      .join(', '),
    wrong.length === 0 ? 'none' : unique(wrong.map(short)).join('; '),
    clears === undefined ? 'told for 10 min' : runs.map(run => clearedText(run, clears)).join(', '),
    String(runs.length),
  ];
}

function clearedText({ found, cleared }: FaultRun, limit: number): string {
  if (found.every(({ after }) => after === null)) return '–';
  return cleared === null ? `> ${limit} s` : `${cleared} s`;
}

function wantedText({ rule, verdict }: Wanted): string {
  return verdict === undefined ? rule : `${rule}: ${verdict}`;
}

/** Without the numbers and the subject, which are in the results. */
function short(text: string): string {
  return text.split(':')[0] ?? text;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

const calmHeading = ['situation', 'silent for', 'what fired', 'told for information', 'times run'] as const;

function calmRow(calm: Calm, runs: readonly QuietRun[]): readonly string[] {
  if (runs.length === 0) return [calm.name, 'not run', '', '', '0'];
  const wrong = runs.flatMap(run =>
    [...run.false, ...run.errors.map(error => `failed: ${error}`)].map(text =>
      run.hostCpu >= busyHost ? `${short(text)} (host busy)` : short(text),
    ),
  );
  const minutes = runs.filter(isSilent).reduce((sum, run) => sum + run.minutes, 0);
  return [
    calm.name,
    `${Math.round(minutes * 10) / 10} min`,
    wrong.length === 0 ? 'nothing' : unique(wrong).join('; '),
    unique(runs.flatMap(({ notes }) => notes.map(short))).join('; ') || 'nothing',
    String(runs.length),
  ];
}

const cureHeading = [
  'fault',
  'finding',
  'remedy',
  'what moved, and what was expected',
  'finding gone after',
  'drained after',
  'times run',
] as const;

/** Whether the remedy that was expected came first, and the finding went. */
export function isCured({ cure }: Curable, run: CureRun): boolean {
  return run.errors.length === 0 && run.gone !== null && run.doses[0]?.action === cure.by;
}

function cureRow(expectation: Curable, runs: readonly CureRun[]): readonly string[] {
  const name = nameOf(expectation);
  if (runs.length === 0) return [name, 'not run', expectation.cure.by, '', '', '', '0'];
  const each = (of: (run: CureRun) => string): string => unique(runs.map(of)).join('; ');
  return [
    name,
    each(({ finding }) => finding ?? 'never found'),
    each(remedyText),
    runs.map(({ doses }) => doses.map(movedText).join(', then ') || '–').join('; '),
    runs.map(goneText).join(', '),
    runs.map(drainedText).join(', '),
    String(runs.length),
  ];
}

/** `Raise tasks.max by half (tasks.max 4 → 6)`, one after the other, and why there was no more. */
function remedyText({ doses, not, errors }: CureRun): string {
  const told = [
    ...doses.map(({ title, changes }) => `${title} (${listed(changes, 4)})`),
    ...(not === undefined ? [] : [not]),
    ...errors.map(error => `failed: ${error}`),
  ];
  return told.join(', then ') || 'none';
}

function movedText({ effect, ended }: Dose): string {
  return effect
    ? `${effect.what} ${count(effect.before)} → ${count(effect.after)} (${effect.expected})`
    : ended;
}

function goneText({ gone, hostCpu }: CureRun): string {
  const text = gone === null ? 'it stands' : `${gone} s`;
  return hostCpu >= busyHost ? `${text} (host busy)` : text;
}

function drainedText({ drained, drains }: CureRun): string {
  if (drained !== null) return `${drained} s`;
  return drains === undefined ? '–' : `${duration(drains * 1_000)} more, at its pace`;
}

/** Those that kmon does not cure, with the reason. */
function uncured(expectations: readonly Expectation[]): readonly string[] {
  return expectations.flatMap(({ fault, cure }) =>
    cure === undefined || 'by' in cure ? [] : [`* \`${fault}\`: ${cure.none}`],
  );
}

export function resultsText(
  { faults, calms, cures }: Results,
  expectations: readonly Expectation[],
  situations: readonly Calm[],
): string {
  const faultRows = expectations.flatMap(each => {
    const runs = faults[nameOf(each)] ?? [];
    return runs.length === 0 ? [] : [faultRow(each, runs)];
  });
  const calmRows = situations.flatMap(each => {
    const runs = calms[each.name] ?? [];
    return runs.length === 0 ? [] : [calmRow(each, runs)];
  });
  const cureRows = expectations.filter(isCurable).flatMap(each => {
    const runs = cures[nameOf(each)] ?? [];
    return runs.length === 0 ? [] : [cureRow(each, runs)];
  });
  return [
    ...(faultRows.length > 0 ? [table([heading, ...faultRows]), ''] : []),
    ...(calmRows.length > 0 ? [table([calmHeading, ...calmRows]), ''] : []),
    ...(cureRows.length > 0 ? [table([cureHeading, ...cureRows]), ''] : []),
  ].join('\n');
}

export function resultsDocument(
  results: Results,
  expectations: readonly Expectation[],
  situations: readonly Calm[],
): string {
  const { faults, calms, cures } = results;
  const faultRows = expectations.map(each => faultRow(each, faults[nameOf(each)] ?? []));
  const calmRows = situations.map(each => calmRow(each, calms[each.name] ?? []));
  const cureRows = expectations.filter(isCurable).map(each => cureRow(each, cures[nameOf(each)] ?? []));
  return `# Scenarios

Made by \`npm run scenarios -- --write\` on [the lab](lab.md), a real site: change the rules, the faults or what is expected, not this file.

What must be found, and when, is written down in \`lab/scenarios/expected.ts\`. For each fault kmon watches until it is silent; then the
fault is made, and the time is taken from the moment when its making begins until the expected finding fires. After that the fault is healed,
and the time is taken from then until the finding is gone. A **false finding** is a warning or worse that is neither expected, nor listed under
what is expected, nor declared in that file to be true of the same fault. A hard fault must be found within 60 s, a trend in the time that its
rule asks for. Faults that touch different parts of the site may be made at once (\`--together\`): each must be found all the same, and
the table says with which. Where more than ${busyHost * 100} % of the host's CPU was in use, the run is marked. The newest three runs of each fault count, good
or not, with all that was said in them in \`scenarios.json\`${measuredAt(results)}.

## Faults

${markdown([heading, ...faultRows])}

What is done:

${expectations
  .filter(({ startAfter }) => startAfter === undefined)
  .map(({ fault }) => `* \`${fault}\`: ${findFault(fault).about}`)
  .join('\n')}

## Calm situations

No warning may fire. Situations that go together may be made at once (\`--together\`): those minutes count for each of them, and
\`scenarios.json\` says with which.

${markdown([calmHeading, ...calmRows])}

${situations.map(({ name, about }) => `* \`${name}\`: ${about}`).join('\n')}

## Cures

\`npm run scenarios -- --cure\`. The fault is made, and when the finding has stood for 45 s a read-write kmon without a screen offers, plans,
confirms and watches the first remedy that the finding says cures it; the same again as long as the finding stands, at most five times.
Which remedy comes first is written down in \`lab/scenarios/expected.ts\` too. After each change stands what it was expected to move, before
and after, with what its plan had said of it; the finding is gone when it fires no more, counted from the first change, and the target is
drained, counted from the last, when less than a second of healthy load is missing there.

${markdown([cureHeading, ...cureRows])}

What kmon does not cure:

${uncured(expectations).join('\n')}

## What one machine cannot make

A network card that is full, a long way between two clusters and one hot worker of several hosts are played by the simulation, where the
tests of the rules run on them (\`test/diagnose/\`).
`;
}

/** Of which commits what was measured is; empty where that is not known. */
function measuredAt({ faults, calms, cures }: Results): string {
  const runs = [
    ...Object.values(faults).flat(),
    ...Object.values(calms).flat(),
    ...Object.values(cures).flat(),
  ];
  const commits = unique(runs.flatMap(({ commit }) => commit ?? []));
  return commits.length === 0 ? '' : `, of the commits ${commits.join(', ')}`;
}

function markdown(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows;
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rest.map(line)].join('\n');
}
