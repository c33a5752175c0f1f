import type { SimulatedRequest, SimulatedResponse } from '../http/server.js';
import type { SimulatedConnector } from './connector.js';
import type { SimulatedConnect } from './site.js';

type Response = SimulatedResponse | 'never';

/** What a worker says to one request: the part of Connect's REST API that kmon speaks, with its words. */
export function answerRest(site: SimulatedConnect, request: SimulatedRequest): Response {
  const { method, path, contentType } = request;
  // Every resource says that it consumes JSON, and Jersey holds a request to that even where it has no body.
  if (method !== 'GET' && contentType !== '' && !contentType.startsWith('application/json'))
    return error(415, 'HTTP 415 Unsupported Media Type');
  if (path === '/') {
    return ok({ version: site.version, commit: '0123456789abcdef', kafka_cluster_id: site.clusterId });
  }
  if (site.fault === 'rebalancing') return rebalancing;

  const validated = /^\/connector-plugins\/([^/]+)\/config\/validate$/.exec(path);
  if (validated && method === 'PUT') return ok(validation(site, parse(request.body)));
  if (path === '/connector-plugins' && method === 'GET') return ok(plugins(site));
  if (path === '/connectors' && method === 'GET') {
    return ok(listing(site, atLeast(site.version, 2, 3) ? request.query.getAll('expand') : []));
  }

  const [, encoded = '', rest = ''] = /^\/connectors\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  const name = decodeURIComponent(encoded);
  if (name === '') return notFound;
  const connector = site.connectors.get(name);
  if (connector === undefined) return error(404, `Connector ${name} not found`);

  switch (`${method} ${rest}`) {
    case 'GET ':
      return ok(infoOf(connector));
    case 'GET /status':
      return ok(statusOf(connector));
    case 'GET /config':
      return ok(connector.config);
    case 'GET /tasks':
      return ok(tasksOf(connector));
    case 'GET /offsets':
      return atLeast(site.version, 3, 5) ? ok(offsetsOf(connector)) : notFound;
    case 'PUT /config':
      return store(site, connector, parse(request.body));
    case 'PATCH /config':
      if (!atLeast(site.version, 3, 8)) return error(405, 'HTTP 405 Method Not Allowed');
      return store(site, connector, withoutNulls({ ...connector.config, ...parse(request.body) }));
    case 'PUT /pause':
      return command(site, connector, 202, () => connector.enter('PAUSED'));
    case 'PUT /resume':
      return command(site, connector, 202, () => connector.enter('RUNNING'));
    case 'PUT /stop':
      if (!atLeast(site.version, 3, 5)) return notFound;
      return command(site, connector, 204, () => connector.enter('STOPPED'));
    case 'POST /restart': {
      const flag = (name: string): boolean =>
        atLeast(site.version, 3, 0) && request.query.get(name) === 'true';
      const [includeTasks, onlyFailed] = [flag('includeTasks'), flag('onlyFailed')];
      const isPlanned = includeTasks || onlyFailed;
      return command(site, connector, isPlanned ? 202 : 204, () => {
        connector.restart({ includeTasks, onlyFailed });
        return isPlanned ? statusOf(connector) : undefined;
      });
    }
    default: {
      const task = /^POST \/tasks\/(\d+)\/restart$/.exec(`${method} ${rest}`)?.[1];
      if (task === undefined) return notFound;
      if (!connector.tasks().some(({ id }) => id === Number(task)))
        return error(404, `Unknown task: ${name}-${task}`);
      return command(site, connector, 204, () => connector.restartTask(Number(task)));
    }
  }
}

/** Something that the workers begin, and answer before it is done. */
function command(
  site: SimulatedConnect,
  connector: SimulatedConnector,
  status: number,
  begin: () => unknown,
): Response {
  if (site.fault === 'rebalancing-writes') return rebalancing;
  if (site.fault === 'write-times-out') return timedOut;
  const body = begin();
  if (site.fault === 'write-times-out-though-applied') return timedOut;
  if (site.fault === 'write-hangs-though-applied') return 'never';
  return { status, ...(body !== undefined && { body }) };
}

type Body = Readonly<Record<string, string | null>>;

function store(site: SimulatedConnect, connector: SimulatedConnector, config: Body): Response {
  if (site.fault === 'rebalancing-writes') return rebalancing;
  if (site.fault === 'write-times-out') return timedOut;
  const { error_count, configs } = validation(site, config);
  if (error_count > 0) {
    const words = configs.flatMap(({ value }) => value.errors).join('\n');
    return error(
      400,
      `Connector configuration is invalid and contains the following ${error_count} error(s):\n${words}`,
    );
  }
  if (!config['connector.class']) return error(400, 'Connector config contains no connector type');
  connector.reconfigure(withoutNulls(config));
  if (site.fault === 'write-times-out-though-applied') return timedOut;
  if (site.fault === 'write-hangs-though-applied') return 'never';
  return ok(infoOf(connector));
}

function listing(site: SimulatedConnect, expand: readonly string[]): unknown {
  if (expand.length === 0) return [...site.connectors.keys()];
  return Object.fromEntries(
    [...site.connectors.values()].map(connector => [
      connector.name,
      {
        ...(expand.includes('status') && { status: statusOf(connector) }),
        ...(expand.includes('info') && { info: infoOf(connector) }),
      },
    ]),
  );
}

function plugins({ connectors, version }: SimulatedConnect): unknown {
  const classes = [...connectors.values()].map(({ config, type }) => ({
    class: config['connector.class'],
    type,
    version,
  }));
  return classes.filter((one, i) => classes.findIndex(other => other.class === one.class) === i);
}

function statusOf(connector: SimulatedConnector): unknown {
  const tasks = connector.status();
  return {
    name: connector.name,
    connector: {
      state: connector.state,
      worker_id: connector.tasks()[0]?.worker ?? '',
      ...(connector.trace !== undefined && { trace: connector.trace }),
    },
    tasks: tasks.map(({ id, state, worker, trace }) => ({
      id,
      state,
      worker_id: worker,
      ...(trace !== undefined && { trace }),
    })),
    type: connector.type,
  };
}

function infoOf(connector: SimulatedConnector): unknown {
  return {
    name: connector.name,
    config: connector.config,
    tasks: connector.tasks().map(({ id }) => ({ connector: connector.name, task: id })),
    type: connector.type,
  };
}

function tasksOf(connector: SimulatedConnector): unknown {
  return connector.tasks().map(({ id }) => ({
    id: { connector: connector.name, task: id },
    config: {
      ...connector.config,
      ...(connector.replicates !== undefined && {
        'task.assigned.partitions': connector.assigned(id).join(','),
      }),
    },
  }));
}

/** MirrorMaker 2's form of a position, or, of a connector that replicates nothing, some other form. */
function offsetsOf({ positions, replicates }: SimulatedConnector): unknown {
  return {
    offsets: [...positions].flatMap(([topic, offsets]) =>
      offsets.map((offset, partition) =>
        replicates === undefined
          ? { partition: { filename: topic }, offset: { position: offset } }
          : { partition: { cluster: replicates.sourceAlias, topic, partition }, offset: { offset } },
      ),
    ),
  };
}

function validation(
  site: SimulatedConnect,
  config: Body,
): {
  name: string;
  error_count: number;
  configs: { value: { name: string; value: string | null; errors: string[] } }[];
} {
  const configs = Object.entries(config).map(([name, value]) => {
    const said = site.invalid.get(name) ?? builtInFault(name, value);
    return { value: { name, value, errors: said === undefined ? [] : [said.replaceAll('{}', value ?? '')] } };
  });
  const errors = configs.filter(({ value }) => value.errors.length > 0).length;
  return { name: config['connector.class'] ?? '', error_count: errors, configs };
}

function builtInFault(name: string, value: string | null): string | undefined {
  if (name !== 'tasks.max' || /^[1-9]\d*$/.test(value ?? '')) return undefined;
  return 'Invalid value {} for configuration tasks.max: Not a number of type INT';
}

function withoutNulls(config: Body): Record<string, string> {
  return Object.fromEntries(Object.entries(config).flatMap(([k, v]) => (v === null ? [] : [[k, v]])));
}

function parse(body: string): Body {
  return JSON.parse(body) as Body;
}

function ok(body: unknown): SimulatedResponse {
  return { status: 200, body };
}

function error(status: number, message: string): SimulatedResponse {
  return { status, body: { error_code: status, message } };
}

const notFound = error(404, 'HTTP 404 Not Found');
const rebalancing = error(
  409,
  'Cannot complete request because of a conflicting operation (e.g. worker rebalance)',
);
const timedOut = error(
  500,
  'Request timed out. The worker is currently performing multi-property validation',
);

function atLeast(version: string, major: number, minor: number): boolean {
  const [have = 0, haveMinor = 0] = version.split('.').map(Number);
  return have > major || (have === major && haveMinor >= minor);
}
