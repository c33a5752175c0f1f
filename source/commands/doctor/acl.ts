import type { KafkaEndpoint } from '../../wire/kafka/endpoint.js';

/** Whom the cluster takes kmon for, as an ACL names it. */
export function principalOf({ security }: KafkaEndpoint): string {
  const { sasl, tls } = security;
  if (sasl === undefined) return tls?.cert || tls?.pfx ? 'User:CN=…' : 'User:ANONYMOUS';
  if (sasl.mechanism !== 'oauthbearer') return `User:${sasl.username}`;
  return 'clientId' in sasl.source ? `User:${sasl.source.clientId}` : 'User:…';
}

/** How kmon introduces itself: `as watcher by SCRAM-SHA-512, without TLS`. */
export function introduction(endpoint: KafkaEndpoint): string {
  const { sasl, tls } = endpoint.security;
  const line = tls ? 'over TLS' : 'without TLS';
  if (sasl === undefined)
    return tls?.cert || tls?.pfx ? 'by a client certificate' : `without a user, ${line}`;
  const user = principalOf(endpoint).replace(/^User:/, '');
  const who = user === '…' ? 'whom its token names' : user;
  return `as ${who} by ${sasl.mechanism.toUpperCase()}, ${line}`;
}

/** What is allowed where: `--operation Describe --topic '*'`. */
export type Grant = {
  readonly operation: 'Describe' | 'DescribeConfigs';
  readonly on: 'cluster' | 'topic' | 'group';
  /** Absent: all of them. */
  readonly name?: string;
};

/** The command that an administrator of the cluster types, word by word. */
export function aclCommand(endpoint: KafkaEndpoint, { operation, on, name }: Grant): string {
  const resource = on === 'cluster' ? '--cluster' : `--${on} ${quoted(name ?? '*')}`;
  const admin = endpoint.security.sasl || endpoint.security.tls ? ' --command-config admin.properties' : '';
  const server = `--bootstrap-server ${endpoint.bootstrap.join(',')}${admin}`;
  const who = `--allow-principal ${quoted(principalOf(endpoint))}`;
  return `kafka-acls ${server} --add ${who} --operation ${operation} ${resource}`;
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w:.=@/-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
