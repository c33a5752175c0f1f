import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SiteAddresses } from '../../source/simulator/site/site.js';
import type { SiteSize } from './site-size.js';

/** What the site says. */
export type FromSite = { readonly is: 'ready'; readonly addresses: SiteAddresses } | { readonly is: 'swept' };

export type Site = {
  /** What kmon is started with to watch it. */
  readonly flags: readonly string[];
  /** Calls back at the beginning of every sweep, until the returned function is called. */
  onSweep(listener: () => void): () => void;
  stop(): void;
};

export function startSite(size: SiteSize): Promise<Site> {
  const child = fork(fileURLToPath(new URL('site.ts', import.meta.url)), [JSON.stringify(size)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const listeners = new Set<() => void>();
  return new Promise((resolve, reject) => {
    child.once('exit', code => reject(new Error(`the simulated site ended with ${code ?? 'a signal'}`)));
    child.on('message', message => {
      const said = message as FromSite;
      if (said.is === 'swept') {
        for (const listener of listeners) listener();
        return;
      }
      const { eu, us, connect, prometheus } = said.addresses;
      resolve({
        flags: [
          `-b eu=${eu.join(',')}`,
          `-b us=${us.join(',')}`,
          `--connect us=${connect.join(',')}`,
          `--prometheus ${prometheus}`,
        ],
        onSweep: listener => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        stop: () => void child.kill(),
      });
    });
  });
}
