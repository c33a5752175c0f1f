import { readFileSync } from 'node:fs';

/** How busy the host was from now until it is asked, 0…1. */
export function hostCpu(): () => number {
  const before = times();
  return () => {
    const now = times();
    return (now.busy - before.busy) / Math.max(1, now.all - before.all);
  };
}

function times(): { busy: number; all: number } {
  const fields = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').map(Number) ?? [];
  const all = fields.slice(0, 8).reduce((sum, each) => sum + each, 0);
  const idle = (fields[3] ?? 0) + (fields[4] ?? 0);
  return { busy: all - idle, all };
}
