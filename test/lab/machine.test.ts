import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkMachine } from '../../lab/machine.js';

/** Whether something of a lab runs is told by Linux's `/proc`. */
describe.runIf(process.platform === 'linux')('before a lab is touched', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(`${tmpdir()}/lab-`)));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('a full disk is named, with what is left and what gives some back', async () => {
    const site = { name: 'two', folder, portBase: 40_000 };
    await expect(checkMachine(site, Infinity)).rejects.toThrow(
      new RegExp(`^The disk of ${folder} has [\\d.]+ GB left; .*down --wipe --name NAME$`),
    );
  });

  it('a port that another program holds is named, with the ways out', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const site = { name: 'two', folder, portBase: port };
    await expect(checkMachine(site, 0)).rejects.toThrow(
      new RegExp(`other programs hold its ports: ${port}\\b.*down --wipe --name two$`),
    );
    other.close();
  });
});
