import { isWell, type Check, type Report, type Section } from './examination.js';

/** No line is longer, whatever a broker calls itself. */
const width = 100;

const marks = { ok: '✓', missing: '!', failing: '✗', note: '–' } as const;

/** For people: endpoint by endpoint, what is missing, what is lost without it, and what repairs it. */
export function doctorText({ context, sections }: Report): string {
  const all = sections.flatMap(s => s.checks);
  const [missing, failing] = [countOf(all, 'missing'), countOf(all, 'failing')];
  const affected = sections.filter(s => !isWell([s])).map(s => s.name);
  const sum =
    missing + failing === 0
      ? 'all is well'
      : `${failing} failing, ${missing} missing (${affected.join(', ')})`;
  return [...wrapped('', `kmon doctor, context ${context}: ${sum}`), ...sections.flatMap(sectionLines)].join(
    '\n',
  );
}

function sectionLines({ name, about, checks }: Section): readonly string[] {
  const head = about === '' ? name : `${name}  ${about}`;
  return ['', ...wrapped('', head), ...checks.flatMap(checkLines)];
}

function checkLines({ is, says, lost, repair, commands }: Check): readonly string[] {
  return [
    ...wrapped(`  ${marks[is]} ${is === 'ok' || is === 'note' ? '' : `${is}: `}`, says, '    '),
    ...(lost === undefined ? [] : wrapped('    lost: ', lost)),
    ...(repair === undefined ? [] : wrapped('    repair: ', repair)),
    ...(commands ?? []).flatMap(command => commandLines(command)),
  ];
}

/** As it is typed into a shell: broken before an option, never between an option and its value. */
function commandLines(command: string): string[] {
  return folded('      ', command.split(/ (?=--)/), '        ', ' \\');
}

/** Broken between words; a word that is longer than a line, anywhere. */
function wrapped(first: string, text: string, rest = ' '.repeat(first.length)): string[] {
  const longest = width - Math.max(first.length, rest.length);
  const words = text.split(/[\s\p{Cc}]+/u).flatMap(w => w.match(new RegExp(`.{1,${longest}}`, 'gu')) ?? []);
  return folded(first, words, rest, '');
}

/** `goesOn` ends each line that another one follows. */
function folded(first: string, words: readonly string[], rest: string, goesOn: string): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of words) {
    if (!isEmpty && line.length + 1 + word.length + goesOn.length > width) {
      lines.push(line + goesOn);
      [line, isEmpty] = [rest, true];
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

function countOf(checks: readonly Check[], is: Check['is']): number {
  return checks.filter(c => c.is === is).length;
}
