/** Loaded into kmon by `node --expose-gc --import`: on SIGUSR2 it collects garbage, and writes what is left to $KMON_BENCH_HEAP. */
import { appendFileSync } from 'node:fs';

process.on('SIGUSR2', () => {
  globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  const line = JSON.stringify({ heapUsed, external, arrayBuffers });
  appendFileSync(process.env['KMON_BENCH_HEAP'] ?? '/dev/null', `${line}\n`);
});
