/** Writes what kmon needs to watch this lab: the context file and the clients' properties. */
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { type Properties, scramClient, toProperties } from './properties.js';
import type { LabSite } from './site.js';
import { certificatesOf } from './tls.js';

export function writeContext(site: LabSite): void {
  const { properties } = site.paths;
  const mode = 0o600;
  writeFileSync(properties.kmon, toProperties(scramClient(site, 'kmon')), { mode });
  writeFileSync(properties.nobody, toProperties(scramClient(site, 'nobody')), { mode });
  writeFileSync(properties.mm2, toProperties(scramClient(site, 'mm2-user')), { mode });
  writeFileSync(properties.tls, toProperties({ ...scramClient(site, 'kmon'), ...byTls(site) }), { mode });
  const wrong = { ...site, passwords: { ...site.passwords, kmon: 'not-the-password' } };
  writeFileSync(properties.wrong, toProperties(scramClient(wrong, 'kmon')), { mode });
  const context = {
    'current-context': 'lab',
    contexts: {
      lab: {
        clusters: {
          eu: { bootstrap: site.bootstrap.eu, id: site.clusterIds.eu },
          us: {
            bootstrap: site.bootstrap.usSasl,
            properties: './us.client.properties',
            id: site.clusterIds.us,
          },
        },
        connect: [{ urls: site.workerUrls, cluster: 'us', 'managed-by': 'rest' }],
        metrics: { prometheus: { url: site.prometheusUrl } },
        mode: 'read-only',
      },
    },
  };
  writeFileSync(site.paths.config, stringify(context));
}

/** Beside a login, what makes it one within TLS. */
function byTls(site: LabSite): Properties {
  return {
    'security.protocol': 'SASL_SSL',
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificatesOf(site).ca,
  };
}

/** The context of one who may change all: at the listeners where everybody is a super user, and read-only until a flag says otherwise. */
export function writeAdminContext(site: LabSite, file: string): void {
  const clusters = Object.fromEntries(
    (['eu', 'us'] as const).map(name => [
      name,
      { bootstrap: site.bootstrap[name], id: site.clusterIds[name] },
    ]),
  );
  const connect = [{ urls: site.workerUrls, cluster: 'us', 'managed-by': 'rest' }];
  const metrics = { prometheus: { url: site.prometheusUrl } };
  writeFileSync(file, stringify({ contexts: { lab: { clusters, connect, metrics, mode: 'read-only' } } }));
}
