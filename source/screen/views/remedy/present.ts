import type { Offer, Plan, Step } from '../../../remedy/plan.js';
import type { View } from '../../../session/view.js';
import { glyphs } from '../../glyphs.js';
import { stepRows } from '../../parts/steps.js';
import { row, segment, segmentsWidth, type Row, type Segment } from '../../row.js';
import type { Token } from '../../theme.js';
import { width, wrap } from '../../text.js';
import { previewRows } from '../../preview.js';
import { subjectAtCursor } from '../../subject.js';
import { typedFor, type Size, type Ui } from '../../ui.js';
import { findingLines } from '../overview/findings.js';
import { diffRows } from './diff.js';
import { clipped, firstOf, layOut, type Dialog } from './layout.js';
import { guideRows } from './guide.js';
import { playbookRows } from './playbook.js';
import { askedOf } from './asked.js';

/** The dialog of a remedy: the menu, the plan to read and confirm, the steps, the effect; and what it is to act on, while that is watched. */
export function presentRemedy(view: View, ui: Ui, size: Size): readonly Row[] {
  const { head, room } = places(view, ui, size);
  const rows = [...head, ...layOut(dialog(view, ui, room.columns - 4), readTo(view, ui), room).rows];
  if (!watched.has(view.remedy.phase)) return rows;
  return [
    ...rows,
    ...previewRows(view, ui, subjectAtCursor(view, ui), { ...size, rows: size.rows - rows.length }),
  ];
}

/** Nothing is read and typed any more, or one waits for numbers. */
const watched: ReadonlySet<View['remedy']['phase']> = new Set(['running', 'ended', 'playbook']);

/** The largest scroll of the dialog in a body of this size; 0 where all of it is seen. */
export function lastRead(view: View, ui: Ui, size: Size): number {
  const { room } = places(view, ui, size);
  return layOut(dialog(view, ui, room.columns - 4), 0, room).last;
}

/** Where the user has scrolled what is shown now to; another text begins at its top. */
export function readTo(view: View, ui: Ui): number {
  return ui.read.of === textOf(view) ? ui.read.line : 0;
}

/** The name of the text in the dialog. */
export function textOf({ remedy }: View): string {
  if (remedy.phase === 'plan') return remedy.plan.id;
  return remedy.phase === 'refused' ? `refused: ${remedy.refusal.reason}` : remedy.phase;
}

function places(view: View, ui: Ui, size: Size): { readonly head: readonly Row[]; readonly room: Size } {
  const head = size.rows >= 20 ? findingLines(view, ui, size, size.rows >= 30 ? 3 : 2) : [];
  return { head, room: { columns: Math.min(size.columns, 120), rows: size.rows - head.length } };
}

function dialog(view: View, ui: Ui, columns: number): Dialog {
  const { remedy } = view;
  switch (remedy.phase) {
    case 'none':
      return { title: '', body: [], foot: [] };
    case 'offers':
      return { title: `Remedies for ${remedy.subject}`, ...offerRows(remedy.offers, ui, columns), foot: [] };
    case 'asking':
      return {
        title: `${remedy.offer.title}: ${remedy.subject}`,
        body: askRows(remedy.offer, ui, columns),
        foot: [],
      };
    case 'planning':
      return {
        title: remedy.title,
        body: [row(segment('reading what is there now, and working out the change …', 'dim'))],
        foot: [],
      };
    case 'refused':
      return { title: 'Nothing was changed', body: refusalRows(remedy.refusal, columns), foot: [] };
    case 'plan':
      return {
        title: remedy.plan.title,
        ...planRows(remedy.plan, noteRows(remedy.note, columns), columns),
        foot: confirmRows(view, ui, remedy.plan, columns),
      };
    case 'guide':
      return {
        title: remedy.guide.title,
        ...guideRows(remedy.guide, columns),
        foot: [row(segment('Esc leaves it; it goes on watching, and x shows it again', 'dim'))],
      };
    case 'playbook':
      return {
        title: `Playbook: growing lag of ${remedy.playbook.name}`,
        ...playbookRows(remedy.playbook, columns),
      };
    case 'running':
      return {
        title: remedy.plan.title,
        ...changeRows(remedy.plan, remedy.steps, columns),
        foot: [runningRow(remedy.undo)],
      };
    case 'ended':
      return {
        title: remedy.plan.title,
        ...changeRows(remedy.plan, remedy.steps, columns),
        foot: [endRow(remedy.undo)],
      };
  }
}

/** The change and its steps; where they do not fit, what was done last. */
function changeRows(plan: Plan, steps: readonly Step[], columns: number): Pick<Dialog, 'body' | 'tight'> {
  const change = diffRows(plan.changes, columns);
  const newest = stepRows(
    steps.filter((step, i) => step.state !== 'watching' || steps[i + 1]?.state !== 'watching'),
    columns,
  );
  return {
    body: [...change, row(''), ...stepRows(steps, columns)],
    tight: room => {
      const diff = clipped(
        change,
        Math.max(1, Math.min(6, room - newest.length)),
        'lines: view 7 shows them',
      );
      return { stays: [...diff, ...newest.slice(diff.length - room)], scrolls: [] };
    },
  };
}

function offerRows(
  offers: Extract<View['remedy'], { phase: 'offers' }>['offers'],
  ui: Ui,
  columns: number,
): Pick<Dialog, 'body' | 'cursor'> {
  if (offers.length === 0) return { body: [row(segment('kmon knows no remedy for this', 'dim'))] };
  const chosen = Math.max(0, Math.min(offers.length - 1, ui.offer));
  const body = offers.flatMap((offer, i) => {
    const here = i === chosen;
    const segments = [
      segment(here ? `${glyphs.cursor} ` : '  ', 'key'),
      segment(offer.title, offer.disabled === undefined ? 'strong' : 'dim'),
    ];
    const reason = offer.disabled === undefined ? [] : wrap(`not now: ${offer.disabled}`, columns - 4);
    return [
      here ? { segments, selected: true } : { segments },
      ...reason.map(line => row(segment(`    ${line}`, 'warning'))),
      ...(offer.note === undefined ? [] : wrap(offer.note, columns - 4)).map(line =>
        row(segment(`    ${line}`, 'dim')),
      ),
    ];
  });
  return { body, cursor: body.findIndex(one => one.selected) };
}

/** What must be typed before it can be planned. */
function askRows(offer: Offer, ui: Ui, columns: number): readonly Row[] {
  const { prompt, example } = offer.asks ?? { prompt: 'a value', example: '' };
  return [
    ...wrap(prompt, columns).map(line => row(segment(line))),
    row(segment('for example  ', 'dim'), segment(example)),
    row(''),
    row(segment(typedFor(ui, askedOf(offer)), 'input'), segment('▌', 'key')),
    row(''),
    row(segment('Enter plans it and shows the change; nothing is changed yet', 'dim')),
  ];
}

function refusalRows(
  refusal: Extract<View['remedy'], { phase: 'refused' }>['refusal'],
  columns: number,
): readonly Row[] {
  return [
    ...wrap(refusal.reason, columns).map(line => row(segment(line, 'warning'))),
    ...(refusal.instead.length > 0 ? [row(''), row(segment('instead', 'dim'))] : []),
    ...refusal.instead.flatMap(line => wrap(line, columns - 2).map(part => row(segment(`  ${part}`)))),
  ];
}

function noteRows(note: string | undefined, columns: number): readonly Row[] {
  return note === undefined
    ? []
    : [...wrap(note, columns).map(line => row(segment(line, 'warning'))), row('')];
}

const labelWidth = 9;

const riskLooks: Readonly<Record<Plan['risk']['level'], Token>> = {
  low: 'text',
  medium: 'warning',
  high: 'critical',
};

/**
 * What cannot cure says so before anything else; then why, the change, and what follows from it. Where that is too long the
 * warning, the change and the risk stay, and the rest is scrolled.
 */
function planRows(plan: Plan, note: readonly Row[], columns: number): Pick<Dialog, 'body' | 'tight'> {
  const room = columns - labelWidth;
  const labelled = (label: string, rows: readonly Row[]): readonly Row[] =>
    rows.map((one, i) => ({
      segments: [segment((i === 0 ? label : '').padEnd(labelWidth), 'dim'), ...one.segments],
    }));
  const text = (label: string, lines: readonly string[], as: Token = 'text'): readonly Row[] =>
    labelled(
      label,
      lines.flatMap(line => wrap(line, room)).map(line => row(segment(line, as))),
    );
  const warning = cureRows(plan, columns);
  const why = text('why', [plan.why]);
  const change = labelled('change', diffRows(plan.changes, room));
  const expect = [...text('where', [plan.where]), ...text('expect', plan.expect)];
  const repeats = text('repeats', [plan.repeats].filter(Boolean));
  const risk = text('risk', [`${plan.risk.level}: ${plan.risk.text}`], riskLooks[plan.risk.level]);
  const undo = [...text('undo', [plan.undo]), ...text('by hand', plan.byHand, 'dim')];
  return {
    body: [...note, ...warning, ...why, ...change, ...expect, ...repeats, ...risk, ...undo],
    tight: rows => {
      const most = (share: number): number => Math.max(1, Math.floor(rows * share));
      const small = rows < 8;
      const [warns, changes, risks] = small
        ? [0, Math.max(1, rows - 3), 1]
        : [most(0.2), most(0.35), most(0.2)];
      const first = warning.slice(0, -1);
      const shortened = (all: readonly Row[], most: number): readonly Row[] =>
        most === 1 ? firstOf(all) : clipped(all, most, 'lines below');
      const stays = [
        ...(warns > 0 ? shortened(first, warns) : []),
        ...shortened(change, changes),
        ...shortened(risk, risks),
        ...(small ? [] : [row(segment('─'.repeat(columns), 'dim'))]),
      ];
      const cut = (all: readonly Row[], most: number): readonly Row[] => (all.length > most ? all : []);
      const below = [...cut(change, changes), ...expect, ...repeats, ...cut(risk, risks), ...undo];
      return { stays, scrolls: [...note, ...cut(first, warns), ...why, ...below] };
    },
  };
}

function cureRows({ cure, irrevocable, undo }: Plan, columns: number): readonly Row[] {
  const final = irrevocable
    ? wrap(`${glyphs.critical} NOT UNDOABLE: ${undo}`, columns).map(line => row(segment(line, 'critical')))
    : [];
  if (cure.verdict === 'cures') return final.length > 0 ? [...final, row('')] : [];
  const [mark, word, as]: readonly [string, string, Token] =
    cure.verdict === 'will-not-cure'
      ? [glyphs.critical, 'THIS WILL NOT CURE IT', 'critical']
      : [glyphs.warning, 'THIS MAY NOT CURE IT', 'warning'];
  return [
    ...final,
    ...wrap(`${mark} ${word}: ${cure.reason}`, columns).map(line => row(segment(line, as))),
    row(''),
  ];
}

/** The word to type, or why there is none to type. */
function confirmRows(view: View, ui: Ui, plan: Plan, columns: number): readonly Row[] {
  if (view.site.mode === 'read-only') {
    return wrap(
      'read-only: nothing can be applied from here. Start kmon with --read-write, or set mode: read-write in the context',
      columns,
    ).map(line => row(segment(line, 'warning')));
  }
  const typed = typedFor(ui, plan.id);
  const right = typed === plan.confirm;
  const state: Segment = right
    ? segment('  Enter applies it', 'ok')
    : segment(typed === '' || plan.confirm.startsWith(typed) ? '' : '  that is another name', 'warning');
  const input = [segment(typed, 'input'), segment('▌', 'key')];
  const name = segment(plan.confirm, 'strong');
  const whole = [segment('type  ', 'dim'), name, segment('  to apply, Esc to leave:  ', 'dim')];
  const brief = [segment('type ', 'dim'), name, segment(': ', 'dim')];
  // What is typed must be seen to its end.
  const needed = width(plan.confirm) + 1;
  if (segmentsWidth(whole) + needed + width('  Enter applies it') <= columns)
    return [row(...whole, ...input, state)];
  if (segmentsWidth(brief) + needed <= columns) return [row(...brief, ...input, state)];
  return [row(...brief), row(...input, state)];
}

function runningRow(undo: boolean): Row {
  return row(
    segment(undo ? 'u' : '', 'key'),
    segment(undo ? ' plans the undo   ' : '', 'dim'),
    segment('Esc leaves the dialog; the change goes on and stays in view 7', 'dim'),
  );
}

function endRow(undo: boolean): Row {
  return row(
    segment(undo ? 'u' : '', 'key'),
    segment(undo ? ' plans the undo   ' : '', 'dim'),
    segment('Esc', 'key'),
    segment(' leaves; everything stays in view 7 and in the audit file', 'dim'),
  );
}
