import { explain, sentence, type Failure } from '../../../core/failure.js';
import { isKnown, latest } from '../../../core/known.js';
import { bytes, count, duration, percent, plural } from '../../../core/units.js';
import type { TopicConfig, TopicView } from '../../../model/topic-view.js';
import type { View } from '../../../session/view.js';
import { clusterNotes } from '../../cluster-notes.js';
import { problemsOf } from '../../endpoints.js';
import { agedFact, fact } from '../../format.js';
import { glyphs } from '../../glyphs.js';
import { activePane } from '../../panes.js';
import { foundRows } from '../../parts/found-rows.js';
import { cursorIn } from '../../parts/pane.js';
import { blank, row, segment, type Row, type Segment } from '../../row.js';
import { currentTopic } from '../../selection.js';
import { topicSinceRows } from '../../since.js';
import { wrap } from '../../text.js';
import { lastSeen, nameInId, replicasText, topicRank, topicTroubles } from '../../topics.js';
import type { Size, Ui } from '../../ui.js';
import { topicPanes } from './panes.js';
import { partitionRows } from './partitions.js';
import { sampledRows } from './sampled.js';
import { userRows } from './user-rows.js';
import { usersOf } from './users.js';

/** One topic: its state, rates and settings, then its partitions, then who reads and writes it. */
export function presentTopic(view: View, ui: Ui, size: Size): readonly Row[] {
  const topic = currentTopic(view, ui);
  if (!topic)
    return [row(segment(' no topic is known', 'dim')), ...problemsOf(view, 'kafka'), ...clusterNotes(view)];
  const { columns, rows } = size;
  if (topic.failed) return undescribed(topic, topic.failed, view, columns);
  const all = [
    title(topic, view),
    ...(topicRank(topic) > 0 ? [row(segment(' '), ...spaced(asSeen(topic, view)))] : []),
    ...topicSinceRows(view, topic),
    ...foundRows(view, { kind: 'topic', id: topic.id }, columns),
    rates(topic, view),
    ...settings(topic, columns),
    ...sampledRows(topic, columns),
    ...events(topic, view, columns),
    ...problemsOf(view, 'kafka').slice(0, 2),
    ...clusterNotes(view, topic.cluster).slice(0, 2),
  ];
  const head = all.slice(0, Math.max(3, rows - 6));
  const [partitions, users] = topicPanes(topic, view, ui);
  const active = activePane(view, ui);
  const airy = rows - head.length >= 14;
  const room = rows - head.length - (airy ? 2 : 0);
  const count = usersOf(topic, view).length;
  const below = room < 6 ? 0 : Math.min(count + 1, Math.max(2, Math.floor(room / 3)));
  const gap = airy ? [blank] : [];
  return [
    ...head,
    ...gap,
    ...partitionRows(topic, view, ui, {
      columns,
      room: room - below,
      selected: partitions.selected(ui),
      cursor: cursorIn(partitions, active, ui),
    }),
    ...gap,
    ...userRows(topic, view, { columns, room: below, cursor: cursorIn(users, active, ui) }),
  ].slice(0, rows);
}

/** Of a topic that may not be seen: that, and not how many partitions it would have. */
function undescribed(topic: TopicView, why: Failure, view: View, columns: number): readonly Row[] {
  const next = why.nextStep ?? explain(why.kind).nextStep;
  return [
    row(segment(` ${topic.topic}`, 'title'), segment(`  on ${topic.cluster}`, 'dim')),
    ...topicSinceRows(view, topic),
    ...wrap(`not described: ${sentence(why)}: ${next}`, columns - 4).map((text, i) =>
      row(segment(` ${i === 0 ? glyphs.unsure : ' '} ${text}`, 'warning')),
    ),
    ...foundRows(view, { kind: 'topic', id: topic.id }, columns),
    ...problemsOf(view, 'kafka'),
  ];
}

/** How its replicas are; dim, with its age, where the cluster does not tell any more. */
function asSeen(topic: TopicView, view: View): readonly Segment[] {
  const last = lastSeen(topic, view);
  const troubles = topicTroubles(topic);
  if (last === undefined) return troubles;
  return [...troubles.map(({ text }) => segment(text, 'stale')), segment(last, 'stale')];
}

function title(topic: TopicView, view: View): Row {
  return row(
    segment(` ${topic.topic}`, 'title'),
    segment(`  on ${topic.cluster}${topic.internal ? ', Kafka’s own' : ''}  `, 'dim'),
    segment(plural(topic.partitionCount, 'partition')),
    segment(', replicas ', 'dim'),
    fact(topic.replicas, replicasText),
    segment('  '),
    ...(topicRank(topic) > 0 ? [] : spaced(asSeen(topic, view))),
  );
}

function spaced(segments: readonly Segment[]): readonly Segment[] {
  return segments.flatMap((one, i) => (i === 0 ? [one] : [segment('  '), one]));
}

function rates(topic: TopicView, view: View): Row {
  const { arrival } = topic.skew;
  const skew: readonly Segment[] = isKnown(arrival)
    ? [
        segment('  busiest ', 'dim'),
        segment(`p${nameInId(arrival.value.top)}`),
        segment(
          ` with ${percent(arrival.value.topShare)}, ×${arrival.value.maxToMean.toFixed(1)} of the mean`,
          'dim',
        ),
      ]
    : [];
  return row(
    segment(' writes ', 'dim'),
    agedFact(topic.arrival, view.at, n => `${count(n)}/s`, 'strong'),
    segment('  size ', 'dim'),
    agedFact(topic.bytes, view.at, bytes),
    segment(' over all replicas', 'dim'),
    ...skew,
    segment(topic.leaderMoves > 0 ? `  leaders moved ${plural(topic.leaderMoves, 'time')}` : '', 'warning'),
  );
}

/** What decides how long records are there, and whether a write is taken; what was set on the topic itself stands out. */
function settings(topic: TopicView, columns: number): readonly Row[] {
  const { config } = topic;
  const known = latest(config)?.value;
  const why = isKnown(config) ? [] : [`configuration not known: ${sentence(config.unknown)}`];
  const reasons = [
    ...why,
    ...(isKnown(topic.arrival) ? [] : [`write rate not known: ${topic.arrival.unknown.detail}`]),
    ...(isKnown(topic.bytes) ? [] : [`size not known: ${sentence(topic.bytes.unknown)}`]),
  ];
  return [
    ...(known ? [settingsRow(known)] : []),
    ...reasons
      .flatMap(text => wrap(text, columns - 4).slice(0, 2))
      .map(text => row(segment(`   ${text}`, 'dim'))),
  ];
}

const told: readonly (readonly [key: string, text: (value: string) => string])[] = [
  ['min.insync.replicas', value => value],
  ['cleanup.policy', value => value],
  ['retention.ms', value => (Number(value) < 0 ? 'for ever' : duration(Number(value)))],
  ['retention.bytes', value => (Number(value) < 0 ? 'unlimited' : bytes(Number(value)))],
];

function settingsRow({ values, own }: TopicConfig): Row {
  return row(
    ...told.flatMap(([key, text]) => {
      const value = values[key];
      if (value === undefined) return [];
      return [segment(` ${key} `, 'dim'), segment(`${text(value)} `, own.includes(key) ? 'strong' : 'text')];
    }),
    segment(own.length > 0 ? ` set here: ${own.join(', ')}` : ' all of them defaults', 'dim'),
  );
}

/** What befell it while kmon watched. */
function events(topic: TopicView, view: View, columns: number): readonly Row[] {
  const ago = (at: number): string => `${duration(view.at - at)} ago`;
  const { partitionsAdded: added } = topic;
  const texts = [
    ...(topic.created === undefined ? [] : [`made ${ago(topic.created)}`]),
    ...(topic.recreated === undefined
      ? []
      : [`made anew ${ago(topic.recreated)}: offsets of before say nothing of it`]),
    ...(added === undefined ? [] : [`partitions ${added.from} ${glyphs.arrow} ${added.to} ${ago(added.at)}`]),
    ...topic.truncations
      .slice(-2)
      .map(({ at, partition, from, to }) => `end of p${partition} went back ${count(from - to)} ${ago(at)}`),
  ];
  if (texts.length === 0) return [];
  return wrap(texts.join('; '), columns - 4)
    .slice(0, 2)
    .map(text => row(segment(` ${glyphs.warning} ${text}`, 'warning')));
}
