import path from 'node:path';
import { nearest } from '../core/nearest.js';
import type { Context } from './context.js';
import type { Flags } from './flags.js';
import { accessOf, Elsewhere } from './http-access.js';
import { flag, type Ledger, type Origin } from './ledger.js';
import { preferencesOf } from './preferences.js';
import { ConfigProblem } from './problem.js';
import type { ConfigFile } from './schema.js';
import type { Settable } from './settable.js';
import { Site } from './site.js';

/** A context of the configuration file. */
export class FromFile extends Site {
  constructor(
    private readonly content: ConfigFile,
    private readonly file: string,
    flags: Flags,
    env: NodeJS.ProcessEnv,
    ledger: Ledger,
    settable: Settable,
  ) {
    super(flags, env, ledger, settable);
  }

  context(): Context {
    const { content, file, flags } = this;
    const name = this.chosen();
    const entry = content.contexts[name];
    if (entry === undefined) throw this.unknown(name);
    const at = `contexts.${name}`;
    const elsewhere = new Elsewhere(file, this.env, this.ledger);
    const origin = (path: string): Origin => ({ is: 'file', file, path });
    const proxy = flags.proxy === 'env' ? 'env' : entry.proxy;

    const clusters = Object.entries(entry.clusters).map(([cluster, c]) =>
      this.cluster(
        cluster,
        {
          bootstrap: c.bootstrap,
          properties: c.properties === undefined ? undefined : path.resolve(path.dirname(file), c.properties),
          id: c.id,
          sampled: c.sample ?? [],
          brokerMap: this.brokerMap(
            [...Object.entries(entry['broker-map']), ...Object.entries(c['broker-map'] ?? {})],
            `${file}: ${at}.broker-map`,
          ),
        },
        `${file}: ${at}.clusters.${cluster}`,
        key => origin(`${at}.clusters.${cluster}.${key}`),
      ),
    );
    const connects = entry.connect.map((c, i) => {
      const where = `${at}.connect[${i}]`;
      const access = accessOf(c, elsewhere, where, proxy);
      return this.connect(c, i, clusters, access, `${file}: ${where}`, key => origin(`${where}.${key}`));
    });
    const { prometheus, scrape } = entry.metrics;
    const scrapes = scrape.map((page, i) => {
      const where = `${at}.metrics.scrape[${i}]`;
      const { url, ...access } = typeof page === 'string' ? { url: page } : page;
      const how = accessOf(access, elsewhere, where, proxy);
      return this.scrape(url, how, `${file}: ${where}`, key => origin(`${where}.${key}`));
    });
    if (clusters.length + connects.length + scrapes.length === 0 && prometheus === undefined)
      throw new ConfigProblem(
        `${file}: context "${name}" names no endpoint`,
        'add clusters, connect or metrics to it',
      );
    const wherePrometheus = `${at}.metrics.prometheus`;
    return {
      name,
      clusters,
      connects,
      ...(prometheus && {
        prometheus: this.prometheus(
          prometheus.url,
          accessOf(prometheus, elsewhere, wherePrometheus, proxy),
          `${file}: ${wherePrometheus}`,
          key => origin(`${wherePrometheus}.${key}`),
        ),
      }),
      scrapes: this.distinct(scrapes),
      mode: this.mode(entry.mode, origin(`${at}.mode`)),
      interval: this.interval(entry.interval, origin(`${at}.interval`)),
      history: this.history(entry.history, key => origin(`${at}.history.${key}`)),
      thresholds: this.thresholds(entry.thresholds, key => origin(`${at}.thresholds.${key}`)),
      ...preferencesOf(flags, this.env, { file, content }, this.ledger),
      auditFile: this.auditFile(),
      stateFile: this.stateFile(name),
    };
  }

  private chosen(): string {
    const { flags, env, content, file, ledger } = this;
    const known = Object.keys(content.contexts);
    const inEnv = env['KMON_CONTEXT'];
    const name = flags.context ?? inEnv ?? content['current-context'];
    if (name === undefined)
      throw new ConfigProblem(
        `${file}: no current-context is set`,
        `choose one: kmon --context ${known[0] ?? 'NAME'}${known.length > 1 ? ` (there are ${known.join(', ')})` : ''}`,
      );
    ledger.note(
      'context',
      name,
      flags.context !== undefined
        ? flag('--context')
        : inEnv !== undefined
          ? { is: 'environment', variable: 'KMON_CONTEXT' }
          : { is: 'file', file, path: 'current-context' },
    );
    return name;
  }

  private unknown(name: string): ConfigProblem {
    const known = Object.keys(this.content.contexts);
    const meant = nearest(name, known);
    return new ConfigProblem(
      `${this.file}: there is no context "${name}"`,
      [
        meant === undefined ? '' : `did you mean ${meant}? `,
        known.length > 0 ? `there are: ${known.join(', ')}` : 'add one under contexts:',
      ].join(''),
    );
  }
}
