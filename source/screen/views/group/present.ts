import { sentence } from '../../../core/failure.js';
import { isKnown } from '../../../core/known.js';
import { count, duration, plural } from '../../../core/units.js';
import type { GroupView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { clusterNotes } from '../../cluster-notes.js';
import { problemsOf } from '../../endpoints.js';
import { agedFact, fact, neverDrains, slope, timeOfDay } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { activePane } from '../../panes.js';
import { foundRows } from '../../parts/found-rows.js';
import { blank, row, segment, type Row, type Segment } from '../../row.js';
import { currentGroup } from '../../selection.js';
import { groupSinceRows } from '../../since.js';
import type { Size, Ui } from '../../ui.js';
import { mapRows } from './map.js';
import { heaviest, memberRows, ownerName } from './members.js';

/** Below so many rows there is room for one pane alone. */
const lowest = 16;

/** One group: partitions over time with the cell under the cursor named, then members, then rebalances. */
export function presentGroup(view: View, ui: Ui, size: Size): readonly Row[] {
  const group = currentGroup(view, ui);
  if (!group)
    return [row(segment(' no group is known', 'dim')), ...problemsOf(view, 'kafka'), ...clusterNotes(view)];
  const { columns, rows } = size;
  const active = activePane(view, ui);
  const head = [
    ...title(group, view, active?.name === 'coordinator'),
    ...groupSinceRows(view, group),
    ...foundRows(view, { kind: 'group', id: group.id }, columns, rows < 16 ? 1 : 2),
    ...problemsOf(view, 'kafka').slice(0, 2),
  ];
  const member = active?.name === 'members' ? active.selected(ui) : -1;
  if (rows < lowest) {
    const room = rows - head.length;
    if (member >= 0) return [...head, ...memberRows(group, { columns, room, cursor: member })];
    return [...head, ...mapRows(group, view, ui, { size, room, active: active?.kind === 'cells' })];
  }
  const room = rows - head.length - 1;
  const members = memberRows(group, {
    columns,
    room: Math.max(3, Math.floor(room / 4)),
    cursor: member,
  });
  const tail = [...members, blank, ...rebalanceLog(group).slice(0, 4)];
  const chosen = heaviest(group)[member];
  const map = mapRows(group, view, ui, {
    size,
    room: room - tail.length - 1,
    active: active?.kind === 'cells',
    owner: chosen && ownerName(chosen),
  });
  return [...head, blank, ...map, blank, ...tail];
}

function title(group: GroupView, view: View, onCoordinator: boolean): readonly Row[] {
  const rebalances = group.rebalances;
  const counted: Segment[] = [
    segment(`  ${plural(rebalances.lastHour, 'rebalance')}/h`, rebalances.lastHour > 0 ? 'warning' : 'dim'),
    segment(
      rebalances.last === undefined
        ? ` since ${timeOfDay(rebalances.since, 'minutes')}`
        : ` last ${duration(view.at - rebalances.last)} ago`,
      'dim',
    ),
  ];
  return [
    row(
      segment(` ${group.group}`, 'title'),
      segment(`  on ${group.cluster}, ${group.type}`, 'dim'),
      segment('  '),
      agedFact(group.state, view.at, state => state, 'strong'),
      segment('  '),
      agedFact(group.members, view.at, members => plural(members.length, 'member')),
      segment(group.assignor === undefined ? '' : `  ${group.assignor}`, 'dim'),
      segment('  '),
      segment(`coordinator ${group.coordinator}`, onCoordinator ? 'cursor' : 'dim'),
    ),
    row(
      segment(' lag '),
      segment(isKnown(group.lag) ? boundMark(group) : '', 'strong'),
      agedFact(group.lag, view.at, count, 'strong'),
      segment(timeBehind(group), 'dim'),
      segment(' '),
      fact(group.lagSlope, slope),
      segment('  consumes '),
      fact(group.consume, n => `${count(n)}/s`),
      ...drains(group),
      ...counted,
    ),
    ...(isKnown(group.lag) ? [] : [row(segment(`   lag not known: ${sentence(group.lag.unknown)}`, 'dim'))]),
    ...(group.unknownPartitions > 0
      ? [
          row(
            segment(
              `   lag of ${plural(group.unknownPartitions, 'partition')} is not known and not counted`,
              'warning',
            ),
          ),
        ]
      : []),
  ];
}

function boundMark(group: GroupView): string {
  if (group.unknownPartitions > 0) return `${glyphs.atLeast} `;
  return group.lagMethod === 'share-start' ? `${glyphs.atMost} ` : '';
}

/** Nothing while it is not known: the lag in records says why. */
function timeBehind({ timeLag }: GroupView): string {
  if (!isKnown(timeLag) || timeLag.value.ms === 0) return '';
  return `, ${timeLag.value.bound ? `${glyphs.atLeast} ` : ''}${duration(timeLag.value.ms)} behind`;
}

function drains(group: GroupView): readonly Segment[] {
  if (!isKnown(group.drain) && neverDrains(group)) return [segment('  never drains at this pace', 'warning')];
  return [segment('  drains in '), fact(group.drain, duration)];
}

function rebalanceLog(group: GroupView): readonly Row[] {
  const { recent, since } = group.rebalances;
  if (recent.length === 0)
    return [row(segment(' REBALANCES ', 'title'), segment(`none seen since ${timeOfDay(since)}`, 'dim'))];
  return [
    row(
      segment(' REBALANCES ', 'title'),
      segment(`${group.rebalances.total} since ${timeOfDay(since)}, newest first`, 'dim'),
    ),
    ...[...recent]
      .reverse()
      .map(({ at, what, times, until }) =>
        row(
          segment(`   ${timeOfDay(at)}`, 'dim'),
          segment(times === 1 ? '' : `  ${times} until ${timeOfDay(until ?? at)}:`, 'warning'),
          segment(`  ${what}`),
        ),
      ),
  ];
}
