// Loaded into kmon by `node --expose-gc --require`: on SIGUSR2 it collects garbage and writes what is left to $KMON_BENCH_HEAP.
const { appendFileSync } = require('node:fs');

process.on('SIGUSR2', () => {
  globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  appendFileSync(
    process.env['KMON_BENCH_HEAP'] ?? '/dev/null',
    `${JSON.stringify({ heapUsed, external, arrayBuffers })}\n`,
  );
});
