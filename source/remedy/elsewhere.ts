import { inQuotes, quoted } from '../core/shell.js';
import type { FlowView } from '../model/snapshot.js';

type Owner = 'strimzi' | 'file';

/** What to edit where an operator or a file owns the configuration: the patch, with the same keys. */
export function keysElsewhere(
  owner: Owner,
  flow: FlowView,
  keys: Readonly<Record<string, string | null>>,
): readonly string[] {
  if (owner === 'file') {
    const lines = Object.entries(keys).map(([key, value]) =>
      value === null ? `no ${key}` : `${key}=${value}`,
    );
    return [
      `in the file that ${flow.connector} is configured from: ${lines.join(', ')}; apply it your way`,
      ...dedicated(flow, keys),
    ];
  }
  const { 'tasks.max': tasksMax, ...config } = keys;
  const spec = {
    ...(tasksMax !== undefined && { tasksMax: Number(tasksMax) }),
    ...(Object.keys(config).length > 0 && { config }),
  };
  return [
    `kubectl patch kafkaconnector ${quoted(flow.connector)} --type merge -p ${inQuotes(JSON.stringify({ spec }))}`,
    `where it is a KafkaMirrorMaker2: kubectl edit kafkamirrormaker2 NAME, spec.mirrors[].${part(flow)}: ${JSON.stringify(spec)}`,
  ];
}

/** Pause, stop and restart as Strimzi takes them; a file knows none of them. */
export function lifecycleElsewhere(
  owner: Owner,
  flow: FlowView,
  what: { readonly state: string } | { readonly annotation: string },
): readonly string[] {
  if (owner === 'file')
    return [`a ${'state' in what ? what.state : 'restart'} is not part of a file: use what deploys it`];
  const { connector } = flow;
  if ('annotation' in what) {
    return [
      `kubectl annotate kafkaconnector ${quoted(connector)} ${what.annotation}`,
      `where it is a KafkaMirrorMaker2: kubectl annotate kafkamirrormaker2 NAME strimzi.io/restart-connector=${quoted(connector)}`,
    ];
  }
  return [
    `kubectl patch kafkaconnector ${quoted(connector)} --type merge -p ${inQuotes(JSON.stringify({ spec: { state: what.state } }))}`,
    `where it is a KafkaMirrorMaker2: kubectl edit kafkamirrormaker2 NAME, spec.mirrors[].${part(flow)}.state: ${what.state}`,
  ];
}

function part({ kind }: FlowView): string {
  if (kind === 'mirror-checkpoint') return 'checkpointConnector';
  return kind === 'mirror-heartbeat' ? 'heartbeatConnector' : 'sourceConnector';
}

/** mm2.properties of a dedicated MirrorMaker 2 takes overrides by flow, and a restart of its processes. */
function dedicated(
  { source, target }: FlowView,
  keys: Readonly<Record<string, string | null>>,
): readonly string[] {
  if (source === undefined || target === undefined) return [];
  const lines = Object.entries(keys).flatMap(([key, value]) =>
    value === null ? [] : [`${source.alias}->${target.alias}.${key}=${value}`],
  );
  return [`in mm2.properties of a dedicated MirrorMaker 2: ${lines.join(', ')}; then restart its processes`];
}
