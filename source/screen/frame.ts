import type { Context } from './binding.js';
import { isStarting } from './endpoints.js';
import { placeOf } from './keymap.js';
import { lists } from './lists/index.js';

import { footer } from './parts/footer.js';
import { header } from './parts/header.js';
import { blank, row, segment, type Row } from './row.js';
import { truncate } from './text.js';
import { smallest, type Size } from './ui.js';
import { presentChanges } from './views/changes/present.js';
import { presentFindings } from './views/findings/present.js';
import { presentFlow } from './views/flow/present.js';
import { presentGroup } from './views/group/present.js';
import { presentHelp } from './views/help/present.js';
import { presentList } from './views/list/present.js';
import { presentMachine } from './views/machine/present.js';
import { presentOverview } from './views/overview/present.js';
import { presentRemedy } from './views/remedy/present.js';
import { presentStarting } from './views/starting/present.js';
import { presentTopic } from './views/topic/present.js';

/**
 * The whole screen, exactly `size.rows` rows:
 *
 *     header     which site, is it live, how old; how much is wrong
 *     body       the view, the dialog of a remedy, or the help
 *     footer     the keys that work here, or what the last one had to say
 */
export function frame(context: Context): readonly Row[] {
  const { size } = context;
  if (size.columns < smallest.columns || size.rows < smallest.rows) return tooSmall(size);
  const room: Size = { columns: size.columns, rows: size.rows - 2 };
  const shown = body(context, room).slice(0, room.rows);
  return [
    header(context.view, context.ui, size.columns),
    ...shown,
    ...new Array<Row>(room.rows - shown.length).fill(blank),
    footer(context),
  ];
}

function body(context: Context, room: Size): readonly Row[] {
  const { view, ui } = context;
  const place = placeOf(context);
  if (place === 'help') return presentHelp({ ...context, size: room });
  if (view.remedy.phase !== 'none') return presentRemedy(view, ui, room);
  if (isStarting(view)) return presentStarting(view, room);
  switch (ui.at) {
    case 'overview':
      return presentOverview(view, ui, room);
    case 'flows':
    case 'groups':
    case 'topics':
    case 'machines':
      return presentList(lists[ui.at], view, ui, room);
    case 'flow':
      return presentFlow(view, ui, room);
    case 'group':
      return presentGroup(view, ui, room);
    case 'topic':
      return presentTopic(view, ui, room);
    case 'machine':
      return presentMachine(view, ui, room);
    case 'findings':
      return presentFindings(view, ui, room);
    case 'changes':
      return presentChanges(view, ui, room);
  }
}

function tooSmall(size: Size): readonly Row[] {
  const lines = [
    `kmon needs ${smallest.columns}x${smallest.rows}`,
    `this is ${size.columns}x${size.rows}`,
    'it keeps running',
    'q quits',
  ];
  return Array.from({ length: size.rows }, (_, i) => row(segment(truncate(lines[i] ?? '', size.columns))));
}
