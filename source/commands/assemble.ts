import { setMaxListeners } from 'node:events';
import type { Context } from '../config/context.js';
import { cpuUsed, type Clock } from '../core/clock.js';
import type { Observation } from '../core/observation.js';
import { Lifecycle } from '../diagnose/lifecycle.js';
import { machineLimits } from '../diagnose/machine-limits.js';
import { SiteModel } from '../model/site-model.js';
import { observe } from '../observe/observer.js';
import type { Header } from '../record/codec.js';
import { openAudit } from '../remedy/audit.js';
import { createGate } from '../remedy/gate.js';
import type { MemoryPort } from '../session/memory.js';
import { startSession } from '../session/session.js';
import type { SessionPort } from '../session/view.js';
import { openState } from '../state/state-file.js';
import { openConnect, type ConnectLink } from '../wire/connect/link.js';
import { openKafka, type KafkaLink } from '../wire/kafka/link.js';
import { openPrometheus, type PrometheusLink } from '../wire/metrics/link.js';
import { openPage } from '../wire/metrics/page-link.js';
import { limitsOf } from './context.js';

export type Running = {
  readonly session: SessionPort;
  /** What is kept of the context between runs. */
  readonly memory: MemoryPort;
  /** For questions that the session does not ask. */
  readonly links: {
    readonly kafka: ReadonlyMap<string, KafkaLink>;
    readonly connect: ReadonlyMap<string, ConnectLink>;
    readonly prometheus: PrometheusLink | undefined;
  };
  /** Ends every loop and connection; what hangs is left behind after a second. */
  readonly close: () => Promise<void>;
};

/**
 * Everything that a context needs, wired together: links, model, rules, gate and the session over them. `tap` takes
 * every observation in the order in which the model folds it.
 */
export function assemble(context: Context, clock: Clock, tap?: (o: Observation) => void): Running {
  const stop = new AbortController();
  // Every question that is under way listens to it: many are no leak.
  setMaxListeners(0, stop.signal);
  const clusters = context.clusters.map(c => ({ ...c, link: openKafka(c.endpoint, { clock }) }));
  const connects = context.connects.map(c => ({ ...c, link: openConnect(c.endpoint, { clock }) }));
  const pages = context.scrapes.map(page => ({ address: page.url, link: openPage(page, { clock }) }));
  const prometheus = context.prometheus && {
    ...context.prometheus,
    link: openPrometheus(context.prometheus, { clock }),
  };
  const model = new SiteModel({ ...siteOf(context), history: context.history });
  const limits = limitsOf(context.thresholds);
  const rules = new Lifecycle(undefined, limits);

  const memory = openState({ file: context.stateFile, context: context.name, clock });

  const session = startSession({
    context: context.name,
    mode: context.mode,
    interval: context.interval,
    clock,
    cpu: cpuUsed,
    signal: stop.signal,
    model,
    judge: snapshot => rules.judge(snapshot),
    limits: machineLimits(limits),
    memory,
    gate: snapshot =>
      createGate({
        mode: context.mode,
        connects: new Map(
          connects.map(c => {
            const expected = clusters.find(k => k.name === c.cluster)?.expectedId;
            return [
              c.name,
              {
                link: c.link,
                managedBy: c.managedBy,
                ...(expected !== undefined && { expectedClusterId: expected }),
              },
            ];
          }),
        ),
        // A remedy is wanted most where sweeps hang: it must not hang with them.
        clusters: new Map(
          clusters.map(({ name, link, expectedId }) => [
            name,
            { link: link.aside(), ...(expectedId !== undefined && { expectedClusterId: expectedId }) },
          ]),
        ),
        snapshot,
        clock,
        audit: openAudit({ file: context.auditFile, context: context.name, clock }),
      }),
    observe: (emit, changed) =>
      observe({
        clusters: clusters.map(c => ({
          name: c.name,
          address: c.endpoint.bootstrap.join(','),
          link: c.link,
          sampled: c.sampled,
        })),
        connects: connects.map(c => ({ address: c.endpoint.urls.join(','), link: c.link })),
        ...(prometheus && {
          prometheus: { name: prometheus.name, address: prometheus.url, link: prometheus.link },
        }),
        pages,
        interval: context.interval,
        clock,
        signal: stop.signal,
        emit: o => {
          tap?.(o);
          emit(o);
        },
        changed,
        interests: () => model.interests(),
      }),
  });

  return {
    session,
    memory,
    links: {
      kafka: new Map(clusters.map(c => [c.name, c.link])),
      connect: new Map(connects.map(c => [c.name, c.link])),
      prometheus: prometheus?.link,
    },
    close: async () => {
      stop.abort();
      for (const c of connects) c.link.close();
      prometheus?.link.close();
      for (const page of pages) page.link.close();
      await Promise.race([Promise.all(clusters.map(c => c.link.close())), clock.sleep(1_000)]);
    },
  };
}

/** What the model must know of a context; a recording carries it. */
export function siteOf(context: Context): Header['site'] {
  return {
    clusters: context.clusters.map(c => ({ name: c.name, bootstrap: c.endpoint.bootstrap })),
    connects: context.connects.map(c => ({
      name: c.name,
      ...(c.cluster !== undefined && { cluster: c.cluster }),
    })),
  };
}
