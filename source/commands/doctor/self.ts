import { bytes } from '../../core/units.js';
import type { HistoryView } from '../../model/snapshot.js';
import { colourLevel } from '../../screen/colour.js';
import { drawsAscii, type GlyphChoice } from '../../screen/glyphs.js';
import { whyNoTerminal, type Terminal } from '../../terminal/terminal.js';
import { note, ok, type Check, type Section } from './examination.js';

/** Where the screen has room for every panel. */
const roomy = { columns: 80, rows: 24 };

/** This terminal, as the monitor would find it. A script's pipe is none, and that is no fault. */
export function terminalSection(
  terminal: Pick<Terminal, 'input' | 'output' | 'env'>,
  glyphs: GlyphChoice,
): Section {
  const { output, env } = terminal;
  const none = whyNoTerminal(terminal);
  if (none !== undefined) return { name: 'terminal', about: '', checks: [note('terminal', none)] };
  const { columns, rows } = output;
  return {
    name: 'terminal',
    about: env['TERM'] ?? 'TERM is not set',
    checks: [
      columns >= roomy.columns && rows >= roomy.rows
        ? ok('size', `${columns} × ${rows}`)
        : note('size', `${columns} × ${rows}: below ${roomy.columns} × ${roomy.rows} panels are left out`),
      colours(env),
      drawsAscii(glyphs, env)
        ? note('unicode', `drawn in ASCII, ${whyAscii(glyphs)}: --glyphs unicode draws finer charts`)
        : ok('unicode', 'drawn in Unicode'),
    ],
  };
}

function whyAscii(glyphs: GlyphChoice): string {
  return glyphs === 'ascii' ? 'as it is set' : 'for the locale is not UTF-8';
}

/** How much of this machine the past takes. */
export function memorySection({ kept, left, bytes: now, limit, moments }: HistoryView): Section {
  const says = `history takes ${bytes(now)} now and ${bytes(limit)} at most, for ${kept} partitions`;
  const full = `${says}; ${left} more have no room: the worst are kept`;
  const past = `past moments take ${bytes(moments.bytes)} now and ${bytes(moments.limit)} at most`;
  return {
    name: 'memory',
    about: '',
    checks: [left === 0 ? ok('history', says) : note('history', full), ok('moments', past)],
  };
}

function colours(env: Terminal['env']): Check {
  const level = colourLevel({ env, isTerminal: true });
  if (level === 2) return ok('colour', '256 colours');
  const more = env['TMUX']
    ? `'set -g default-terminal tmux-256color' in tmux.conf gives 256`
    : 'TERM=xterm-256color, where the terminal can, gives 256';
  return note('colour', `${level === 0 ? 'no colours' : '16 colours'}: ${more}`);
}
