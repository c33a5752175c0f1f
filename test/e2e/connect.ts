import { setTimeout as sleep } from 'node:timers/promises';
import { connectorsRun } from '../../lab/connectors.js';
import { until, type LabSite } from '../../lab/index.js';

const patience = { timeoutMs: 60_000 };

/** What the first worker answers about `rest` below `/connectors/`. Connect answers 409 while its workers rebalance, as they do after each change. */
export function askConnect<T extends object>(site: LabSite, rest: string): Promise<T> {
  return until(
    `an answer about ${rest}`,
    async () => {
      const answer = await fetch(urlOf(site, rest));
      return answer.ok && ((await answer.json()) as T);
    },
    patience,
  );
}

/** Sets keys of a connector's configuration, or takes them out where the value is null; what is not named stays. */
export async function patchConnector(
  site: LabSite,
  connector: string,
  change: Readonly<Record<string, string | null>>,
): Promise<void> {
  await until(
    'Connect to take a change',
    async () => {
      const answer = await fetch(urlOf(site, `${connector}/config`), {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(change),
      });
      return answer.ok;
    },
    patience,
  );
}

/** All run, some seconds after a change of a configuration: Connect tells of the old tasks for a while. */
export async function runAnew(site: LabSite): Promise<void> {
  await sleep(5_000);
  await connectorsRun(site);
}

function urlOf(site: LabSite, rest: string): string {
  return `${site.workerUrls[0] ?? ''}/connectors/${rest}`;
}
