import { bindingsAt, placeOf } from '../keymap.js';
import type { Binding, Context } from '../binding.js';
import { fitSegments, segment, segmentsWidth, type Row, type Segment } from '../row.js';

type Hint = { readonly keys: string; readonly label: string; readonly idle: boolean };

/** The last line: the keys that work here, dim where they do nothing now; or what the last key had to say. */
export function footer(context: Context): Row {
  const { columns } = context.size;
  if (context.ui.notice !== undefined) {
    return { segments: fitSegments([segment(` ${context.ui.notice} `, 'alert')], columns) };
  }
  const typed = labelTyped(context);
  const room = columns - segmentsWidth(typed);
  const bindings = bindingsAt(placeOf(context), context)
    .filter(binding => binding.footer !== undefined)
    .sort((a, b) => (a.footer ?? 0) - (b.footer ?? 0));
  const working = bindings.filter(binding => binding.disabled?.(context) === undefined);
  const each = working.map(hintOf);
  const fits = segmentsWidth(each.flatMap(drawn)) <= room;
  const idle = bindings
    .filter(binding => !working.includes(binding))
    .map(binding => ({ ...hintOf(binding), idle: true }));
  const hints = [...(fits ? each : brief(working)), ...idle];
  return { segments: fitSegments([...typed, ...fitting(hints, room)], columns) };
}

/** What is typed where there is no other line for it. */
function labelTyped({ ui }: Context): readonly Segment[] {
  if (ui.label === undefined) return [];
  return [segment(' mark this moment as ', 'dim'), segment(`${ui.label}_`, 'input'), segment(' ')];
}

function hintOf({ shown, label }: Binding): Hint {
  return { keys: shown, label, idle: false };
}

/** The keys of one family as one hint, where the first of them is. */
function brief(bindings: readonly Binding[]): readonly Hint[] {
  const families = new Map<string, Binding[]>();
  return bindings
    .filter(binding => {
      if (binding.family === undefined) return true;
      const members = families.get(binding.family);
      if (members === undefined) families.set(binding.family, [binding]);
      else members.push(binding);
      return members === undefined;
    })
    .map(binding => {
      const members = families.get(binding.family ?? '') ?? [];
      if (binding.family === undefined || members.length < 2) return hintOf(binding);
      return { keys: together(members.map(({ shown }) => shown)), label: binding.family, idle: false };
    });
}

/** `1-3 7`: keys that follow one another are written as a range. */
function together(keys: readonly string[]): string {
  const ranges: string[][] = [];
  for (const key of keys) {
    const range = ranges.at(-1);
    const last = range?.at(-1);
    if (last !== undefined && /^\d$/.test(last) && Number(key) === Number(last) + 1) range?.push(key);
    else ranges.push([key]);
  }
  return ranges.map(range => (range.length < 2 ? range : [range[0], range.at(-1)]).join('-')).join(' ');
}

/** As many as fit, the most important first; what does not fit is in the help. */
function fitting(hints: readonly Hint[], columns: number): readonly Segment[] {
  const out: Segment[] = [];
  for (const [i, hint] of hints.entries()) {
    const part = drawn(hint, i);
    if (segmentsWidth(out) + segmentsWidth(part) > columns) break;
    out.push(...part);
  }
  return out;
}

function drawn({ keys, label, idle }: Hint, i: number): readonly Segment[] {
  return [
    segment(i === 0 ? ' ' : '  '),
    segment(keys, idle ? 'dim' : 'key'),
    segment(` ${label}`, idle ? 'stale' : 'dim'),
  ];
}
