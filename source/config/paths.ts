import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import path from 'node:path';

/** Where kmon keeps things, after the XDG base directory specification. */
export function configPath(env: NodeJS.ProcessEnv): string {
  return env['KMON_CONFIG'] ?? path.join(base(env, 'XDG_CONFIG_HOME', '.config'), 'kmon', 'config.yaml');
}

export function auditPath(env: NodeJS.ProcessEnv): string {
  return path.join(base(env, 'XDG_STATE_HOME', path.join('.local', 'state')), 'kmon', 'audit.jsonl');
}

/**
 * Where is kept what a run leaves to the next one of the same context: `contexts/eu-us-1f0c6a2b.json`. `identity` tells apart contexts
 * of one name: addresses on the command line may name their clusters alike.
 */
export function statePath(env: NodeJS.ProcessEnv, name: string, identity: readonly string[] = []): string {
  const readable = name
    .replace(/[^A-Za-z0-9._]+/g, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(0, 40);
  const told = createHash('sha256')
    .update(JSON.stringify([name, ...identity]))
    .digest('hex')
    .slice(0, 8);
  const file = `${[readable, told].filter(Boolean).join('-')}.json`;
  return path.join(base(env, 'XDG_STATE_HOME', path.join('.local', 'state')), 'kmon', 'contexts', file);
}

function base(env: NodeJS.ProcessEnv, variable: string, fallback: string): string {
  const value = env[variable];
  // The specification says that relative paths are invalid and are to be ignored.
  return value !== undefined && path.isAbsolute(value) ? value : path.join(homedir(), fallback);
}
