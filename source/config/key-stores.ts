import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import jks from 'jks-js';
import type { KafkaSecurity } from '../wire/kafka/endpoint.js';
import { ConfigProblem } from './problem.js';

type Tls = NonNullable<KafkaSecurity['tls']>;
type Get = (key: string) => string | undefined;
type Store = 'truststore' | 'keystore';
type Format = 'PEM' | 'PKCS12' | 'JKS' | 'JCEKS' | 'unknown';

/**
 * The trust store and the key store of a client.properties: PEM inline or in a file, PKCS#12, JKS. What a store file
 * is says its content, as it does to Java, whose default type reads both JKS and PKCS#12.
 */
export function readStores(file: string, get: Get): Tls {
  const tls = { ...trusted(file, get), ...own(file, get) };
  try {
    createSecureContext({
      ...(tls.ca && { ca: [...tls.ca] }),
      ...(tls.cert !== undefined && { cert: tls.cert }),
      ...(tls.key !== undefined && { key: tls.key }),
      ...(tls.pfx && { pfx: tls.pfx }),
      ...(tls.passphrase !== undefined && { passphrase: tls.passphrase }),
    });
  } catch (error) {
    throw unusable(file, get, error);
  }
  return tls;
}

function trusted(file: string, get: Get): Pick<Tls, 'ca'> {
  const inline = get('ssl.truststore.certificates');
  if (inline !== undefined) return { ca: [wrapped(inline)] };
  const store = open(file, get, 'truststore');
  if (store === undefined) return {};
  if (store.format === 'PEM') return { ca: [store.bytes.toString('utf8')] };
  const ca = entriesOf(file, get, store).flatMap(entry => entry.ca ?? entry.cert ?? []);
  if (ca.length > 0) return { ca };
  throw new ConfigProblem(
    `${file}: ssl.truststore.location ${store.location} holds no certificate`,
    `look into it: keytool -list -keystore ${store.location}`,
  );
}

function own(file: string, get: Get): Pick<Tls, 'cert' | 'key' | 'pfx' | 'passphrase'> {
  const keyPassword = get('ssl.key.password');
  const passphrase = keyPassword === undefined ? {} : { passphrase: keyPassword };
  const chain = get('ssl.keystore.certificate.chain');
  if (chain !== undefined)
    return { cert: wrapped(chain), key: wrapped(get('ssl.keystore.key') ?? chain), ...passphrase };
  const store = open(file, get, 'keystore');
  if (store === undefined) return {};
  if (store.format === 'PEM') {
    const pem = store.bytes.toString('utf8');
    return { cert: pem, key: pem, ...passphrase };
  }
  if (store.format === 'PKCS12') return { pfx: store.bytes, passphrase: passwordOf(file, get, store) };
  const entry = entriesOf(file, get, store).find(e => e.key !== undefined);
  if (entry?.cert !== undefined && entry.key !== undefined) return { cert: entry.cert, key: entry.key };
  throw new ConfigProblem(
    `${file}: ssl.keystore.location ${store.location} holds no private key`,
    `look into it: keytool -list -keystore ${store.location}`,
  );
}

/** PEM in a property has lost its line ends where the lines were continued with a backslash; OpenSSL wants them back. */
function wrapped(pem: string): string {
  const blocks = pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g);
  const lines = [...blocks].flatMap(([, label = '', body = '']) => [
    `-----BEGIN ${label}-----`,
    ...(body.replace(/\s+/g, '').match(/.{1,64}/g) ?? []),
    `-----END ${label}-----`,
  ]);
  return lines.length > 0 ? `${lines.join('\n')}\n` : pem;
}

type Opened = {
  readonly store: Store;
  readonly location: string;
  readonly bytes: Buffer;
  readonly format: Format;
};

function open(file: string, get: Get, store: Store): Opened | undefined {
  const location = get(`ssl.${store}.location`);
  if (location === undefined) return undefined;
  const resolved = path.resolve(path.dirname(file), location);
  let bytes: Buffer;
  try {
    bytes = readFileSync(resolved);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new ConfigProblem(
      `${file}: ssl.${store}.location ${location} cannot be read${code}`,
      'check the path, which is relative to this file, and its permissions',
    );
  }
  return { store, location: resolved, bytes, format: formatOf(bytes) };
}

function formatOf(bytes: Buffer): Format {
  const magic = bytes.subarray(0, 4).toString('hex');
  if (magic === 'feedfeed') return 'JKS';
  if (magic === 'cececece') return 'JCEKS';
  if (bytes[0] === 0x30) return 'PKCS12';
  return bytes.includes('-----BEGIN ') ? 'PEM' : 'unknown';
}

type Entry = { readonly ca?: string; readonly cert?: string; readonly key?: string };

function entriesOf(file: string, get: Get, opened: Opened): readonly Entry[] {
  const { store, location, bytes, format } = opened;
  if (format !== 'JKS' && format !== 'PKCS12')
    throw new ConfigProblem(
      `${file}: ssl.${store}.location ${location} is ${format === 'JCEKS' ? 'a JCEKS store' : 'no PEM, PKCS#12 or JKS file'}`,
      `convert it: ${conversion(opened)}`,
    );
  const password = passwordOf(file, get, opened);
  try {
    return Object.values<Entry>(jks.toPem(bytes, password, get('ssl.key.password') ?? password));
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    if (/password|mac /i.test(text)) throw wrongPassword(file, store);
    throw new ConfigProblem(
      `${file}: ssl.${store}.location ${location} cannot be read as ${format}`,
      `convert it: ${conversion(opened)}`,
    );
  }
}

function passwordOf(file: string, get: Get, { store }: Opened): string {
  const password = get(`ssl.${store}.password`);
  if (password !== undefined) return password;
  throw new ConfigProblem(
    `${file}: ssl.${store}.password is missing`,
    `add the password that the ${store} was made with`,
  );
}

function wrongPassword(file: string, store: Store): ConfigProblem {
  const alsoKey = store === 'keystore' ? ', or ssl.key.password does not open its key' : '';
  return new ConfigProblem(
    `${file}: ssl.${store}.password does not open the ${store}${alsoKey}`,
    `try it: keytool -list -keystore <the ${store}>`,
  );
}

/** What OpenSSL says of a certificate, key or PKCS#12 file that it cannot take. */
function unusable(file: string, get: Get, error: unknown): ConfigProblem {
  const text = error instanceof Error ? error.message : '';
  const keystore = get('ssl.keystore.location') ?? 'ssl.keystore.key';
  if (/mac verify/i.test(text)) return wrongPassword(file, 'keystore');
  if (/bad decrypt|interrupted or cancelled|bad password|processing error/i.test(text))
    return new ConfigProblem(
      `${file}: the private key in ${keystore} is encrypted, and ssl.key.password does not open it`,
      'correct ssl.key.password',
    );
  if (/key values mismatch/i.test(text))
    return new ConfigProblem(
      `${file}: the private key in ${keystore} does not belong to its certificate`,
      'put the certificate of this key first in the chain',
    );
  if (/unsupported/i.test(text))
    return new ConfigProblem(
      `${file}: ${keystore} is encrypted in an old way that OpenSSL 3 refuses`,
      `convert it: openssl pkcs12 -legacy -in ${keystore} -nodes -out client.pem, then ssl.keystore.type=PEM`,
    );
  return new ConfigProblem(
    `${file}: the certificates or the key cannot be used (${text.replace(/^error:[0-9A-F]+:/i, '')})`,
    'check them: openssl x509 -in FILE -noout -text, openssl pkey -in FILE -check',
  );
}

function conversion({ store, location }: Opened): string {
  const p12 = `keytool -importkeystore -srckeystore ${location} -destkeystore ${store}.p12 -deststoretype PKCS12`;
  return `${p12}, then ssl.${store}.location=${store}.p12 and ssl.${store}.type=PKCS12`;
}
