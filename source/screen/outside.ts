import type { Row } from './row.js';

/** What a screen can ask for outside of kmon. `run.tsx` gives it the terminal's. */
export type Outside = {
  /** False where the text is longer than terminals take. */
  copy(text: string): boolean;
  /** Says where the files are, or why there are none. */
  save(name: string, rows: readonly Row[], columns: number): Promise<string>;
};

/** One of these, as a key asks for it. */
export type Ask =
  { readonly is: 'copy'; readonly what: string; readonly text: string } | { readonly is: 'save' };

export function copyNotice(what: string, text: string, isCopied: boolean): string {
  if (isCopied) return `copied ${what} (if your terminal allows OSC 52)`;
  const size = Math.ceil(new TextEncoder().encode(text).length / 1000);
  return `${what} is too long to copy: ${size} kB, and terminals take 75; S saves the screen to a file`;
}
