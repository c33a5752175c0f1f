/** The three MirrorMaker 2 connectors of the flow eu → us, and their state by Connect's REST API. */
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type Properties, scramClient } from './properties.js';
import type { LabSite } from './site.js';
import { sourceTopicNames } from './topics.js';
import { until } from './wait.js';

/** As much of a lab as its connectors are configured by. */
type ConnectSite = Pick<LabSite, 'bootstrap' | 'passwords' | 'workerUrls'>;

/** Tasks of `mm2-source` in health. */
export const sourceTasks = 4;

/**
 * Microseconds that the lab's converter costs per record of `mm2-source`: the capacity of one task is a little
 * under 1,000,000 / this many records a second. `docs/lab.md` has what was measured.
 */
const microsPerRecord = 2_000;

export type ConnectorName = 'mm2-source' | 'mm2-checkpoint' | 'mm2-heartbeat';
export const connectorNames: readonly ConnectorName[] = ['mm2-source', 'mm2-checkpoint', 'mm2-heartbeat'];

/** The configuration in health; {@link putConnectors} puts connectors back to it. */
export function connectorConfig(site: ConnectSite, connector: ConnectorName): Properties {
  const eu = site.bootstrap.euSasl.join(',');
  const us = site.bootstrap.usSasl.join(',');
  const common: Properties = {
    'source.cluster.alias': 'eu',
    'target.cluster.alias': 'us',
    'source.cluster.bootstrap.servers': eu,
    ...scramClient(site, 'mm2-user', 'source.cluster.'),
    'target.cluster.bootstrap.servers': us,
    ...scramClient(site, 'mm2-user', 'target.cluster.'),
    // The records are written by the framework's producer, which knows nothing of "target.cluster".
    'producer.override.bootstrap.servers': us,
    ...scramClient(site, 'mm2-user', 'producer.override.'),
  };
  switch (connector) {
    case 'mm2-source':
      return {
        'connector.class': 'org.apache.kafka.connect.mirror.MirrorSourceConnector',
        'tasks.max': sourceTasks,
        ...common,
        topics: sourceTopicNames.join(','),
        'replication.factor': 3,
        'offset-syncs.topic.replication.factor': 1,
        'refresh.topics.interval.seconds': 30,
        'sync.topic.acls.enabled': false,
        // A quarter of the default, so that a throttled target fills it within minutes (see docs/lab.md, target-quota).
        'producer.override.buffer.memory': 8 << 20,
        // Without it nearly every record is a request of its own, times three replicas: most of the machine's time.
        'producer.override.linger.ms': 100,
        'value.converter': 'kmon.lab.WorkConverter',
        'value.converter.micros': microsPerRecord,
      };
    case 'mm2-checkpoint':
      return {
        'connector.class': 'org.apache.kafka.connect.mirror.MirrorCheckpointConnector',
        'tasks.max': 1,
        ...common,
        groups: '.*',
        'checkpoints.topic.replication.factor': 3,
        'emit.checkpoints.interval.seconds': 30,
        'refresh.groups.interval.seconds': 30,
      };
    case 'mm2-heartbeat':
      return {
        'connector.class': 'org.apache.kafka.connect.mirror.MirrorHeartbeatConnector',
        'tasks.max': 1,
        ...common,
        'heartbeats.topic.replication.factor': 3,
        'emit.heartbeats.interval.seconds': 1,
      };
  }
}

const connectorStatus = z.object({
  connector: z.object({ state: z.string(), worker_id: z.string() }),
  tasks: z.array(z.object({ id: z.int(), state: z.string(), worker_id: z.string() })),
});
export type ConnectorStatus = z.infer<typeof connectorStatus>;

/** Asks a worker; tries the others when one does not answer. Throws on any status but 2xx. */
async function ask(site: ConnectSite, path: string, init?: RequestInit): Promise<unknown> {
  let failure: unknown;
  for (const worker of site.workerUrls) {
    try {
      const response = await fetch(`${worker}${path}`, { ...init, signal: AbortSignal.timeout(10_000) });
      const text = await response.text();
      if (!response.ok) throw new Error(`${worker}${path} answers ${response.status}: ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** The state of a connector and its tasks, `worker_id` as `host:port` of its worker's REST listener. */
export async function connectorState(site: LabSite, connector: ConnectorName): Promise<ConnectorStatus> {
  return connectorStatus.parse(await ask(site, `/connectors/${connector}/status`));
}

/** Whether every worker answers and has joined the group. Throws while one refuses connections. */
export async function workersAreReady(site: LabSite): Promise<boolean> {
  for (const worker of site.workerUrls) {
    const response = await fetch(`${worker}/connectors`, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) return false;
  }
  return true;
}

/** Changes a connector's configuration from its healthy one; {@link putConnectors} puts it back. Does not wait until it runs. */
export async function setConnector(
  site: ConnectSite,
  connector: ConnectorName,
  change: Properties,
): Promise<void> {
  await put(site, connector, { ...connectorConfig(site, connector), ...change });
}

/** Its tasks stay and do nothing, until {@link resumeConnector}. */
export async function pauseConnector(site: LabSite, connector: ConnectorName): Promise<void> {
  await ask(site, `/connectors/${connector}/pause`, { method: 'PUT' });
}

export async function resumeConnector(site: LabSite, connector: ConnectorName): Promise<void> {
  await ask(site, `/connectors/${connector}/resume`, { method: 'PUT' });
}

/** Starts the connector and all its tasks anew. */
export async function restartConnector(site: LabSite, connector: ConnectorName): Promise<void> {
  const path = `/connectors/${connector}/restart?includeTasks=true`;
  await untilTaken(path, () => ask(site, path, { method: 'POST' }));
}

/** Starts anew what FAILED of any connector. */
export async function restartFailed(site: LabSite): Promise<void> {
  for (const connector of connectorNames)
    await ask(site, `/connectors/${connector}/restart?includeTasks=true&onlyFailed=true`, { method: 'POST' });
}

/** Gives every connector its healthy configuration, where it has another one, and waits until all run. */
export async function putConnectors(site: LabSite): Promise<void> {
  const putAll = async (extra: Properties = {}): Promise<void> => {
    for (const connector of connectorNames)
      await put(site, connector, { ...connectorConfig(site, connector), ...extra });
  };
  await putAll();
  try {
    await connectorsRun(site, 60_000);
  } catch {
    // A worker that starts may miss the configuration of a task, and fails it at every start (NullPointerException in Worker.startTask,
    // KAFKA-17719): only another configuration makes Connect write those of tasks anew. It does so a moment later, and not at all where
    // the connector has its former configuration again by then.
    await putAll({ 'lab.renewed': String(Date.now()) });
    await connectorsRun(site);
    await putAll();
    await connectorsRun(site);
  }
}

/**
 * Puts no configuration that is there already: Connect would write it behind those of its tasks, and not these again, so that a worker
 * that starts after the next compaction takes the tasks for those of a deleted connector (KAFKA-17719).
 */
async function put(site: ConnectSite, connector: ConnectorName, config: Properties): Promise<void> {
  const wanted = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)]));
  const body = JSON.stringify(wanted);
  const headers = { 'content-type': 'application/json' };
  const path = `/connectors/${connector}/config`;
  await untilTaken(path, async () => {
    if (!isDeepStrictEqual({ ...wanted, name: connector }, await configOf(site, connector)))
      await ask(site, path, { method: 'PUT', headers, body });
  });
}

/** Undefined where there is no such connector. */
async function configOf(site: ConnectSite, connector: ConnectorName): Promise<unknown> {
  const all = z.array(z.string()).parse(await ask(site, '/connectors'));
  return all.includes(connector) ? ask(site, `/connectors/${connector}/config`) : undefined;
}

/** Connect answers 409 while its workers rebalance. */
async function untilTaken(path: string, send: () => Promise<unknown>): Promise<void> {
  await until(`Connect to take ${path}`, () => send().then(() => true), {
    timeoutMs: 60_000,
    everyMs: 500,
  });
}

/** Waits until each connector runs with the number of tasks of its healthy configuration. */
export async function connectorsRun(site: LabSite, timeoutMs = 120_000): Promise<void> {
  for (const connector of connectorNames)
    await until(
      `${connector} to run`,
      async () => {
        const { connector: itself, tasks } = await connectorState(site, connector);
        const failed = tasks.find(task => task.state === 'FAILED');
        if (failed) throw new Error(`task ${failed.id} FAILED (see the logs of the workers)`);
        return (
          itself.state === 'RUNNING' &&
          tasks.length === connectorConfig(site, connector)['tasks.max'] &&
          tasks.every(task => task.state === 'RUNNING')
        );
      },
      { timeoutMs, everyMs: 500 },
    );
}
