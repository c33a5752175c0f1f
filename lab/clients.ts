/** kafkajs as the lab uses it. */
import { appendFileSync } from 'node:fs';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { logPath, type Home } from './processes.js';
import type { ClusterName, LabSite } from './site.js';
import { sockets } from './sockets.js';

/** A client at the listener without authentication. Its log lines go to `log`, never to the terminal. */
export function kafkaClient(
  site: Pick<LabSite, 'bootstrap'>,
  cluster: ClusterName,
  {
    clientId = 'lab',
    brokers = site.bootstrap[cluster],
    log,
  }: { clientId?: string; brokers?: readonly string[]; log: (line: string) => void },
): Kafka {
  return new Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    retry: { retries: 5, initialRetryTime: 100 },
    socketFactory: sockets(),
    logLevel: logLevel.WARN,
    logCreator: () => entry => {
      const { message, error, groupId } = entry.log as { message: string; error?: string; groupId?: string };
      const details = [groupId, error].filter(Boolean).join(' ');
      log(`${new Date().toISOString()} ${entry.label} ${entry.namespace}: ${message} ${details}`.trimEnd());
    },
  });
}

/** Where the lab's own short-lived clients log. */
export function labLog(site: Home): (line: string) => void {
  return line => appendFileSync(logPath(site, 'lab'), `${line}\n`);
}

/** Lends an admin connection, first made to one of `brokers`, for the time of `use`. */
export async function withAdmin<T>(
  site: LabSite,
  cluster: ClusterName,
  use: (admin: Admin) => Promise<T>,
  brokers: readonly string[] = site.bootstrap[cluster],
): Promise<T> {
  const admin = kafkaClient(site, cluster, { brokers, log: labLog(site) }).admin();
  try {
    await admin.connect();
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}
