import { setTimeout as sleep } from 'node:timers/promises';
import { openRecording } from '../../source/record/recorder.js';
import { hour, Sweeps, sweepInterval, sweepsStart } from '../sweeps.js';

/** In the last five minutes of a recording sweeps are 2 s apart, as kmon makes them. */
export const denseMinutes = 5;
const dense = 2_000;

/** 200 groups, 5,000 partitions and 25,000 group-partitions, of which the lag of every `each`-th group moves. */
export async function makeRecording(file: string, minutes: number, each = 1): Promise<void> {
  const recorder = await openRecording(
    file,
    {
      kmon: 'bench',
      start: sweepsStart,
      context: 'bench',
      interval: sweepInterval,
      site: { clusters: [{ name: 'bench', bootstrap: [] }], connects: [] },
    },
    { maxBytes: 4e9 },
  );
  const sweeps = new Sweeps(hour, each);
  const end = sweepsStart + minutes * 60_000;
  for (let n = 0, at = sweepsStart; at < end; n++) {
    for (const observation of sweeps.sweep(n, at)) recorder.observation(observation);
    recorder.tick({
      at: at + 1_000,
      startedAt: sweepsStart,
      endpoints: [
        {
          name: 'kafka bench',
          kind: 'kafka',
          address: 'broker-0:9092',
          status: { is: 'live', lastAnswer: at + 210 },
        },
      ],
      cost: { requests: 10, seconds: 0.21 },
    });
    at += at < end - denseMinutes * 60_000 ? sweepInterval : dense;
    // The recorder gives up rather than let too much wait for the disk, and says nothing before.
    await sleep(40);
  }
  const ended = await recorder.close();
  if (ended.why !== 'closed') throw new Error(`the recording of the bench: ${ended.why} ${ended.detail}`);
}
