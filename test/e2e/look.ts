import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Tmux } from '../support/tmux.js';

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
  { columns: 120, rows: 40 },
];

/**
 * Every size in turn: the frame fills the terminal, nothing is longer than a row, the headline is there. With KMON_CAPTURES=1 the screens
 * are kept in docs/captures/.
 */
export async function look(terminal: Tmux, name: string, headline: RegExp): Promise<void> {
  for (const { columns, rows } of sizes) {
    terminal.resize(columns, rows);
    await sleep(1500);
    const text = await terminal.until(headline, 30);
    const lines = text.split('\n');
    expect(lines).toHaveLength(rows);
    expect(lines[0]).toMatch(/^ kmon lab/);
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.at(-1)).toMatch(/quit/);
    if (process.env['KMON_CAPTURES'] === '1') {
      mkdirSync('docs/captures', { recursive: true });
      writeFileSync(path.join('docs/captures', `${name}-${columns}x${rows}.txt`), `${text.trimEnd()}\n`);
    }
  }
}

/** The row of a view that begins with a name. */
export function row(text: string, name: string): string {
  return text.split('\n').find(line => line.trimStart().replace(/^›/, '').startsWith(name)) ?? '';
}
