/** `duty.ts <lab> <ms stopped> <ms running> <part>…`: stops these parts and lets them go on, in turn, until it is ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { running } from '../processes.js';
import { openLab } from '../site.js';

const [labName = '', stopped = '', runs = '', ...parts] = process.argv.slice(2);
const site = openLab(labName);
/** Turns after which it looks again for the processes: one may have been started anew. */
const lookEvery = 10;

let pids: number[] = [];
const send = (name: NodeJS.Signals): void => {
  for (const pid of pids)
    try {
      process.kill(pid, name);
    } catch {
      // It has ended.
    }
};

const ending = new AbortController();
for (const end of ['SIGTERM', 'SIGINT'] as const) process.once(end, () => ending.abort());

for (let turn = 0; !ending.signal.aborted; turn++) {
  if (turn % lookEvery === 0)
    pids = running(site)
      .filter(({ part }) => parts.includes(part))
      .map(({ pid }) => pid);
  send('SIGSTOP');
  await sleep(Number(stopped));
  send('SIGCONT');
  await sleep(Number(runs));
}
process.exit(0);
