import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { Clock } from '../core/clock.js';
import { redactText } from '../wire/http/redact-text.js';
import type { Plan, Step } from './plan.js';
import { readUnfinished, type Unfinished } from './unfinished.js';

/** What of a plan a line keeps. */
export type Audited = Pick<Plan, 'id' | 'undoes' | 'playbook' | 'action' | 'target' | 'where' | 'changes'>;

/** Where every step of every change is kept. */
export type Audit = {
  /** Resolves when the line is on the disk; rejects with the reason where it can not be written. */
  append(plan: Audited, step: Step): Promise<void>;
  /** Changes of this context that earlier runs, or other ones, began and did not end; none where nothing can be read. */
  unfinished(): Promise<readonly Unfinished[]>;
};

export type AuditOptions = {
  readonly file: string;
  readonly context: string;
  readonly clock: Clock;
  readonly user?: string;
  readonly host?: string;
};

/**
 * An append-only file of JSON lines, one a step, readable by its owner alone (file 0600, a new directory 0700). Each line
 * is on the disk before the step goes on. A symbolic link is not followed.
 */
export function openAudit({ file, context, clock, user = whoAmI(), host = hostname() }: AuditOptions): Audit {
  return {
    async append(plan, step) {
      const line = JSON.stringify({
        time: new Date(clock.now()).toISOString(),
        user,
        host,
        pid: process.pid,
        context,
        plan: plan.id,
        ...(plan.undoes !== undefined && { undoes: plan.undoes }),
        ...(plan.playbook !== undefined && { playbook: plan.playbook }),
        action: plan.action,
        target: plan.target,
        where: redactText(plan.where),
        changes: plan.changes,
        state: step.state,
        text: redactText(step.text),
        ...(step.effect !== undefined && { effect: step.effect }),
      });
      await appendLine(file, `${line}\n`);
    },
    unfinished: () => readUnfinished(file, { context, host }),
  };
}

/** Each step is on the disk before it is told; where that fails, nothing is begun that is not begun yet. */
export async function* recorded(
  plan: Plan,
  steps: AsyncGenerator<Step, void, undefined>,
  audit: Audit,
  clock: Clock,
): AsyncGenerator<Step, void, undefined> {
  let begun = false;
  for await (const step of steps) {
    const trouble = await audit.append(plan, step).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : 'unknown error'),
    );
    if (trouble === undefined) yield step;
    else if (begun) yield { ...step, text: `${step.text} (the audit file could not be written: ${trouble})` };
    else {
      yield {
        at: clock.now(),
        state: 'refused',
        text: `the audit file can not be written (${trouble}): nothing was changed`,
      };
      return;
    }
    if (step.state === 'applying') begun = true;
  }
}

async function appendLine(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW } = constants;
  const handle = await open(file, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW, 0o600);
  try {
    const { mode, size } = await handle.stat();
    if ((mode & 0o077) !== 0) await handle.chmod(0o600);
    // A line that a kill cut in the middle must not take the next one with it.
    const last = size === 0 ? '\n' : (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString();
    await handle.writeFile(last === '\n' ? line : `\n${line}`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

function whoAmI(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
