import type { Millis } from '../core/clock.js';
import { explain, type FailureKind } from '../core/failure.js';
import { isKnown, latest, type Known } from '../core/known.js';
import { duration } from '../core/units.js';
import type { EndpointView, View } from '../session/view.js';
import { glyphs } from './glyphs.js';
import { row, segment, type Row, type Segment } from './row.js';

/** How much of the outside answers, in one word, and how old the oldest answer is. */
export type Liveness = {
  readonly is: 'asking' | 'live' | 'partly' | 'dead';
  readonly live: number;
  readonly total: number;
  /** Age of the oldest newest answer of those that live, ms; NaN where none lives. */
  readonly age: Millis;
};

export function liveness(view: View): Liveness {
  const total = view.endpoints.length;
  let live = 0;
  let asking = 0;
  let age = NaN;
  for (const { status } of view.endpoints) {
    if (status.is === 'asking') asking++;
    if (status.is !== 'live') continue;
    live++;
    const own = Math.max(0, view.at - status.lastAnswer);
    age = Number.isNaN(age) ? own : Math.max(age, own);
  }
  if (total > 0 && live === total) return { is: 'live', live, total, age };
  if (live > 0) return { is: 'partly', live, total, age };
  return { is: asking > 0 ? 'asking' : 'dead', live, total, age };
}

/** Endpoints and brokers that do not answer, those that are silent for longest first. */
export function silent(
  view: View,
): readonly { readonly name: string; readonly kind: FailureKind; readonly since: Millis }[] {
  const endpoints = view.endpoints.flatMap(({ name, status }) =>
    status.is === 'failing' ? [{ name, kind: status.failure.kind, since: status.since }] : [],
  );
  const down = new Set(endpoints.map(({ name }) => name));
  const brokers = view.snapshot.clusters
    .filter(cluster => !down.has(`kafka ${cluster.name}`))
    .flatMap(cluster =>
      (latest(cluster.brokers)?.value ?? []).flatMap(broker =>
        isKnown(broker.answers)
          ? []
          : [
              {
                name: `broker ${broker.id} of ${cluster.name}`,
                kind: broker.answers.unknown.kind,
                since: broker.answers.since,
              },
            ],
      ),
    );
  return [...endpoints, ...brokers].sort((a, b) => a.since - b.since);
}

/**
 * Who does not answer is trouble of its own, whatever the rules say: `✗ NO ANSWER  connect us (refused) 3m`. Who is the subject of a
 * finding that is shown as well (`told`, by name) is not named twice.
 */
export function silenceRows(view: View, told: readonly string[] = []): readonly Row[] {
  const blind = view.snapshot.clusters
    .filter(cluster => cluster.blind)
    .map(cluster =>
      row(
        segment(` ${glyphs.fails} MAY SEE NOTHING `, 'critical'),
        segment(` kafka ${cluster.name}: ${explain('unauthorised').nextStep}`),
      ),
    );
  const all = silent(view).filter(({ name }) => !told.includes(name));
  if (all.length === 0) return blind;
  const named = all.map(one => `${one.name} (${one.kind}) for ${duration(view.at - one.since)}`).join(', ');
  return [row(segment(` ${glyphs.fails} NO ANSWER `, 'critical'), segment(` ${named}`)), ...blind];
}

/** True until anything has ever answered: then there is nothing to draw but what is being asked. */
export function isStarting(view: View): boolean {
  return view.endpoints.every(({ status }) => status.is !== 'live' && !hasAnswered(status));
}

function hasAnswered(status: EndpointView['status']): boolean {
  return status.is === 'failing' && status.lastAnswer !== undefined;
}

/** One endpoint that fails: cause, since when, how old its values are, when it is tried again. */
export function problem(endpoint: EndpointView, at: Millis): Row | undefined {
  const { status } = endpoint;
  if (status.is === 'live') return undefined;
  if (status.is === 'asking') {
    return row(
      segment(` ${glyphs.unsure} ${endpoint.name}`, 'info'),
      segment(`  ${endpoint.address}  asking ${status.what}, for ${duration(at - status.since)}`, 'dim'),
    );
  }
  const cause = status.failure.detail ? ` (${status.failure.detail})` : '';
  return row(
    segment(` ${glyphs.fails} ${endpoint.name}`, 'warning'),
    segment(` ${status.failure.kind}`, 'warning'),
    segment(` since ${duration(at - status.since)}`),
    segment(`, ${nextTry(status.nextTry, at)}`, 'dim'),
    segment(
      status.lastAnswer === undefined
        ? ', never answered'
        : `, values ${duration(at - status.lastAnswer)} old`,
      'dim',
    ),
    segment(`: ${explain(status.failure.kind).meaning}${cause}`),
  );
}

export function nextTry(next: Millis, at: Millis): string {
  return next <= at ? 'trying now' : `next try in ${duration(next - at)}`;
}

/** Problems of one kind of endpoint, for the panel that it fills. */
export function problemsOf(view: View, kind: EndpointView['kind']): readonly Row[] {
  return view.endpoints
    .filter(endpoint => endpoint.kind === kind)
    .map(endpoint => problem(endpoint, view.at))
    .filter(found => found !== undefined);
}

/**
 * What an endpoint that answers all else could not tell: its connectors while the workers rebalance, its partitions while
 * nobody answers for the metadata. The panel shows what was seen last; this says why, and how old it is.
 */
export function staleNotes(view: View, kind: 'kafka' | 'connect'): readonly Row[] {
  const { clusters, connects } = view.snapshot;
  const facts: readonly (readonly [string, Known<unknown>])[] =
    kind === 'kafka'
      ? // A cluster of which nothing may be seen has a line of its own, with what is missing.
        clusters.filter(c => !c.blind).map(c => [`kafka ${c.name}`, c.partitions] as const)
      : connects.map(c => [`connect ${c.name}`, c.connectors] as const);
  const live = new Set(view.endpoints.flatMap(e => (e.status.is === 'live' ? e.name : [])));
  return facts.flatMap(([name, fact]) => {
    if (isKnown(fact) || !live.has(name)) return [];
    const { kind, detail } = fact.unknown;
    if (kind === 'early' && fact.last === undefined) return [];
    const old = fact.last === undefined ? '' : `, values ${duration(view.at - fact.last.at)} old`;
    return row(
      segment(` ${glyphs.unsure} ${name}`, 'info'),
      segment(` ${kind} since ${duration(view.at - fact.since)}${old}`),
      segment(`: ${explain(kind).meaning}${detail ? ` (${detail})` : ''}`, 'dim'),
    );
  });
}

export function livenessMark(view: View, length: 'long' | 'short'): Segment {
  const { is, live, total, age } = liveness(view);
  const long = length === 'long';
  switch (is) {
    case 'live':
      return age > 3 * view.interval
        ? segment(`${glyphs.partly} ${long ? 'stale ' : ''}${duration(age)}`, 'warning')
        : segment(`${glyphs.live} ${long ? 'live ' : ''}${duration(age)}`, 'ok');
    case 'partly':
      return segment(
        long ? `${glyphs.partly} ${live} of ${total} answer` : `${glyphs.partly} ${live}/${total}`,
        'warning',
      );
    case 'asking':
      return segment(`${glyphs.unsure} asking ${duration(view.at - view.startedAt)}`, 'info');
    case 'dead':
      return segment(`${glyphs.dead} ${long ? 'nothing answers' : '0'}`, 'critical');
  }
}
