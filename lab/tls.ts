/**
 * Certificates of the TLS listener of `us`, made by the JDK's keytool in the lab's folder: a CA, what it signed for the brokers, and on
 * demand what it signs for a client. They are good for 127.0.0.1 and for no name, so that `localhost` is another host.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LabSite } from './site.js';

export interface Certificates {
  /** PEM: the CA that signed the brokers' certificate. */
  readonly ca: string;
  /** PKCS#12: the CA with its key. */
  readonly authority: string;
  /** PKCS#12: the key and the certificate of all brokers. */
  readonly broker: string;
  /** Of both stores, and of those that {@link signClient} makes. */
  readonly password: string;
}

const caName = 'ca.pem';
const authorityName = 'authority.p12';
const brokerName = 'broker.p12';
const passwordName = 'password';

/** Those of this lab. Throws when {@link makeCertificates} has not made them. */
export function certificatesOf(site: Pick<LabSite, 'paths'>): Certificates {
  const { tls } = site.paths;
  return {
    ca: join(tls, caName),
    authority: join(tls, authorityName),
    broker: join(tls, brokerName),
    password: readFileSync(join(tls, passwordName), 'utf8'),
  };
}

/** Makes them unless they are there: for as long as the lab's folder exists they stay the same. */
export async function makeCertificates(site: Pick<LabSite, 'paths'>): Promise<void> {
  const { tls } = site.paths;
  if (existsSync(tls)) return;
  const partial = `${tls}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  const password = randomBytes(12).toString('hex');
  writeFileSync(join(partial, passwordName), password, { mode: 0o600 });
  const authority = join(partial, authorityName);
  await makeAuthority(authority, password, 'CN=kmon lab');
  await Promise.all([
    exportCertificate(authority, password, join(partial, caName)),
    sign({ authority, password }, join(partial, brokerName), 'CN=broker', ['-ext', 'san=ip:127.0.0.1']),
  ]);
  renameSync(partial, tls);
}

/** A CA of its own, with its key, in a PKCS#12 store. */
export async function makeAuthority(store: string, password: string, name: string): Promise<void> {
  await keytool(store, password, ['-genkeypair', '-alias', 'ca', '-dname', name, ...key, '-ext', 'bc:c']);
}

/** The certificate of a CA, as PEM. */
export async function exportCertificate(authority: string, password: string, file: string): Promise<void> {
  await keytool(authority, password, ['-exportcert', '-rfc', '-alias', 'ca', '-file', file]);
}

/** A trust store that holds a CA (as PEM) and nothing else. */
export async function makeTrustStore(
  store: string,
  { type, ca, password }: { readonly type: 'JKS' | 'PKCS12'; readonly ca: string; readonly password: string },
): Promise<void> {
  const imported = ['-importcert', '-noprompt', '-alias', 'ca', '-file', ca, '-storetype', type];
  await keytool(store, password, imported);
}

/** A PKCS#12 store with a key and the certificate that this CA signs for it, as `name`. */
export async function signClient(
  by: Pick<Certificates, 'authority' | 'password'>,
  store: string,
  name: string,
): Promise<void> {
  await sign(by, store, name, []);
}

async function sign(
  { authority, password }: Pick<Certificates, 'authority' | 'password'>,
  store: string,
  name: string,
  extensions: readonly string[],
): Promise<void> {
  // keytool signs by a key of the same store only, and the CA's has no place in a broker's.
  copyFileSync(authority, store);
  const own = ['-genkeypair', '-alias', 'own', '-signer', 'ca', '-dname', name, ...key, ...extensions];
  await keytool(store, password, own);
  await keytool(store, password, ['-delete', '-alias', 'ca']);
}

const key = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '3650'];

/** The start of the JVM is what it costs. */
const flags = ['-J-XX:+UseSerialGC', '-J-XX:TieredStopAtLevel=1'];

async function keytool(store: string, password: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)('keytool', [...flags, ...args, '-keystore', store, '-storepass', password], {
    timeout: 120_000,
  });
}
