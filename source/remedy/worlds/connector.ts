import type { Answer } from '../../core/observation.js';
import type { ConnectLink } from '../../wire/connect/link.js';
import type { RawConfig } from '../../wire/connect/raw-config.js';
import { readConfig } from '../../wire/connect/reads/config.js';
import { readRoot, type Root } from '../../wire/connect/reads/root.js';
import { readStatus, type ConnectorStatus } from '../../wire/connect/reads/status.js';
import { readTasks, type TaskAssignment } from '../../wire/connect/reads/tasks.js';

/** A connector as it is now, read fresh: what a plan is made from and what is compared before anything is written. */
export type ConnectorWorld = {
  readonly kind: 'connector';
  /** The Kafka cluster that its Connect writes to. */
  readonly clusterId: string;
  readonly root: Root;
  readonly config: RawConfig;
  readonly status: ConnectorStatus;
  readonly tasks: readonly TaskAssignment[];
};

/** All of it or the first reason why not; the configuration is read last, so that it is the freshest. */
export async function readConnector(
  link: ConnectLink,
  connector: string,
  signal: AbortSignal,
): Promise<Answer<ConnectorWorld>> {
  const root = await readRoot(link, signal);
  if ('failed' in root) return root;
  const status = await readStatus(link, connector, signal);
  if ('failed' in status) return status;
  const tasks = await readTasks(link, connector, signal);
  if ('failed' in tasks) return tasks;
  const config = await readConfig(link, connector, signal);
  if ('failed' in config) return config;
  return {
    ok: {
      kind: 'connector',
      clusterId: root.ok.clusterId,
      root: root.ok,
      status: status.ok,
      tasks: tasks.ok,
      config: config.ok,
    },
  };
}

/** `state`, `task 3` (its state), or a key of the configuration as it may be shown. */
export function connectorShows({ config, status }: ConnectorWorld, key: string): string | undefined {
  if (key === 'state') return status.state;
  const task = /^task (\d+)$/.exec(key)?.[1];
  return task === undefined ? config.shown(key) : status.tasks.find(t => t.task === Number(task))?.state;
}

/** Why this is no moment for a change: tasks are being moved. Undefined where it is one. */
export function moving({ status }: ConnectorWorld): string | undefined {
  const between = status.tasks.filter(task => task.state === 'UNASSIGNED' || task.state === 'RESTARTING');
  if (between.length === 0) return undefined;
  const ids = between.map(task => task.task).join(', ');
  return `${between.length === 1 ? 'task' : 'tasks'} ${ids} ${between.length === 1 ? 'is' : 'are'} between workers: Connect rebalances`;
}
