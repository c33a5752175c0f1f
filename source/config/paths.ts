import { homedir } from 'node:os';
import path from 'node:path';

/** Where kmon keeps things, after the XDG base directory specification. */
export function configPath(env: NodeJS.ProcessEnv): string {
  return env['KMON_CONFIG'] ?? path.join(base(env, 'XDG_CONFIG_HOME', '.config'), 'kmon', 'config.yaml');
}

export function auditPath(env: NodeJS.ProcessEnv): string {
  return path.join(base(env, 'XDG_STATE_HOME', path.join('.local', 'state')), 'kmon', 'audit.jsonl');
}

function base(env: NodeJS.ProcessEnv, variable: string, fallback: string): string {
  const value = env[variable];
  // The specification says that relative paths are invalid and are to be ignored.
  return value !== undefined && path.isAbsolute(value) ? value : path.join(homedir(), fallback);
}
