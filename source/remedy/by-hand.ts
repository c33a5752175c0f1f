import { inQuotes } from '../core/shell.js';
import { atLeast } from './version.js';

/** Reads something of a connector, as typed into a shell. */
export function curlGet(url: string, connector: string, rest: '/config' | '/tasks' | '/status'): string {
  return `curl -sS ${inQuotes(pathOf(url, connector, rest))}`;
}

/**
 * Changes some keys and keeps all others: by PATCH where Connect has it (≥ 3.8), else by reading the whole configuration,
 * changing it and putting it back. A bare PUT of the changed keys would replace everything.
 */
export function curlMerge(
  url: string,
  connector: string,
  version: string,
  changes: Readonly<Record<string, string | null>>,
): string {
  const path = inQuotes(pathOf(url, connector, '/config'));
  const json = `-H 'Content-Type: application/json'`;
  if (atLeast(version, 3, 8)) {
    return `curl -sS -X PATCH ${json} -d ${inQuotes(JSON.stringify(changes))} ${path}`;
  }
  const merge = `jq ${inQuotes(`. + ${JSON.stringify(changes)} | with_entries(select(.value != null))`)}`;
  return `curl -sS ${path} | ${merge} | curl -sS -X PUT ${json} -d @- ${path}`;
}

/** Pauses, resumes, stops or restarts something of a connector. */
export function curlSend(method: 'POST' | 'PUT', url: string, connector: string, rest: string): string {
  return `curl -sS -X ${method} ${inQuotes(pathOf(url, connector, rest))}`;
}

function pathOf(url: string, connector: string, rest: string): string {
  return `${url}/connectors/${encodeURIComponent(connector)}${rest}`;
}
