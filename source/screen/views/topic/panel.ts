import { explain } from '../../../core/failure.js';
import { isKnown } from '../../../core/known.js';
import { bytes, count, plural, unknownMark } from '../../../core/units.js';
import type { ClusterView, GroupView, TopicView } from '../../../model/snapshot.js';
import type { View } from '../../../session/view.js';
import { clusterNotes } from '../../cluster-notes.js';
import { problemsOf, staleNotes } from '../../endpoints.js';
import { fact } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { pinned } from '../../pins.js';
import type { Panel } from '../../parts/panel.js';
import { layOut, tableRow, tableTitle, widthFor, type Column } from '../../parts/table.js';
import { row, segment, type Row, type Segment } from '../../row.js';
import { topicSinceColumns } from '../../since.js';
import { truncateMiddle } from '../../text.js';
import {
  lastSeen,
  nameInId,
  replicasText,
  skewText,
  topicArrival,
  topicRank,
  topicState,
} from '../../topics.js';

/** Topics as a table; what takes a look at the partitions of one is worked out of those that are shown. */
export function topicPanel(view: View, topics: readonly TopicView[], columns: number): Panel {
  const laid = layOut(topicColumns(view, topics, columns), columns);
  const troubled = topics.filter(topic => topicRank(topic) > 0).length;
  return {
    title: shown =>
      tableTitle(laid, columns, () => {
        const all = shown < topics.length ? `TOPICS ${shown}/${topics.length}` : `TOPICS ${topics.length}`;
        return troubled > 0 ? `${all}, ${troubled} not well` : all;
      }),
    rows: topics.map(topic => ({
      id: topic.id,
      row: selected => tableRow(laid, topic, columns, { selected }),
    })),
    notes: [
      ...problemsOf(view, 'kafka'),
      ...staleNotes(view, 'kafka'),
      ...clusterNotes(view),
      ...failedNote(topics),
      ...rateNote(topics),
    ],
  };
}

function topicColumns(
  view: View,
  topics: readonly TopicView[],
  columns: number,
): readonly Column<TopicView>[] {
  const { clusters, groups } = view.snapshot;
  const unseen = new Set([
    ...clusters.filter(mayHaveMore).map(({ name }) => name),
    ...groups.filter(mayReadMore).map(({ cluster }) => cluster),
  ]);
  const shown = [...new Set(topics.map(topic => topic.cluster))];
  const several = clusters.length > 1 && shown.length > 1;
  const names = topics.map(({ topic }) => topic);
  const name = columns < 80 ? 16 : widthFor(names, 16, 24);
  return [
    {
      id: 'topic',
      title: 'TOPICS',
      width: name,
      // The title says how many are not well.
      grow: Math.max(0, widthFor(names, 22, 48) - name),
      leaves: 0,
      cell: (topic, width) => [
        segment(
          truncateMiddle(pinned(view, { kind: 'topic', id: topic.id }, topic.topic), width),
          topic.internal ? 'dim' : 'strong',
        ),
      ],
    },
    ...(several
      ? [
          {
            id: 'cluster',
            title: 'on',
            width: widthFor(shown, 2, 10),
            leaves: 20,
            cell: (topic: TopicView) => [segment(topic.cluster, 'dim')],
          },
        ]
      : []),
    {
      id: 'state',
      title: 'replicas',
      width: 17,
      leaves: 0,
      cell: topic => [stateCell(topic, view)],
    },
    {
      id: 'partitions',
      title: 'parts',
      width: 5,
      align: 'right',
      leaves: 10,
      cell: topic => [topic.failed ? segment(unknownMark, 'dim') : segment(String(topic.partitionCount))],
    },
    {
      id: 'replication',
      title: 'RF',
      width: 3,
      align: 'right',
      leaves: 30,
      cell: topic => [fact(topic.replicas, replicasText)],
    },
    {
      id: 'size',
      title: 'size',
      width: 9,
      align: 'right',
      leaves: 15,
      cell: topic => [fact(topic.bytes, bytes)],
    },
    {
      id: 'write',
      title: 'write/s',
      width: 7,
      align: 'right',
      leaves: 5,
      cell: topic => [fact(topicArrival(topic), count)],
    },
    ...topicSinceColumns(view),
    {
      id: 'skew',
      title: 'skew',
      width: 9,
      leaves: 40,
      cell: topic => [skewCell(topic)],
    },
    {
      id: 'readers',
      title: 'read by',
      width: 12,
      grow: 40,
      leaves: 25,
      cell: (topic, width) => readersCell(topic, width, unseen.has(topic.cluster)),
    },
  ];
}

/** Of a cluster that does not tell how its partitions are, it is what it was, dim and with its age. */
function stateCell(topic: TopicView, view: View): Segment {
  const state = topicState(topic);
  const last = lastSeen(topic, view);
  return last === undefined ? state : segment(`${state.text} ${last}`, 'stale');
}

function skewCell(topic: TopicView): Segment {
  const text = skewText(topic);
  return segment(text ?? unknownMark, text === undefined || text === 'even' ? 'dim' : 'text');
}

/** As many names as fit, groups first; the rest is counted. */
function readersCell({ readers, failed }: TopicView, width: number, unseen: boolean): readonly Segment[] {
  const names = [...readers.groups, ...readers.flows].map(nameInId);
  if (names.length === 0) return [segment(failed || unseen ? unknownMark : 'nobody', 'dim')];
  let text = '';
  for (const [i, name] of names.entries()) {
    const next = text === '' ? name : `${text}, ${name}`;
    const rest = names.length - i - 1;
    const more = rest > 0 ? ` +${rest}` : '';
    if (next.length + more.length > width && text !== '') return [segment(`${text} +${rest + 1}`)];
    text = next;
  }
  return [segment(truncateMiddle(text, width))];
}

/** Whether it may have groups that kmon does not see. */
function mayHaveMore({ groupListing, blind }: ClusterView): boolean {
  return blind !== undefined || !isKnown(groupListing);
}

/** Whether it may read topics that kmon does not see: what it has committed could not be read. */
function mayReadMore({ lag, partitionCount }: GroupView): boolean {
  return partitionCount === 0 && !isKnown(lag) && lag.unknown.kind !== 'unsupported';
}

function failedNote(topics: readonly TopicView[]): readonly Row[] {
  const failed = topics.flatMap(topic => topic.failed ?? []);
  const [first] = failed;
  return first
    ? [
        row(
          segment(` ${glyphs.unsure} ${plural(failed.length, 'topic')} not described`, 'warning'),
          segment(`: ${explain(first.kind).meaning}`),
          segment(`: ${first.nextStep ?? explain(first.kind).nextStep}`, 'dim'),
        ),
      ]
    : [];
}

/** Ends of logs that nobody reads are not asked for: their rate is a question of cost. */
function rateNote(topics: readonly TopicView[]): readonly Row[] {
  const unread = topics.map(topicArrival).flatMap(arrival => (isKnown(arrival) ? [] : arrival.unknown));
  const asked = unread.filter(({ kind }) => kind === 'absent');
  const [first] = asked;
  return first ? [row(segment(`   write/s of ${asked.length} not known: ${first.detail}`, 'dim'))] : [];
}
