/** Java properties files: what brokers, workers and clients are configured with. */
import type { ClusterName, LabSite, User } from './site.js';

export type Properties = Readonly<Record<string, string | number | boolean>>;

export function toProperties(properties: Properties): string {
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** A JAAS line for SCRAM. The lab's passwords are hexadecimal, so there is nothing to escape. */
export function scramLogin(user: string, password: string): string {
  return `org.apache.kafka.common.security.scram.ScramLoginModule required username="${user}" password="${password}";`;
}

/** How a Java client logs in at a SASL listener, each key with that prefix. */
export function scramClient(site: Pick<LabSite, 'passwords'>, user: User, prefix = ''): Properties {
  return {
    [`${prefix}security.protocol`]: 'SASL_PLAINTEXT',
    [`${prefix}sasl.mechanism`]: 'SCRAM-SHA-512',
    [`${prefix}sasl.jaas.config`]: scramLogin(user, site.passwords[user]),
  };
}

/** Bootstrap addresses without authentication. */
export function adminBootstrap(site: LabSite, cluster: ClusterName): string {
  return site.bootstrap[cluster].join(',');
}
