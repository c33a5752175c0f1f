import { latest } from '../../core/known.js';
import { inQuotes, quoted } from '../../core/shell.js';
import type { QuotaEntity } from '../../core/observation.js';
import type { FlowView, Snapshot } from '../../model/snapshot.js';
import { kafkaCommand } from './kafka-command.js';

/** Commands for someone without kmon's remedies; names are filled in where they are known. */
export function byHandState(flow: FlowView): string[] {
  const url = urlOf(flow);
  return [
    `curl -s ${quoted(`${url}/status`)}`,
    `curl -X POST ${inQuotes(`${url}/restart?includeTasks=true&onlyFailed=true`)}`,
  ];
}

/** PUT replaces the whole configuration, so the present one is read and merged first. */
export function byHandConfig(flow: FlowView, key: string, value: string): string[] {
  const url = quoted(`${urlOf(flow)}/config`);
  return [
    `curl -s ${url} | jq ${inQuotes(`.${JSON.stringify(key)} = ${JSON.stringify(value)}`)} > new.json`,
    `curl -X PUT -H 'Content-Type: application/json' -d @new.json ${url}`,
  ];
}

/** `entity`: whose quota it is, where that is known. */
export function byHandQuota(
  cluster: string | undefined,
  quota: string,
  snapshot: Snapshot,
  entity?: QuotaEntity,
): string[] {
  const configs = kafkaCommand('kafka-configs.sh', cluster, snapshot);
  return [
    `${configs} --describe --entity-type users`,
    `${configs} --describe --entity-type clients`,
    `${configs} --alter --add-config ${quota}=<bytes/s> ${entity ? entityOptions(entity) : '--entity-type users --entity-name <user>'}`,
  ];
}

function entityOptions({ user, clientId }: QuotaEntity): string {
  const option = (type: string, name: string | null | undefined): string[] => {
    if (name === undefined) return [];
    return [`--entity-type ${type} ${name === null ? '--entity-default' : `--entity-name ${quoted(name)}`}`];
  };
  return [...option('users', user), ...option('clients', clientId)].join(' ');
}

function urlOf(flow: FlowView): string {
  const worker = latest(flow.worker)?.value;
  return `http://${worker ?? '<worker>'}/connectors/${encodeURIComponent(flow.connector)}`;
}
