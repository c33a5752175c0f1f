import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Home, end, logTail, running, signal, start } from '../../lab/processes.js';
import { until } from '../../lab/wait.js';

/** A lab's processes are told by Linux's `/proc`. */
describe.runIf(process.platform === 'linux')('the processes of a lab', () => {
  let home: Home;
  let other: Home;

  beforeEach(() => {
    home = newHome();
    other = newHome();
  });
  afterEach(async () => {
    for (const each of [home, other]) {
      await end(each);
      rmSync(each.folder, { recursive: true, force: true });
    }
  });

  const sleeper = (name: string) => ({ name, address: '', command: 'sleep', args: ['60'] });

  it('are started once, found by their mark, and ended without touching those of another lab', async () => {
    start(home, sleeper('a'));
    start(home, sleeper('a'));
    start(home, sleeper('b'));
    start(other, sleeper('a'));
    const stranger = spawn('sleep', ['60']);
    expect(
      running(home)
        .map(({ part }) => part)
        .sort(),
    ).toEqual(['a', 'b']);

    const ended = await end(home, ['a']);
    expect(ended.map(({ part }) => part)).toEqual(['a']);
    expect(running(home).map(({ part }) => part)).toEqual(['b']);

    await end(home);
    expect(running(home)).toEqual([]);
    expect(running(other).map(({ part }) => part)).toEqual(['a']);
    expect(stranger.kill(0)).toBe(true);
    stranger.kill();
  });

  it('are ended even when frozen or deaf to SIGTERM', async () => {
    start(home, sleeper('frozen'));
    start(home, {
      ...sleeper('deaf'),
      command: 'sh',
      args: ['-c', 'trap "" TERM; echo deaf; sleep 60 & wait; sleep 60'],
    });
    await until('the trap', () => logTail(home, 'deaf') === 'deaf', { timeoutMs: 5_000, everyMs: 20 });
    signal(home, 'SIGSTOP', ['frozen']);
    await until('SIGSTOP', () => running(home).some(({ state }) => state === 'stopped'), {
      timeoutMs: 5_000,
    });
    await end(home, undefined, 200);
    expect(running(home)).toEqual([]);
  });

  it('say when they started', async () => {
    const before = Date.now();
    start(home, sleeper('a'));
    const since = running(home)[0]?.since ?? 0;
    // The kernel's boot time is in whole seconds.
    expect(Math.abs(since - before)).toBeLessThan(5_000);
  });
});

function newHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'lab-'));
  return { folder, paths: { logs: folder } };
}
