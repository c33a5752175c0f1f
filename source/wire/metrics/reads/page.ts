import type { Answer } from '../../../core/observation.js';
import { Counters } from '../counters.js';
import { allSpellings } from '../names.js';
import type { PageLink } from '../page-link.js';
import { resolve } from '../resolve.js';
import type { Metrics } from './metrics.js';

const wanted: ReadonlySet<string> = new Set(allSpellings);

/** The counters of each page, for as long as its link lives. */
const counters = new WeakMap<PageLink, Counters>();

/**
 * All that kmon reads of one exporter's page, as {@link Metrics} from Prometheus would have it. Rates are those since
 * the page before, and unknown on the first. `every` is the seconds between two pages.
 */
export async function readPage(
  link: PageLink,
  every: number,
  signal?: AbortSignal,
): Promise<Answer<Metrics>> {
  const answer = await link.read(name => wanted.has(name), signal);
  if ('failed' in answer) return answer;
  let known = counters.get(link);
  if (known === undefined) counters.set(link, (known = new Counters()));
  const rate = known.next(answer.ok, link.clock.now());
  return { ok: { ...resolve(answer.ok, link.instance, rate), rateWindow: every } };
}
