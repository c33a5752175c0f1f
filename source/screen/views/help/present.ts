import { bindingsAt, placeOf } from '../../keymap.js';
import type { Binding, Context } from '../../binding.js';
import { keyText } from '../../keys.js';
import { glyphs } from '../../glyphs.js';
import { heatLegend, heatScale } from '../../parts/heat.js';
import { blank, row, segment, type Row } from '../../row.js';
import { scrolledRows } from '../../parts/scroll.js';
import { fit, wrap } from '../../text.js';

/** Every key that works in the place under the help, made from the same table that dispatches them. */
export function presentHelp(context: Context): readonly Row[] {
  const place = placeOf({ view: context.view, ui: { ...context.ui, help: false } });
  const { columns, rows } = context.size;
  const bindings = bindingsAt(place, context);
  const keyWidth = Math.max(...bindings.map(binding => binding.shown.length)) + 1;
  const lines = bindings.flatMap(binding => {
    const reason = binding.disabled?.(context);
    const does = `${binding.description}${alsoText(binding)}`;
    const text = reason === undefined ? does : `${does}. Not now: ${reason}`;
    return wrap(text, Math.max(10, columns - keyWidth - 6)).map((line, i) =>
      row(
        segment(`   ${fit(i === 0 ? binding.shown : '', keyWidth)}`, 'key'),
        segment(` ${line}`, reason === undefined ? 'text' : 'dim'),
      ),
    );
  });
  return scrolledRows(
    [
      row(segment(' KEYS', 'title'), segment('  no single key changes anything outside of kmon', 'dim')),
      ...lines,
      blank,
      row(segment(' MARKS', 'title')),
      row(
        segment(`   ${glyphs.atMost} 3.2k`, 'strong'),
        segment('  lag is at most that: kmon bounds it until it saw the flow at rest', 'dim'),
      ),
      row(
        segment('   –', 'strong'),
        segment('  not known; the reason is in the detail view or below the panel', 'dim'),
      ),
      row(
        segment('   1.2M', 'stale'),
        segment('  dim: the last known value; its age is below the panel', 'dim'),
      ),
      row(
        segment('   in flight', 'strong'),
        segment('  handed to the producer and not yet acknowledged: not lag', 'dim'),
      ),
      row(
        segment('   ±lag', 'strong'),
        segment(
          '  by how much it is another than at the mark that the header names (pt: points of 100%); NEW: not found then',
        ),
      ),
      row(segment('  '), ...heatLegend(heatScale(10_000))),
    ],
    rows,
    0,
  );
}

/** ` (also j k)`: the keys that the short form does not show. */
function alsoText({ keys, shown }: Binding): string {
  const also = keys.map(keyText).filter(key => !shown.includes(key));
  return also.length === 0 ? '' : ` (also ${also.join(' ')})`;
}
