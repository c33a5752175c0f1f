import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../lab/lock.js';

/** Abstract sockets are Linux's. */
describe.runIf(process.platform === 'linux')('the lock of a lab', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lab-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lets one in after the other, and says to the second that it waits', async () => {
    const happened: string[] = [];
    const both = ['first', 'second'].map(name =>
      withLock(folder, { onWait: () => happened.push(`${name} waits`) }, async () => {
        happened.push(`${name} begins`);
        await new Promise(resolve => setImmediate(resolve));
        happened.push(`${name} ends`);
      }),
    );
    await Promise.all(both);
    expect(happened).toHaveLength(5);
    expect(happened.filter(what => what.endsWith('waits'))).toHaveLength(1);
    const work = happened.filter(what => !what.endsWith('waits'));
    const [one] = (work[0] ?? '').split(' ');
    expect(work.slice(0, 2)).toEqual([`${one} begins`, `${one} ends`]);
  });

  it('is free again after work that failed', async () => {
    const failing = withLock(folder, { onWait: () => undefined }, () => Promise.reject(new Error('no disk')));
    await expect(failing).rejects.toThrow('no disk');
    expect(await withLock(folder, { onWait: () => expect.unreachable() }, async () => 'in')).toBe('in');
  });

  it('goes with its holder, even one that is killed', async () => {
    const script = `
      import { withLock } from ${JSON.stringify(join(process.cwd(), 'lab/lock.ts'))};
      await withLock(${JSON.stringify(folder)}, { onWait: () => {} }, () => {
        process.stdout.write('held');
        return new Promise(resolve => setInterval(resolve, 60_000));
      });`;
    const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    let waited = false;
    const next = withLock(folder, { onWait: () => (waited = holder.kill('SIGKILL')) }, async () => 'in');
    expect(await next).toBe('in');
    expect(waited).toBe(true);
  });

  it('is another one for another lab', async () => {
    await withLock(folder, { onWait: () => undefined }, () =>
      withLock(`${folder}-2`, { onWait: () => expect.unreachable() }, async () => undefined),
    );
  });
});
