import type { Offer, Plan } from '../../../remedy/plan.js';
import type { View } from '../../../session/view.js';
import { glyphs } from '../../glyphs.js';
import { box } from '../../parts/box.js';
import { stepRows } from '../../parts/steps.js';
import { row, segment, type Row, type Segment } from '../../row.js';
import type { Token } from '../../theme.js';
import { wrap } from '../../text.js';
import { typedFor, type Size, type Ui } from '../../ui.js';
import { findingLines } from '../overview/findings.js';
import { diffRows } from './diff.js';
import { askedOf } from './keys.js';

/** The dialog of a remedy: the menu, the plan to read and confirm, the steps, the effect. */
export function presentRemedy(view: View, ui: Ui, size: Size): readonly Row[] {
  const head = size.rows >= 20 ? findingLines(view, ui, size, 2) : [];
  const columns = Math.min(size.columns, 120);
  return [...head, ...dialog(view, ui, { columns, rows: size.rows - head.length })];
}

function dialog(view: View, ui: Ui, size: Size): readonly Row[] {
  const { remedy } = view;
  const inner = size.columns - 4;
  switch (remedy.phase) {
    case 'none':
      return [];
    case 'offers':
      return box(`Remedies for ${remedy.subject}`, offerRows(remedy.offers, ui, inner), [], size);
    case 'asking':
      return box(`${remedy.offer.title}: ${remedy.subject}`, askRows(remedy.offer, ui, inner), [], size);
    case 'planning':
      return box(
        remedy.title,
        [row(segment('reading what is there now, and working out the change …', 'dim'))],
        [],
        size,
      );
    case 'refused':
      return box('Nothing was changed', refusalRows(remedy.refusal, inner), [], size);
    case 'plan':
      return box(
        remedy.plan.title,
        [...noteRows(remedy.note, inner), ...planRows(remedy.plan, inner)],
        confirmRows(view, ui, remedy.plan, inner),
        size,
      );
    case 'running':
      return box(
        remedy.plan.title,
        [...diffRows(remedy.plan.changes, inner), row(''), ...stepRows(remedy.steps, inner)],
        [row(segment('Esc leaves the dialog; the change goes on and stays in view 7', 'dim'))],
        size,
      );
    case 'ended':
      return box(
        remedy.plan.title,
        [...diffRows(remedy.plan.changes, inner), row(''), ...stepRows(remedy.steps, inner)],
        [endRow(remedy.undo)],
        size,
      );
  }
}

function offerRows(
  offers: Extract<View['remedy'], { phase: 'offers' }>['offers'],
  ui: Ui,
  columns: number,
): readonly Row[] {
  if (offers.length === 0) return [row(segment('kmon knows no remedy for this', 'dim'))];
  const chosen = Math.max(0, Math.min(offers.length - 1, ui.offer));
  return offers.flatMap((offer, i) => {
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

/** What cannot cure says so before anything else; then why, the change, and what follows from it. */
function planRows(plan: Plan, columns: number): readonly Row[] {
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
  return [
    ...cureRows(plan, columns),
    ...text('why', [plan.why]),
    ...labelled('change', diffRows(plan.changes, room)),
    ...text('where', [plan.where]),
    ...text('expect', plan.expect),
    ...text('repeats', [plan.repeats].filter(Boolean)),
    ...text('risk', [`${plan.risk.level}: ${plan.risk.text}`], riskLooks[plan.risk.level]),
    ...text('undo', [plan.undo]),
    ...text('by hand', plan.byHand, 'dim'),
  ];
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
  return [
    row(
      segment('type  ', 'dim'),
      segment(plan.confirm, 'strong'),
      segment('  to apply, Esc to leave:  ', 'dim'),
      segment(typed, 'input'),
      segment('▌', 'key'),
      state,
    ),
  ];
}

function endRow(undo: boolean): Row {
  return row(
    segment(undo ? 'u' : '', 'key'),
    segment(undo ? ' plans the undo   ' : '', 'dim'),
    segment('Esc', 'key'),
    segment(' leaves; everything stays in view 7 and in the audit file', 'dim'),
  );
}
