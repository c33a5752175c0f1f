import type { Clock, Millis } from '../core/clock.js';
import { sentence } from '../core/failure.js';
import type { Answer, TaskSeen } from '../core/observation.js';
import type { ConnectLink } from '../wire/connect/link.js';
import type { RawConfig } from '../wire/connect/raw-config.js';
import { readConfig } from '../wire/connect/reads/config.js';
import { readStatus, type ConnectorStatus } from '../wire/connect/reads/status.js';
import { readTasks, type TaskAssignment } from '../wire/connect/reads/tasks.js';

/** After a change the status lists the old tasks for a while: one good reading proves nothing. */
const readingsInARow = 2;
const pause: Millis = 1_000;
const patience: Millis = 120_000;

export type Expected = { readonly config: RawConfig; readonly tasks: number };

export type Verdict =
  | { readonly is: 'verified'; readonly after: Millis }
  | { readonly is: 'failed' | 'stopped'; readonly text: string };

/**
 * Reads until the configuration is what was written, the connector asks for the expected tasks, and exactly these run,
 * twice in a row. Answers that do not come (a rebalance gives 409) are waited for.
 */
export async function verify(
  link: ConnectLink,
  connector: string,
  expected: Expected,
  clock: Clock,
  signal: AbortSignal,
): Promise<Verdict> {
  const started = clock.now();
  let good = 0;
  let last = 'nothing was read yet';
  while (clock.now() - started <= patience) {
    await clock.sleep(pause, signal);
    if (signal.aborted) return { is: 'stopped', text: last };
    const config = await readConfig(link, connector, signal);
    if ('ok' in config) {
      const other = config.ok.differences(expected.config);
      if (other.length > 0) {
        return {
          is: 'failed',
          text: `the configuration is not what was written: ${other.join(', ')} differ`,
        };
      }
    }
    const wrong =
      'failed' in config ? sentence(config.failed) : await notYet(link, connector, expected.tasks, signal);
    if (wrong === undefined) good++;
    else {
      good = 0;
      last = wrong;
    }
    if (good >= readingsInARow) return { is: 'verified', after: clock.now() - started };
  }
  return { is: 'failed', text: `not so after ${patience / 1000} s: ${last}` };
}

async function notYet(
  link: ConnectLink,
  connector: string,
  tasks: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const asked = await readTasks(link, connector, signal);
  const status = await readStatus(link, connector, signal);
  return differs(asked, status, tasks);
}

function differs(
  asked: Answer<readonly TaskAssignment[]>,
  status: Answer<ConnectorStatus>,
  tasks: number,
): string | undefined {
  if ('failed' in asked) return sentence(asked.failed);
  if ('failed' in status) return sentence(status.failed);
  if (asked.ok.length !== tasks) return `the connector asks for ${asked.ok.length} tasks instead of ${tasks}`;
  if (status.ok.state !== 'RUNNING') return `the connector is ${status.ok.state}`;
  const ids = status.ok.tasks.map(task => task.task);
  const exact = ids.length === tasks && ids.every((id, i) => id === i);
  if (!exact) return `tasks ${ids.join(', ') || 'none'} are listed instead of 0…${tasks - 1}`;
  const idle = status.ok.tasks.filter(task => task.state !== 'RUNNING');
  return idle.length === 0 ? undefined : idle.map(stateOf).join(', ');
}

function stateOf({ task, state, trace }: TaskSeen): string {
  return `task ${task} is ${state}${trace === undefined ? '' : ` (${trace})`}`;
}
