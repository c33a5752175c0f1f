import { bindingsAt, placeOf } from '../keymap.js';
import type { Binding, Context } from '../binding.js';
import { fitSegments, segment, segmentsWidth, type Row, type Segment } from '../row.js';

/** The last line: the keys that work here, dim where they do nothing now; or what the last key had to say. */
export function footer(context: Context): Row {
  const { columns } = context.size;
  if (context.ui.notice !== undefined) {
    return { segments: fitSegments([segment(` ${context.ui.notice} `, 'alert')], columns) };
  }
  const typed = labelTyped(context);
  const shown = bindingsAt(placeOf(context), context)
    .filter(binding => binding.footer !== undefined)
    .map(binding => ({ binding, idle: binding.disabled?.(context) !== undefined }))
    .sort((a, b) => Number(a.idle) - Number(b.idle) || (a.binding.footer ?? 0) - (b.binding.footer ?? 0));
  return { segments: fitSegments([...typed, ...fitting(shown, columns - segmentsWidth(typed))], columns) };
}

/** What is typed where there is no other line for it. */
function labelTyped({ ui }: Context): readonly Segment[] {
  if (ui.label === undefined) return [];
  return [segment(' mark this moment as ', 'dim'), segment(`${ui.label}_`, 'input'), segment(' ')];
}

/** As many as fit, the most important first; what does not fit is in the help. */
function fitting(
  bindings: readonly { readonly binding: Binding; readonly idle: boolean }[],
  columns: number,
): readonly Segment[] {
  const out: Segment[] = [];
  for (const { binding, idle } of bindings) {
    const part = [
      segment(out.length === 0 ? ' ' : '  '),
      segment(binding.shown, idle ? 'dim' : 'key'),
      segment(` ${binding.label}`, idle ? 'stale' : 'dim'),
    ];
    if (segmentsWidth(out) + segmentsWidth(part) <= columns) out.push(...part);
  }
  return out;
}
