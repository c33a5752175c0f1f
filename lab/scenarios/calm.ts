import { withAdmin } from '../clients.js';
import { connectorsRun, putConnectors, setConnector } from '../connectors.js';
import type { Properties } from '../properties.js';
import type { LabSite } from '../site.js';
import { createTopic, deleteTopic, sourceTopicNames, type TopicPlan } from '../topics.js';
import { until } from '../wait.js';

/** A situation in which nothing is wrong, however it looks, and kmon must say so by saying nothing. */
export interface Calm {
  readonly name: string;
  /** One line: what is done. */
  readonly about: string;
  /** It is what it is by itself, and nothing else may go on. */
  readonly alone?: true;
  /** One more source topic, replicated for as long as the situation lasts. */
  readonly topic?: TopicPlan;
  /** What mm2-source has beside its healthy configuration. */
  readonly source?: Properties;
  /** What must be there before kmon looks. */
  prepare?(site: LabSite): Promise<void>;
  /** What goes on while it looks, until `signal` aborts. */
  during?(site: LabSite, signal: AbortSignal): Promise<void>;
  /** Puts back what was changed. Harmless when nothing was. */
  end?(site: LabSite): Promise<void>;
}

/** Whether something must be made before kmon looks. */
export function isPrepared(calms: readonly Calm[]): boolean {
  return calms.some(calm => 'topic' in calm || 'source' in calm || 'prepare' in calm);
}

/** All of them at once: what is silent about all together is silent about each. */
export async function prepareCalms(site: LabSite, calms: readonly Calm[]): Promise<void> {
  for (const calm of calms) await calm.prepare?.(site);
  const topics = topicsOf(calms);
  for (const topic of topics) await createTopic(site, 'eu', topic);
  const source = Object.assign({}, ...calms.map(calm => calm.source ?? {})) as Properties;
  if (topics.length === 0 && Object.keys(source).length === 0) return;
  const names = topics.map(({ topic }) => topic);
  await setConnector(site, 'mm2-source', { ...source, topics: [...sourceTopicNames, ...names].join(',') });
  await until(
    `${names.join(', ') || 'all topics'} to be replicated`,
    () =>
      withAdmin(site, 'us', async admin => {
        const there = await admin.listTopics();
        return names.every(topic => there.includes(`eu.${topic}`));
      }),
    { timeoutMs: 60_000 },
  );
  await connectorsRun(site);
}

/** Puts back what they changed; all of it is tried, and then the first error thrown. */
export async function endCalms(site: LabSite, calms: readonly Calm[]): Promise<void> {
  const steps = [
    ...calms.map(calm => () => calm.end?.(site)),
    () => (isPrepared(calms) ? putConnectors(site) : undefined),
    ...topicsOf(calms).flatMap(({ topic }) => [
      () => deleteTopic(site, 'eu', topic),
      () => deleteTopic(site, 'us', `eu.${topic}`),
    ]),
  ];
  const errors: unknown[] = [];
  for (const step of steps) await Promise.resolve(step()).catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

function topicsOf(calms: readonly Calm[]): readonly TopicPlan[] {
  return calms.flatMap(({ topic }) => topic ?? []);
}
