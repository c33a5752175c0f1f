import { count, duration, plural } from '../core/units.js';
import type { LiveFinding } from '../diagnose/finding.js';
import type { FlowView, GroupView } from '../model/snapshot.js';
import { comparedWith, nameOf, type Mark } from '../session/mark.js';
import {
  flowSince,
  groupSince,
  isNew,
  type Change,
  type FlowSince,
  type GroupSince,
  type Pair,
  type Seen,
} from '../session/since.js';
import type { View } from '../session/view.js';
import { timeOfDay } from './format.js';
import { allFindings } from './found.js';
import { glyphs } from './glyphs.js';
import type { Column } from './parts/table.js';
import { row, segment, type Row, type Segment } from './row.js';
import type { Token } from './theme.js';

/** `since v42 12m`: what the header says of the mark that numbers are compared with. */
export function sinceMark(view: View): string | undefined {
  const mark = comparedWith(view);
  return mark && `since ${nameOf(mark)} ${duration(view.at - mark.at)}`;
}

/** `+340k`; `≥` and `≤` where one of the two numbers was a bound. */
export function changeText({ least, most }: Change): string {
  if (least === most) return signed(most);
  return least > 0 ? `${glyphs.atLeast} ${signed(least)}` : `${glyphs.atMost} ${signed(most)}`;
}

/** `+3`, `≥ +1` where this kmon did not look all the time. */
export function seenText({ seen, all }: Seen): string {
  return `${all ? '' : `${glyphs.atLeast} `}${signed(seen)}`;
}

/** In percent of what it was; of what was nothing, the number. */
export function pairText({ then, now }: Pair): string {
  if (then < 0.5) return now < 0.5 ? '0' : `${signed(now)}/s`;
  const share = Math.round((now / then - 1) * 100);
  return `${share > 0 ? '+' : ''}${Math.abs(share) < 1000 ? String(share) : count(share)}%`;
}

/** Columns that say what changed since the mark; none while nothing is compared. */
export function flowSinceColumns(view: View): readonly Column<FlowView>[] {
  const mark = comparedWith(view);
  return mark === undefined
    ? []
    : sinceColumns(
        'write',
        flow => flowSince(mark, flow, view.at),
        since => since.write,
      );
}

export function groupSinceColumns(view: View): readonly Column<GroupView>[] {
  const mark = comparedWith(view);
  return mark === undefined
    ? []
    : sinceColumns(
        'consume',
        group => groupSince(mark, group),
        since => since.consume,
      );
}

function sinceColumns<T, S extends FlowSince | GroupSince>(
  rate: string,
  of: (item: T) => S | undefined,
  pairOf: (since: S) => Pair | undefined,
): readonly Column<T>[] {
  const column = (
    id: string,
    width: number,
    leaves: number,
    cell: (since: S) => Segment | undefined,
    isFirst = false,
  ): Column<T> => ({
    id: `since-${id}`,
    title: `±${id}`,
    width,
    align: 'right',
    leaves,
    cell: item => {
      const since = of(item);
      if (since === undefined) return [segment(isFirst ? 'new' : '', 'info')];
      return [cell(since) ?? segment('–', 'dim')];
    },
  });
  return [
    column('lag', 8, 8, ({ lag }) => lag && segment(changeText(lag), grown(lag)), true),
    column(rate, Math.max(7, rate.length + 1), 42, since => {
      const pair = pairOf(since);
      return pair && segment(pairText(pair));
    }),
    column('rebal', 6, 44, ({ rebalances }) => rebalances && segment(seenText(rebalances))),
  ];
}

/** Less lag is no news; more of it is looked at. */
function grown({ least }: Change): Token {
  return least > 0 ? 'strong' : 'text';
}

/** `since v42, 14:05 (12m): lag +340k (was 860k), 1 new finding, 2 rebalances, write -31% (was 4.9k/s)`. */
export function flowSinceRows(view: View, flow: FlowView): readonly Row[] {
  const mark = comparedWith(view);
  if (mark === undefined) return [];
  const since = flowSince(mark, flow, view.at);
  const rates: readonly (readonly [string, Pair | undefined])[] = [
    ['poll', since?.poll],
    ['write', since?.write],
    ['arrival', since?.arrival],
  ];
  return [sinceRow(view, mark, since, rates, { kind: 'flow', id: flow.id })];
}

export function groupSinceRows(view: View, group: GroupView): readonly Row[] {
  const mark = comparedWith(view);
  if (mark === undefined) return [];
  const since = groupSince(mark, group);
  return [sinceRow(view, mark, since, [['consume', since?.consume]], { kind: 'group', id: group.id })];
}

function sinceRow(
  view: View,
  mark: Mark,
  since: FlowSince | GroupSince | undefined,
  rates: readonly (readonly [string, Pair | undefined])[],
  subject: { readonly kind: string; readonly id: string },
): Row {
  const head = segment(
    ` since ${nameOf(mark)}, ${timeOfDay(mark.at, 'minutes')} (${duration(view.at - mark.at)}): `,
    'info',
  );
  if (since === undefined) return row(head, segment('it was not there then'));
  const parts = [
    since.lag && `lag ${changeText(since.lag)}${was(since)}`,
    freshText(view, mark, subject),
    rebalancesText(since.rebalances),
    ...rates.map(([name, pair]) => pair && `${name} ${pairText(pair)} (was ${count(pair.then)}/s)`),
  ].filter(part => part !== undefined);
  return row(head, segment(parts.join(', ')));
}

function was({ lagThen }: FlowSince | GroupSince): string {
  return lagThen === undefined ? '' : ` (was ${count(lagThen)})`;
}

function rebalancesText(rebalances: Seen | undefined): string {
  if (rebalances === undefined) return 'rebalances not known';
  const { seen, all } = rebalances;
  if (!all && seen === 0) return 'rebalances not seen, for kmon did not look all the time';
  return `${all ? '' : 'at least '}${plural(seen, 'rebalance')}`;
}

function freshText(
  view: View,
  mark: Mark,
  { kind, id }: { readonly kind: string; readonly id: string },
): string {
  const fresh = allFindings(view).filter(
    one => one.subject.kind === kind && one.subject.id === id && isNew(mark, one),
  );
  return fresh.length === 0 ? 'no new finding' : plural(fresh.length, 'new finding');
}

/** Marks what was not found yet at the mark. */
export function newMark(view: View, finding: LiveFinding): readonly Segment[] {
  const mark = comparedWith(view);
  return mark !== undefined && isNew(mark, finding) ? [segment('NEW ', 'key')] : [];
}

function signed(n: number): string {
  const rounded = Math.abs(n) < 0.5 ? 0 : n;
  return `${rounded > 0 ? '+' : ''}${count(rounded)}`;
}
