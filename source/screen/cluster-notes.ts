import { explain } from '../core/failure.js';
import { isKnown, latest, valueOf } from '../core/known.js';
import { duration, plural } from '../core/units.js';
import type { View } from '../session/view.js';
import { glyphs } from './glyphs.js';
import { row, segment, type Row } from './row.js';

/** Brokers that do not answer, lists that are not complete, users that may see nothing: of all clusters, or of one. */
export function clusterNotes(view: View, only?: string): readonly Row[] {
  const out: Row[] = [];
  for (const cluster of view.snapshot.clusters) {
    if (only !== undefined && cluster.name !== only) continue;
    if (cluster.blind) {
      out.push(
        row(
          segment(` ${glyphs.unsure} kafka ${cluster.name}`, 'warning'),
          segment(` ${cluster.blind.detail || explain(cluster.blind.kind).meaning}`),
          segment(`: ${explain('unauthorised').nextStep}`, 'dim'),
        ),
      );
      continue;
    }
    const brokers = latest(cluster.brokers)?.value ?? [];
    // Where no broker answers the cluster as a whole is said to be silent.
    if (
      view.endpoints.some(({ name, status }) => name === `kafka ${cluster.name}` && status.is === 'failing')
    )
      continue;
    for (const broker of brokers) {
      if (isKnown(broker.answers)) continue;
      out.push(
        row(
          segment(` ${glyphs.fails} broker ${broker.id} of ${cluster.name}`, 'warning'),
          segment(` ${broker.answers.unknown.kind}`, 'warning'),
          segment(` since ${duration(view.at - broker.answers.since)}`),
          segment(partitionTrouble(cluster)),
          segment(`, ${broker.address}`, 'dim'),
        ),
      );
    }
    if (!isKnown(cluster.groupListing) && brokers.length > 0) {
      out.push(
        row(
          segment(` ${glyphs.unsure} groups of ${cluster.name} may be missing`, 'warning'),
          segment(
            `: ${cluster.groupListing.unknown.subject}: ${explain(cluster.groupListing.unknown.kind).meaning}`,
            'dim',
          ),
        ),
      );
    }
    if (brokers.every(broker => isKnown(broker.answers)) && partitionTrouble(cluster) !== '') {
      out.push(row(segment(` ! kafka ${cluster.name}`, 'warning'), segment(partitionTrouble(cluster))));
    }
  }
  return out;
}

function partitionTrouble(cluster: View['snapshot']['clusters'][number]): string {
  const partitions = valueOf(cluster.partitions);
  if (!partitions) return '';
  const parts = [
    ...(partitions.leaderless > 0 ? [`${plural(partitions.leaderless, 'partition')} without leader`] : []),
    ...(partitions.underReplicated > 0 ? [`${partitions.underReplicated} under-replicated`] : []),
  ];
  return parts.length > 0 ? `, ${parts.join(', ')} of ${partitions.total}` : '';
}
