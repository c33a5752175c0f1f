import { bytes, count, duration, percent, plural, unknownMark } from '../core/units.js';
import type { LiveFinding } from '../diagnose/finding.js';
import type { FlowView, GroupView, TopicView } from '../model/snapshot.js';
import { brokerNow, comparedWith, nameOf, workerNow, type MachineThen, type Mark } from '../session/mark.js';
import {
  flowSince,
  groupSince,
  isNew,
  machineSince,
  topicSince,
  type Change,
  type FlowSince,
  type GroupSince,
  type MachineSince,
  type Pair,
  type Seen,
  type Since,
  type TopicSince,
} from '../session/since.js';
import type { View } from '../session/view.js';
import { timeOfDay } from './format.js';
import { allFindings } from './found.js';
import type { MachineItem } from './machines.js';
import type { Column } from './parts/table.js';
import { row, segment, type Row, type Segment } from './row.js';
import { bytesText, changeText, differenceText, pairText, pointsText, seenText } from './since-text.js';
import type { Token } from './theme.js';

/** `since v42 12m`: what the header says of the mark that numbers are compared with. */
export function sinceMark(view: View): string | undefined {
  const mark = comparedWith(view);
  return mark && `since ${nameOf(mark)} ${duration(view.at - mark.at)}`;
}

function countCell(pair: Pair): Segment {
  return segment(differenceText(pair), pair.now > pair.then ? 'warning' : 'text');
}

function machineNow({ role, of }: MachineItem): MachineThen {
  return role.is === 'worker' ? workerNow(role.worker) : brokerNow(of, role.broker);
}

/** Columns that say what changed since the mark; none while nothing is compared. */
export function flowSinceColumns(view: View): readonly Column<FlowView>[] {
  return sinceColumns(view, (mark, flow) => flowSince(mark, flow, view.at), lagParts('write', 'write'));
}

export function groupSinceColumns(view: View): readonly Column<GroupView>[] {
  return sinceColumns(view, groupSince, lagParts('consume', 'consume'));
}

export function topicSinceColumns(view: View): readonly Column<TopicView>[] {
  return sinceColumns(view, topicSince, [
    { id: 'write', width: 7, leaves: 8, cell: ({ arrival }) => arrival && segment(pairText(arrival)) },
    { id: 'size', width: 10, leaves: 32, cell: ({ bytes: of }) => of && segment(bytesText(of)) },
    { id: 'under', width: 6, leaves: 12, cell: ({ underReplicated: of }) => of && countCell(of) },
  ]);
}

/** Of workers and brokers: `±does` counts tasks of the one, leaders of the other. */
export function machineSinceColumns(view: View): readonly Column<MachineItem>[] {
  return sinceColumns(view, (mark, item) => machineSince(mark, machineNow(item)), [
    { id: 'does', width: 5, leaves: 8, cell: ({ work }) => work && segment(differenceText(work)) },
    { id: 'cpu', width: 5, leaves: 2, cell: ({ cpu }) => cpu && segment(pointsText(cpu)) },
    { id: 'heap', width: 5, leaves: 43, cell: ({ heap }) => heap && segment(pointsText(heap)) },
    { id: 'net', width: 6, leaves: 42, cell: ({ network }) => network && segment(pairText(network)) },
  ]);
}

/** One part of what changed, as a column; undefined where it is not known. */
type Part<S> = {
  readonly id: string;
  readonly width: number;
  readonly leaves: number;
  readonly cell: (since: S) => Segment | undefined;
};

function lagParts<K extends string>(
  name: string,
  rate: K,
): readonly Part<Since & Readonly<Partial<Record<K, Pair>>>>[] {
  return [
    { id: 'lag', width: 8, leaves: 8, cell: ({ lag }) => lag && segment(changeText(lag), grown(lag)) },
    {
      id: name,
      width: Math.max(7, name.length + 1),
      leaves: 42,
      cell: since => {
        const pair: Pair | undefined = since[rate];
        return pair && segment(pairText(pair));
      },
    },
    {
      id: 'rebal',
      width: 6,
      leaves: 44,
      cell: ({ rebalances }) => rebalances && segment(seenText(rebalances)),
    },
  ];
}

/** Undefined of an item is that it was not there at the mark; its first column says so. */
function sinceColumns<T, S extends object>(
  view: View,
  sinceOf: (mark: Mark, item: T) => S | undefined,
  parts: readonly Part<S>[],
): readonly Column<T>[] {
  const mark = comparedWith(view);
  if (mark === undefined) return [];
  const absent = mark.baseline.complete ? segment('new', 'info') : segment(unknownMark, 'dim');
  return parts.map(({ id, width, leaves, cell }, i) => ({
    id: `since-${id}`,
    title: `±${id}`,
    width,
    align: 'right',
    leaves,
    cell: item => {
      const since = sinceOf(mark, item);
      if (since === undefined) return [i === 0 ? absent : segment('')];
      return [cell(since) ?? segment(unknownMark, 'dim')];
    },
  }));
}

/** Less lag is no news; more of it is looked at. */
function grown({ least }: Change): Token {
  return least > 0 ? 'strong' : 'text';
}

/** `since v42, 14:05 (12m): lag +340k (was 860k), 1 new finding, 2 rebalances, write -31% (was 4.9k/s)`. */
export function flowSinceRows(view: View, flow: FlowView): readonly Row[] {
  const sinceOf = (mark: Mark): FlowSince | undefined => flowSince(mark, flow, view.at);
  return sinceRows(view, { kind: 'flow', id: flow.id }, sinceOf, (since, fresh) => [
    ...lagTexts(since, fresh),
    rateText('poll', since.poll),
    rateText('write', since.write),
    rateText('arrival', since.arrival),
  ]);
}

export function groupSinceRows(view: View, group: GroupView): readonly Row[] {
  const sinceOf = (mark: Mark): GroupSince | undefined => groupSince(mark, group);
  return sinceRows(view, { kind: 'group', id: group.id }, sinceOf, (since, fresh) => [
    ...lagTexts(since, fresh),
    rateText('consume', since.consume),
  ]);
}

export function topicSinceRows(view: View, topic: TopicView): readonly Row[] {
  const sinceOf = (mark: Mark): TopicSince | undefined => topicSince(mark, topic);
  return sinceRows(view, { kind: 'topic', id: topic.id }, sinceOf, (since, fresh) => [
    rateText('write', since.arrival),
    since.bytes && `size ${bytesText(since.bytes)} (was ${bytes(since.bytes.then)})`,
    since.underReplicated && `under-replicated ${differenceText(since.underReplicated)}`,
    fresh,
  ]);
}

export function machineSinceRows(view: View, item: MachineItem): readonly Row[] {
  const sinceOf = (mark: Mark): MachineSince | undefined => machineSince(mark, machineNow(item));
  const work = item.role.is === 'worker' ? 'tasks' : 'leaders';
  return sinceRows(view, item.subject, sinceOf, (since, fresh) => [
    since.cpu && `cpu ${pointsText(since.cpu)} (was ${percent(since.cpu.then)})`,
    since.heap && `heap ${pointsText(since.heap)} (was ${percent(since.heap.then)})`,
    since.network && `network ${pairText(since.network)} (was ${bytes(since.network.then)}/s)`,
    since.work && `${work} ${differenceText(since.work)} (was ${count(since.work.then)})`,
    fresh,
  ]);
}

type Told = string | undefined;

function sinceRows<S>(
  view: View,
  subject: { readonly kind: string; readonly id: string },
  sinceOf: (mark: Mark) => S | undefined,
  parts: (since: S, fresh: string) => readonly Told[],
): readonly Row[] {
  const mark = comparedWith(view);
  if (mark === undefined) return [];
  const head = segment(
    ` since ${nameOf(mark)}, ${timeOfDay(mark.at, 'minutes')} (${duration(view.at - mark.at)}): `,
    'info',
  );
  const since = sinceOf(mark);
  if (since !== undefined) {
    const told = parts(since, freshText(view, mark, subject)).filter(part => part !== undefined);
    return [row(head, segment(told.join(', ')))];
  }
  const absent = mark.baseline.complete
    ? 'it was not there then'
    : 'whether it was there then is not known: not all could be seen';
  return [row(head, segment(absent))];
}

function lagTexts(since: Since, fresh: string): readonly Told[] {
  const { lag, rebalances } = since;
  return [lag && `lag ${changeText(lag)}${was(since)}`, fresh, rebalancesText(rebalances)];
}

function rateText(name: string, pair: Pair | undefined): Told {
  return pair && `${name} ${pairText(pair)} (was ${count(pair.then)}/s)`;
}

function was({ lagThen }: Since): string {
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
