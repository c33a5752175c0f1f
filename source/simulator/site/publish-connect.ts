import type { ConnectorSetup, SimulatedConnector } from '../connect/connector.js';
import type { SimulatedConnect } from '../connect/site.js';
import { reconfigure, restartTask } from './tasks.js';
import type { SiteSetting } from './setting.js';
import type { SiteState, TaskState } from './state.js';

export const sourceConnector = 'mm2-source';
/** As whom its tasks write to the target. */
export const mirrorUser = 'mm2-user';
const tasksInHealth = 4;

/** The three connectors of a MirrorMaker 2 flow eu → us. */
export function connectorsOf(
  setting: SiteSetting,
  bootstrap: { readonly eu: readonly string[]; readonly us: readonly string[] },
): readonly ConnectorSetup[] {
  const common = (kind: string, tasks: number): Record<string, string> => ({
    'connector.class': `org.apache.kafka.connect.mirror.Mirror${kind}Connector`,
    'tasks.max': String(tasks),
    'source.cluster.alias': 'eu',
    'target.cluster.alias': 'us',
    'source.cluster.bootstrap.servers': bootstrap.eu.join(','),
    'target.cluster.bootstrap.servers': bootstrap.us.join(','),
  });
  return [
    {
      name: sourceConnector,
      config: {
        ...common('Source', tasksInHealth),
        topics: setting.topics.map(t => t.topic).join(','),
        'producer.override.bootstrap.servers': bootstrap.us.join(','),
        'producer.override.security.protocol': 'SASL_PLAINTEXT',
        'producer.override.sasl.mechanism': 'SCRAM-SHA-512',
        'producer.override.sasl.jaas.config': `org.apache.kafka.common.security.scram.ScramLoginModule required username="${mirrorUser}" password="simulated";`,
        'producer.override.buffer.memory': String(setting.bufferBytes),
      },
      replicates: {
        sourceAlias: 'eu',
        topics: Object.fromEntries(setting.topics.map(t => [t.topic, t.partitions])),
      },
    },
    { name: 'mm2-checkpoint', config: { ...common('Checkpoint', 1), groups: '.*' } },
    { name: 'mm2-heartbeat', config: common('Heartbeat', 1) },
  ];
}

/**
 * Both ways between the engine and Connect's REST API: a stored configuration restarts the tasks, and positions and
 * states become what is true.
 */
export class ConnectTie {
  private config: SimulatedConnector['config'];
  private wasStopped = false;

  constructor(private readonly connect: SimulatedConnect) {
    this.config = connect.connector(sourceConnector).config;
  }

  /** What was asked for over REST since the last step takes its course. */
  obey(state: SiteState): void {
    const connector = this.connect.connector(sourceConnector);
    state.paused = connector.state !== 'RUNNING';
    for (const id of connector.takeRestarted()) restartTask(state, id);
    const isNew = connector.config !== this.config;
    const isBack = this.wasStopped && connector.state !== 'STOPPED';
    this.wasStopped = connector.state === 'STOPPED';
    if (!isNew && !isBack) return;
    this.config = connector.config;
    state.bufferBytes = Number(this.config['producer.override.buffer.memory'] ?? 32 << 20);
    reconfigure(state, Number(this.config['tasks.max'] ?? '1'));
  }

  publish(state: SiteState): void {
    const connector = this.connect.connector(sourceConnector);
    for (const p of state.partitions) {
      const offsets = connector.positions.get(p.topic);
      // The last replicated record is one before the position.
      if (offsets !== undefined) offsets[p.partition] = p.flushed - 1;
    }
    for (const task of connector.tasks()) {
      const truth = state.next === undefined ? state.tasks[task.id] : undefined;
      task.state = state.paused ? connector.state : stateOf(truth);
      task.worker = addressOf(state, truth?.worker ?? task.id % state.workers.length);
    }
    const other = state.workers.findIndex(w => w.lostAt === undefined);
    for (const name of ['mm2-checkpoint', 'mm2-heartbeat'])
      for (const task of this.connect.connector(name).tasks()) task.worker = addressOf(state, other);
  }
}

/** Connect believes that a task runs until it misses the worker. */
function stateOf(task: TaskState | undefined): string {
  return task?.phase === 'unassigned' ? 'UNASSIGNED' : 'RUNNING';
}

/** The name under which a worker is known: `worker-1:8083`. */
function addressOf(state: SiteState, worker: number): string {
  return `${state.workers[worker]?.host ?? 'worker-1'}:8083`;
}
