/**
 * One `up` or `down` of a lab at a time. The lock is an abstract Unix socket named after the lab's folder: the kernel gives
 * it to one process only and takes it back when that one ends, however it ends, so there is no lock file to go stale.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { until } from './wait.js';

export interface Waiting {
  /** Called once when another process holds the lock. */
  readonly onWait: () => void;
  /** Milliseconds after which it is given up. */
  readonly timeoutMs?: number;
}

/** Runs `work` while no other process runs `work` under the lock of the same folder; waits for its turn. */
export async function withLock<T>(
  folder: string,
  { onWait, timeoutMs = 15 * 60_000 }: Waiting,
  work: () => Promise<T>,
): Promise<T> {
  let lock = await tryLock(folder);
  if (!lock) {
    onWait();
    lock = await until('another up or down of this lab to end', () => tryLock(folder), { timeoutMs });
  }
  try {
    return await work();
  } finally {
    lock.close();
  }
}

/** Undefined when another process has it. */
function tryLock(folder: string): Promise<Server | undefined> {
  // A socket's name has at most 107 bytes, a folder's may have more.
  const name = `\0kmon-lab-${createHash('sha256').update(folder).digest('hex')}`;
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => resolve(server));
  });
}
