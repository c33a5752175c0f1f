import type { Clock, Millis } from '../../core/clock.js';

/** What a connector replicates, for a simulated MirrorMaker 2. */
export type Replicated = {
  readonly sourceAlias: string;
  /** Number of partitions by topic. */
  readonly topics: Readonly<Record<string, number>>;
};

export type ConnectorSetup = {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly replicates?: Replicated;
};

export type SimulatedTask = { readonly id: number; state: string; worker: string; trace?: string };

/** How long after a change the status still lists the old tasks, and when the new ones run (measured: 0.4 s, 6.5 s). */
const oldTasksFor: Millis = 500;
const newTasksAfter: Millis = 6_500;

/**
 * One connector with its tasks. A change of its configuration shows at once in the configuration, a little later in the
 * list of tasks, and much later in their states: as with the real one, each read tells of another time.
 */
export class SimulatedConnector {
  readonly name: string;
  readonly type: 'source' | 'sink';
  state = 'RUNNING';
  trace: string | undefined;
  /** `topic` → last replicated offset by partition. */
  readonly positions = new Map<string, number[]>();
  readonly replicates: Replicated | undefined;
  #config: Record<string, string>;
  #before: readonly SimulatedTask[] = [];
  #tasks: SimulatedTask[] = [];
  #changedAt: Millis = -Infinity;
  readonly #restarted: number[] = [];

  constructor(
    setup: ConnectorSetup,
    private readonly clock: Clock,
    private readonly workers: () => readonly string[],
  ) {
    this.name = setup.name;
    this.type = /Sink/.test(setup.config['connector.class'] ?? '') ? 'sink' : 'source';
    this.replicates = setup.replicates;
    this.#config = { ...setup.config, name: setup.name };
    this.#tasks = this.#makeTasks();
    for (const [topic, count] of Object.entries(setup.replicates?.topics ?? {})) {
      this.positions.set(topic, Array<number>(count).fill(0));
    }
  }

  get config(): Readonly<Record<string, string>> {
    return this.#config;
  }

  /** Stores a configuration and restarts the tasks, as a worker does even when nothing differs. */
  reconfigure(config: Readonly<Record<string, string>>): void {
    this.#before = this.status();
    this.#config = { ...config, name: this.name };
    this.#tasks = this.#makeTasks();
    this.#changedAt = this.clock.now();
  }

  /** Pauses, stops or resumes; a connector that is stopped has no tasks. */
  enter(state: 'RUNNING' | 'PAUSED' | 'STOPPED'): void {
    const before = this.state;
    if (before === state) return;
    this.state = state;
    if (state === 'STOPPED' || before === 'STOPPED') {
      this.#before = this.status();
      this.#tasks = this.#makeTasks();
      this.#changedAt = this.clock.now();
    }
    for (const task of this.#tasks) task.state = state;
  }

  /** Starts the connector anew, and its tasks where asked for. */
  restart({
    includeTasks,
    onlyFailed,
  }: {
    readonly includeTasks: boolean;
    readonly onlyFailed: boolean;
  }): void {
    if (!onlyFailed || this.state === 'FAILED') {
      this.state = 'RUNNING';
      this.trace = undefined;
    }
    if (!includeTasks) return;
    for (const { id, state } of this.#tasks) if (!onlyFailed || state === 'FAILED') this.restartTask(id);
  }

  restartTask(id: number): void {
    const task = this.#tasks.find(t => t.id === id);
    if (task === undefined) return;
    task.state = 'RUNNING';
    delete task.trace;
    this.#restarted.push(id);
  }

  /** Ids of the tasks that were started anew since this was last asked. */
  takeRestarted(): readonly number[] {
    return this.#restarted.splice(0);
  }

  /** The tasks that the connector asks for. */
  tasks(): readonly SimulatedTask[] {
    return this.#tasks;
  }

  /** The tasks as the status topic has them now. */
  status(): readonly SimulatedTask[] {
    const since = this.clock.now() - this.#changedAt;
    if (since < oldTasksFor) return this.#before;
    if (since < newTasksAfter) return this.#tasks.map(task => ({ ...task, state: 'UNASSIGNED' }));
    return this.#tasks;
  }

  /** `topic-partition` of one task, dealt round-robin as MirrorSourceConnector does. */
  assigned(task: number): readonly string[] {
    const all = Object.entries(this.replicates?.topics ?? {}).flatMap(([topic, count]) =>
      Array.from({ length: count }, (_, partition) => `${topic}-${partition}`),
    );
    return all.filter((_, i) => i % this.#tasks.length === task);
  }

  #makeTasks(): SimulatedTask[] {
    if (this.state === 'STOPPED') return [];
    const workers = this.workers();
    return Array.from({ length: this.#count() }, (_, id) => ({
      id,
      state: 'RUNNING',
      worker: workers[id % workers.length] ?? '',
    }));
  }

  #count(): number {
    const most = Number(this.#config['tasks.max'] ?? '1');
    if (/MirrorHeartbeat/.test(this.#config['connector.class'] ?? '')) return 1;
    if (this.replicates === undefined) return most;
    const partitions = Object.values(this.replicates.topics).reduce((a, b) => a + b, 0);
    return Math.min(most, partitions);
  }
}
