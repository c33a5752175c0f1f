import { sentence } from '../../../core/failure.js';
import { isKnown } from '../../../core/known.js';
import type { RecordSample } from '../../../core/observation.js';
import { count, percent, plural } from '../../../core/units.js';
import type { TopicView } from '../../../model/topic-view.js';
import { row, segment, type Row } from '../../row.js';
import { truncate } from '../../text.js';

/** What samples of its records say of its keys; no row where the user asked for none. */
export function sampledRows({ sampled, partitionCount }: TopicView, columns: number): readonly Row[] {
  if (sampled === undefined) return [];
  const known = sampled.flatMap(({ sample }) => (isKnown(sample) ? [sample.value] : []));
  const [first] = sampled;
  const refused = first && !isKnown(first.sample) ? first.sample.unknown : undefined;
  if (known.length === 0)
    return refused ? [row(segment(`   records not sampled: ${sentence(refused)}`, 'dim'))] : [];
  const sum = (of: (sample: RecordSample) => number): number => known.reduce((all, one) => all + of(one), 0);
  const records = sum(one => one.records);
  const unread = sum(one => Object.values(one.unread).reduce((a, b) => a + b, 0));
  const hottest = Math.max(
    ...known.map(one => (one.keys[0]?.records ?? 0) / one.records).filter(Number.isFinite),
  );
  const texts = [
    `${count(records)} records of ${known.length} of ${plural(partitionCount, 'partition')}`,
    `${count(sum(one => one.distinct))} keys`,
    ...(Number.isFinite(hottest) ? [`the top one ${percent(hottest)} of its partition`] : []),
    `${percent(sum(one => one.unkeyed) / Math.max(1, records))} unkeyed`,
    ...(unread > 0 ? [`${count(unread)} not unpacked`] : []),
  ];
  return [row(segment(' sampled ', 'dim'), segment(truncate(texts.join(', '), columns - 10)))];
}
