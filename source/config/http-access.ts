import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { HttpAccess, HttpTls } from '../wire/http/endpoint.js';
import type { Ledger } from './ledger.js';
import { ConfigProblem } from './problem.js';
import type { AccessEntry, SecretSource } from './schema.js';

/** Reads what the configuration file names elsewhere: secrets, and PEM files. */
export class Elsewhere {
  constructor(
    private readonly file: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly ledger: Ledger,
  ) {}

  /** `where` is the path of the key in the file. */
  secret(source: SecretSource, where: string): string {
    if (typeof source === 'string') {
      this.ledger.checkPermissions(this.file);
      this.ledger.secret(where, { is: 'file', file: this.file, path: where });
      return source;
    }
    if ('env' in source) {
      const value = this.env[source.env];
      if (value === undefined || value === '')
        throw new ConfigProblem(
          `${this.file}: ${where}: the environment variable ${source.env} is ${value === '' ? 'empty' : 'not set'}`,
          'export it, or name a file instead',
        );
      this.ledger.secret(where, { is: 'environment', variable: source.env });
      return value;
    }
    const file = this.resolve(source.file);
    this.ledger.checkPermissions(file);
    this.ledger.secret(where, { is: 'file', file, path: '' });
    const text = this.text(source.file, where).trim();
    if (text === '') throw new ConfigProblem(`${file}: the secret is empty`, `write it there, for ${where}`);
    return text;
  }

  text(name: string, where: string): string {
    const file = this.resolve(name);
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
      throw new ConfigProblem(
        `${file}: cannot be read${code}, for ${where}`,
        'check the path and its permissions; it is relative to the configuration file',
      );
    }
  }

  resolve(name: string): string {
    return path.resolve(path.dirname(this.file), name);
  }
}

/** How an HTTP endpoint of the file is spoken to. */
export function accessOf(
  entry: AccessEntry,
  elsewhere: Elsewhere,
  where: string,
  proxy: 'env' | 'none' | undefined,
): HttpAccess {
  const { 'basic-auth': basic, 'bearer-token': bearer, tls } = entry;
  return {
    ...(basic && {
      basicAuth: {
        username: basic.username,
        password: elsewhere.secret(basic.password, `${where}.basic-auth.password`),
      },
    }),
    ...(bearer !== undefined && {
      bearerToken: elsewhere.secret(bearer, `${where}.bearer-token`),
    }),
    ...(tls && { tls: tlsOf(tls, elsewhere, `${where}.tls`) }),
    ...((entry.proxy ?? proxy) === 'env' && { proxy: 'env' }),
  };
}

function tlsOf(
  { ca, cert, key, passphrase }: NonNullable<AccessEntry['tls']>,
  elsewhere: Elsewhere,
  where: string,
): HttpTls {
  if ((cert === undefined) !== (key === undefined))
    throw new ConfigProblem(`${where}: cert and key belong together`, 'name both; they may be in one file');
  return {
    ...(ca !== undefined && { ca: [elsewhere.text(ca, `${where}.ca`)] }),
    ...(cert !== undefined && { cert: elsewhere.text(cert, `${where}.cert`) }),
    ...(key !== undefined && { key: elsewhere.text(key, `${where}.key`) }),
    ...(passphrase !== undefined && { passphrase: elsewhere.secret(passphrase, `${where}.passphrase`) }),
  };
}

/** Takes user and password out of a URL, so that the URL can be shown. */
export function urlOf(
  text: string,
  where: string,
): { readonly url: string; readonly auth?: { readonly username: string; readonly password: string } } {
  const next = 'write it with its scheme: http://host:port';
  if (!URL.canParse(text.trim())) throw new ConfigProblem(`${where}: not a URL`, next);
  const url = new URL(text.trim());
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new ConfigProblem(`${where}: ${url.protocol}// is not a scheme kmon speaks`, next);
  const auth = url.username
    ? { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
    : undefined;
  url.username = '';
  url.password = '';
  return { url: url.toString().replace(/\/+$/, ''), ...(auth && { auth }) };
}
