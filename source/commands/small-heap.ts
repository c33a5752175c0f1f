import { setFlagsFromString } from 'node:v8';

/**
 * Settings of V8 for a process that stands beside others on a bastion for days (docs/decisions/0012-settings-of-v8.md). To be called before
 * anything else is done.
 */
export function keepHeapSmall(): void {
  // Where new objects are made stays as large as it begins, instead of growing to 48 MB. What a sweep and a tick make is dead at
  // once, so a larger one collects no less; but it stays in memory for good, and lets dead columns, which lie outside of the
  // heap, wait for it to fill.
  setFlagsFromString('--semi-space-growth-factor=1');
  // It is collected by one thread: several cost more to wake than there is to do for them, a twelfth of the CPU of a steady screen.
  setFlagsFromString('--no-parallel-scavenge');
  // All of the heap is collected when it has grown by so much over what is alive, instead of up to three times that. Whatever a tick
  // made and the next one replaced waits for that, and the columns that it holds outside of the heap with it.
  setFlagsFromString('--heap-growing-percent=200');
  // Node 20 compiles a small function with its optimizing compiler as soon as it looks at it. Most of them are arrows within another
  // function, made anew at each tick, whose code is collected with them: three of four compilations, for nothing. Later ones have
  // no such setting, and count calls.
  if (majorOfV8() < 12) setFlagsFromString('--max-bytecode-size-for-early-opt=0');
}

function majorOfV8(): number {
  return Number.parseInt(process.versions.v8, 10);
}
