import { valueOf } from '../../core/known.js';
import { count, percent, plural } from '../../core/units.js';
import type { FlowView, Snapshot, WorkerView } from '../../model/snapshot.js';
import type { Check, Guide, Instruction } from '../guide.js';
import type { Target } from '../plan.js';
import type { Subject } from '../subject.js';

/** A worker that uses so much of its host's cores has none to spare (the same number as the flow rule's). */
const busy = 0.85;

/** A further worker: kmon starts no processes, but sees it come. */
export const scaleOut: Guide = {
  id: 'scale-out',
  title: 'Add a worker',
  about: {
    tells:
      'whether a further worker would have tasks to take, what it must have in common with the others, and what it must not',
    watches: 'workers 2 → 3, tasks on the new one, all tasks RUNNING, write/s before and after',
  },
  offer(snapshot, subject) {
    const connect = connectOf(snapshot, subject);
    const flow = snapshot.flows.find(
      one => one.connect === connect && (subject.kind !== 'flow' || one.id === subject.id),
    );
    if (connect === undefined || flow === undefined) return [];
    return [
      {
        target: { kind: 'connector', connect, connector: flow.connector },
        title: `Add a worker to ${connect}`,
      },
    ];
  },
  open(snapshot, target) {
    const site = siteOf(snapshot, target);
    return {
      title: `Add a worker to Connect ${site.connect}`,
      why: roomOf(site),
      parts: [...whatItNeeds(snapshot, site), howItStarts],
      watch: ({ snapshot: now }) => watch(site, siteOf(now, target)),
    };
  },
};

/** Whether a further worker would help at all; undefined where it would, as far as is known. */
export function noUseOfWorker(snapshot: Snapshot, target: Target): string | undefined {
  const { workers, tasks } = siteOf(snapshot, target);
  if (tasks <= workers.length)
    return `${plural(tasks, 'task')} on ${plural(workers.length, 'worker')}: a further worker would have none`;
  const cpu = busiest(workers);
  return cpu !== undefined && cpu < busy
    ? `no worker is short of CPU: the busiest uses ${percent(cpu)}`
    : undefined;
}

type Site = {
  readonly connect: string;
  readonly version: string | undefined;
  readonly workers: readonly WorkerView[];
  readonly flows: readonly FlowView[];
  /** The flow that was asked about. */
  readonly flow: FlowView | undefined;
  readonly tasks: number;
};

function siteOf(snapshot: Snapshot, target: Target): Site {
  const connect = target.kind === 'connector' ? target.connect : '';
  const connector = target.kind === 'connector' ? target.connector : '';
  const workers = snapshot.workers.filter(worker => worker.connect === connect);
  const flows = snapshot.flows.filter(flow => flow.connect === connect);
  const version = snapshot.connects.find(one => one.name === connect)?.version;
  return {
    connect,
    version: version && valueOf(version),
    workers,
    flows,
    flow: flows.find(flow => flow.connector === connector),
    tasks: flows.reduce((n, flow) => n + flow.tasks.length, 0),
  };
}

function connectOf(snapshot: Snapshot, { kind, id }: Subject): string | undefined {
  if (kind === 'connect') return id;
  if (kind === 'worker') return snapshot.workers.find(worker => worker.id === id)?.connect;
  return kind === 'flow' ? snapshot.flows.find(flow => flow.id === id)?.connect : undefined;
}

function roomOf({ workers, tasks, flow }: Site): readonly string[] {
  const cpu = busiest(workers);
  const tasksMax = flow && valueOf(flow.tasksMax);
  const partitions = flow?.partitions.length ?? 0;
  return [
    tasks > workers.length
      ? `room: ${plural(tasks, 'task')} on ${plural(workers.length, 'worker')}: a further one takes about ${Math.floor(tasks / (workers.length + 1))} of them`
      : `NO ROOM: ${plural(tasks, 'task')} on ${plural(workers.length, 'worker')}: a further one would have nothing to do; raise tasks.max first`,
    cpu === undefined
      ? 'CPU of the workers is not measured: whether they are the limit is not known'
      : cpu >= busy
        ? `the busiest worker uses ${percent(cpu)} of its host's cores: it has none to spare`
        : `the busiest worker uses ${percent(cpu)} of its host's cores: the limit is elsewhere, as far as CPU tells`,
    ...(tasksMax !== undefined && partitions > tasksMax
      ? [
          `${tasksMax} tasks share ${partitions} partitions: tasks.max can still be raised, with or without it`,
        ]
      : []),
  ];
}

function whatItNeeds(snapshot: Snapshot, { connect, version, flows, workers }: Site): readonly Instruction[] {
  const cluster = flows.find(flow => flow.target?.cluster !== undefined)?.target?.cluster;
  const brokers = snapshot.clusters.find(one => one.name === cluster)?.brokers;
  const addresses = brokers && valueOf(brokers)?.map(broker => broker.address);
  const groups = snapshot.groups.filter(group => group.protocol === 'connect' && group.cluster === cluster);
  const [group] = groups;
  const plugins = [...new Set(flows.flatMap(flow => valueOf(flow.config)?.['connector.class'] ?? []))];
  const same = '<as on the other workers>';
  return [
    {
      where: `the new worker of ${connect}: connect-distributed.properties, a copy of another worker's`,
      lines: [
        `group.id=${groups.length === 1 && group !== undefined ? group.group : same}`,
        `bootstrap.servers=${addresses?.slice(0, 3).join(',') ?? same}`,
        ...['config', 'offset', 'status'].map(topic => `${topic}.storage.topic=${same}`),
        `plugin.path=${same}${plugins.length > 0 ? `   # with ${plugins.join(', ')}` : ''}`,
        'rest.advertised.host.name=<its own name, which the other workers must reach>',
      ],
      why:
        `what differs makes it another Connect cluster, or one that cannot run the tasks. ${version === undefined ? 'The same version' : `Version ${version}`}, the same converters, ` +
        'producer.* and consumer.*, override policy and config providers with their secrets. ' +
        `The others are ${workers.map(worker => worker.id.slice(worker.id.indexOf('/') + 1)).join(', ') || 'not known'}.`,
    },
  ];
}

const howItStarts: Instruction = {
  where: 'its host, or what deploys it',
  lines: [
    'bin/connect-distributed.sh -daemon config/connect-distributed.properties',
    'kubectl scale --replicas=<n + 1> …   # Strimzi: spec.replicas of the KafkaConnect or KafkaMirrorMaker2',
  ],
  why: 'one rebalance when it joins: tasks move to it within seconds, and what was written since the last flush is written again',
};

function watch(before: Site, now: Site): readonly Check[] {
  const known = new Set(before.workers.map(worker => worker.id));
  const added = now.workers.filter(worker => !known.has(worker.id));
  const moved = added.reduce((n, worker) => n + worker.tasks, 0);
  const all = now.flows.flatMap(flow => flow.tasks);
  const idle = all.filter(task => task.state !== 'RUNNING');
  const [was, is] = [before, now].map(({ flow }) => flow && valueOf(flow.write.now));
  return [
    {
      what: `a further worker joins: ${before.workers.length} → ${before.workers.length + 1}`,
      is: added.length > 0 ? 'done' : 'open',
      now: `${plural(now.workers.length, 'worker')}${added.length > 0 ? `: ${added.map(worker => worker.id.slice(worker.id.indexOf('/') + 1)).join(', ')} is new` : ''}`,
    },
    {
      what: 'tasks move to it',
      is: moved > 0 ? 'done' : 'open',
      now: `${plural(moved, 'task')} on the new one`,
    },
    {
      what: 'all tasks run',
      is: all.length === 0 ? 'unknown' : idle.length === 0 ? 'done' : 'open',
      now:
        idle.length === 0
          ? `${all.length} of ${all.length} RUNNING`
          : `${idle.length} of ${all.length} do not`,
    },
    {
      what: `${now.flow?.connector ?? 'the flow'} writes more than ${count(was)}/s`,
      is:
        was === undefined || is === undefined
          ? 'unknown'
          : added.length > 0 && is > was * 1.1
            ? 'done'
            : 'open',
      now: is === undefined ? 'write/s is not known' : `${count(is)}/s`,
    },
  ];
}

function busiest(workers: readonly WorkerView[]): number | undefined {
  const known = workers.flatMap(worker => valueOf(worker.processCpu) ?? []);
  return known.length === 0 ? undefined : Math.max(...known);
}
