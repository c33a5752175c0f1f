import { width } from './text.js';

/** Numbers in prose: `+3.30k/s`, `34m`, `71`; not those within a name, which do not change. */
const numbers = /(?<![\w./@:]|\w-)\d[\w.]*/g;
/** `99.9k`, `1.21M`, `47h59`. */
const widest = 5;

/**
 * Cells that a text may take as its numbers change, so that what is laid out by it stays as it is: `lag +9/s` takes as many as
 * `lag +3.30k/s`.
 */
export function reservedWidth(text: string): number {
  let more = 0;
  for (const [number] of text.matchAll(numbers)) more += Math.max(0, widest - number.length);
  return width(text) + more;
}
