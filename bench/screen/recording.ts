import { setTimeout as sleep } from 'node:timers/promises';
import { openRecording } from '../../source/record/recorder.js';
import { hour, Sweeps, sweepInterval, sweepsStart } from '../sweeps.js';

/** Minutes that a recording of the bench holds; in the last five, sweeps are 2 s apart, as kmon makes them. */
export const recordedMinutes = 60;
/** From here on they are. */
export const denseMinute = 55;
const dense = 2_000;

/** An hour of 200 groups, 5,000 partitions and 25,000 group-partitions, in which every lag moves. */
export async function makeRecording(file: string): Promise<void> {
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
  const sweeps = new Sweeps(hour);
  const end = sweepsStart + recordedMinutes * 60_000;
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
    at += at < sweepsStart + denseMinute * 60_000 ? sweepInterval : dense;
    // The recorder gives up rather than let too much wait for the disk, and says nothing before.
    await sleep(40);
  }
  const ended = await recorder.close();
  if (ended.why !== 'closed') throw new Error(`the recording of the bench: ${ended.why} ${ended.detail}`);
}
