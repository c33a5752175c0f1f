import type { Terminal } from './terminal.js';

/**
 * What fits: an OSC 52 of at most 100,000 bytes is read by most terminals, which leaves 99,992 for the base64 of so many
 * bytes of text. Longer ones are cut or dropped without a word.
 */
export const mostCopied = 74_994;

/** GNU screen drops a string of more than 256 bytes in its older versions, so it gets pieces. */
const screenPiece = 240;

const escape = '\u001b';
const stringEnd = `${escape}\\`;

/**
 * Puts text on the clipboard of the terminal that the user sits at, over SSH too: OSC 52, which goes through what is in
 * between. False where it is too long. Whether the terminal allows it, it does not say.
 */
export function copy({ output, env }: Pick<Terminal, 'output' | 'env'>, text: string): boolean {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > mostCopied) return false;
  output.write(through(env, `${escape}]52;c;${bytes.toString('base64')}\u0007`));
  return true;
}

/**
 * tmux takes the plain sequence where `set-clipboard` is on, and hands on the wrapped one where `allow-passthrough` is: so
 * it gets both. Screen hands on what is wrapped. A `TERM=screen…` of neither is one of them behind an SSH, which does not
 * say which.
 */
function through(env: Terminal['env'], sequence: string): string {
  const term = env['TERM'] ?? '';
  if (env['TMUX'] || term.startsWith('tmux')) return sequence + forTmux(sequence);
  if (env['STY']) return forScreen(sequence);
  return term.startsWith('screen') ? sequence + forScreen(sequence) : sequence;
}

/** Every escape inside is doubled (`allow-passthrough` in tmux(1)). */
function forTmux(sequence: string): string {
  return `${escape}Ptmux;${sequence.replaceAll(escape, escape + escape)}${stringEnd}`;
}

/** What stands between DCS and ST goes to the terminal as it is ("Control Sequences" in screen(1)). */
function forScreen(sequence: string): string {
  let out = '';
  for (let from = 0; from < sequence.length; from += screenPiece)
    out += `${escape}P${sequence.slice(from, from + screenPiece)}${stringEnd}`;
  return out;
}
