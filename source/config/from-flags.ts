import type { HttpAccess } from '../wire/http/endpoint.js';
import type { Context } from './context.js';
import { named } from './flags.js';
import { byDefault, flag } from './ledger.js';
import { fileBeside, preferencesOf } from './preferences.js';
import { Site } from './site.js';

/** A context by addresses of the command line. */
export class FromFlags extends Site {
  context(): Context {
    const { flags } = this;
    const files = new Map<string | undefined, string>();
    for (const argument of flags.properties ?? []) {
      const { name, value } = named(argument);
      files.set(name, value);
    }
    const access: HttpAccess = flags.proxy === 'env' ? { proxy: 'env' } : {};
    const bootstraps = (flags.bootstrap ?? []).map(named);
    const brokerMap = this.brokerMap();
    const clusters = bootstraps.map(({ name, value }, i) =>
      this.cluster(
        name ?? (i === 0 ? 'kafka' : `kafka-${i + 1}`),
        {
          bootstrap: value,
          properties: files.get(name) ?? files.get(undefined),
          sampled: [],
          brokerMap,
        },
        '-b',
        key => flag(`--${key}`),
      ),
    );
    const connects = (flags.connect ?? []).map((argument, i) => {
      const { name, value } = named(argument);
      const urls = value.split(',').filter(Boolean);
      const target = clusters.find(c => c.name === name);
      return this.connect(
        { urls, ...(name && { name }), ...(target && { cluster: target.name }) },
        i,
        clusters,
        access,
        '--connect',
        () => flag('--connect'),
      );
    });
    const scrapes = (flags.scrape ?? []).map(url =>
      this.scrape(url, access, '--scrape', () => flag('--scrape')),
    );
    const name = bootstraps.some(b => b.name !== undefined)
      ? clusters.map(c => c.name).join(', ')
      : (clusters[0]?.endpoint.bootstrap[0] ?? connects[0]?.endpoint.urls[0] ?? 'metrics');
    return {
      name,
      clusters,
      connects,
      ...(flags.prometheus !== undefined && {
        prometheus: this.prometheus(flags.prometheus, access, '--prometheus', () => flag('--prometheus')),
      }),
      scrapes: this.distinct(scrapes),
      mode: this.mode(undefined, byDefault),
      interval: this.interval(undefined, byDefault),
      history: this.history({}, () => byDefault),
      thresholds: this.thresholds({}, () => byDefault),
      ...preferencesOf(flags, this.env, fileBeside(flags, this.env, this.settable), this.ledger),
      auditFile: this.auditFile(),
      stateFile: this.stateFile(name, [
        ...clusters.flatMap(c => c.endpoint.bootstrap),
        ...connects.flatMap(c => c.endpoint.urls),
      ]),
    };
  }
}
