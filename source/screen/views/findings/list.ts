import { explain } from '../../../core/failure.js';
import { subjectText } from '../../../core/subject-text.js';
import { duration, plural } from '../../../core/units.js';
import type { LiveFinding } from '../../../diagnose/finding.js';
import { followersOf } from '../../../session/consequences.js';
import type { View } from '../../../session/view.js';
import { countsByVerdict, type Entry, type Line } from '../../found.js';
import { age, timeOfDay } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { segment, spread, type Row, type Segment } from '../../row.js';
import { findingMark, severityMark } from '../../severity.js';
import { newMark } from '../../since.js';
import { fit, width } from '../../text.js';

/** One line of the list of findings; what follows from another is indented under it. */
export function lineRow(line: Line, view: View, selected: boolean, places: Places): Row {
  const cursor = segment(selected ? glyphs.cursor : ' ', 'key');
  const [left, right] = contentOf(line, view, places);
  const segments = spread([cursor, ...left], right, places.columns);
  return selected ? { segments, selected: true } : { segments };
}

type Content = readonly [left: readonly Segment[], right: readonly Segment[]];

function contentOf(line: Line, view: View, places: Places): Content {
  switch (line.is) {
    case 'live':
      return liveContent(line.finding, line.causes.length, view, places);
    case 'more':
      return [
        [
          segment(
            `${indent(line.depth)}+ ${line.hidden.length} more follow: ${countsByVerdict(line.hidden)}`,
            'dim',
          ),
          segment(`  ${glyphs.arrow} lists them`, 'dim'),
        ],
        [],
      ];
    case 'past':
      return pastContent(line, view, places);
    case 'unjudged':
      return unjudgedContent(line);
  }
}

/** Columns of the screen, and of subjects, alike in all lines. */
export type Places = { readonly columns: number; readonly subject: number };

/** What the longest name needs, for the sentence needs the rest; it has more of a narrow screen. */
export function placesOf(lines: readonly Line[], columns: number): Places {
  const most = columns < 60 ? 10 : columns < 100 ? 16 : 24;
  const needed = lines.map(line => {
    if (line.is === 'live') return width(line.finding.subject.name) + 2 * line.causes.length;
    return line.is === 'past' ? width(line.finding.subject.name) : 0;
  });
  return { columns, subject: Math.min(most, Math.max(0, ...needed)) };
}

function liveContent(finding: LiveFinding, depth: number, view: View, { columns, subject }: Places): Content {
  const narrow = columns < 100;
  const dim = finding.phase === 'pending' || finding.excused === true;
  const followers = followersOf(finding).length;
  return [
    [
      segment(indent(depth), 'dim'),
      findingMark(finding, narrow ? 'short' : 'long'),
      segment(
        `  ${fit(finding.subject.name, Math.max(Math.min(8, subject), subject - 2 * depth))}  `,
        dim ? 'dim' : 'strong',
      ),
      ...newMark(view, finding),
      segment(finding.sentence, dim ? 'dim' : 'text'),
      ...(narrow ? [] : [segment(`  ${finding.consequence}`, 'dim')]),
    ],
    [
      segment(followers > 0 ? `  +${followers} follow` : '', 'dim'),
      segment(`  ${standOf(finding, view.at)} `, dim ? 'dim' : 'text'),
    ],
  ];
}

/** How long it is there, or what comes next of it: `fires in 8s`, `resolving for 20s`. */
export function standOf(finding: LiveFinding, at: number): string {
  switch (finding.phase) {
    case 'pending':
      return firesIn(finding, at);
    case 'firing':
      return `${finding.excused === true ? 'expected  ' : ''}${age(finding.since, at, finding.sinceIsBound)}`;
    case 'resolving': {
      const began = finding.timeline.findLast(moment => moment.what === 'resolving')?.at;
      return began === undefined ? 'resolving' : `resolving for ${duration(at - began)}`;
    }
  }
}

function firesIn({ firesAt }: LiveFinding, at: number): string {
  if (firesAt === undefined) return 'forming';
  return firesAt > at ? `fires in ${duration(firesAt - at)}` : 'fires when it holds';
}

function pastContent({ finding }: Entry & { readonly is: 'past' }, view: View, places: Places): Content {
  const narrow = places.columns < 100;
  const { since, sinceIsBound, endedAt, subject, sentence, severity } = finding;
  const lasted = age(since, endedAt, sinceIsBound);
  return [
    [
      segment(severityMark(severity, narrow ? 'short' : 'long').text, 'dim'),
      segment(`  ${fit(subject.name, places.subject)}  `, 'dim'),
      segment(sentence, 'dim'),
    ],
    [
      segment(
        narrow
          ? `  ${duration(view.at - endedAt)} ago `
          : `  ${timeOfDay(since)}…${timeOfDay(endedAt)} (${lasted}), ${duration(view.at - endedAt)} ago `,
        'dim',
      ),
    ],
  ];
}

function unjudgedContent({ unjudged: { rule, subjects } }: Entry & { readonly is: 'unjudged' }): Content {
  const first = subjects[0];
  if (first === undefined) return [[], []];
  const whom = subjects.length === 1 ? subjectText(first.subject) : plural(subjects.length, 'subject');
  return [
    [
      segment(`${glyphs.unsure} `, 'info'),
      segment(`${rule} of ${whom}: ${explain(first.why.kind).meaning}`),
      segment(subjects.length === 1 && first.why.detail ? ` (${first.why.detail})` : '', 'dim'),
    ],
    [],
  ];
}

function indent(depth: number): string {
  return depth === 0 ? '' : `${'  '.repeat(depth - 1)} ${glyphs.corner} `;
}
